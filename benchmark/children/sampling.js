'use strict';

/** One sampling heap profile in a bare process: start, some allocation, stop and export to a file. */

const fs = require('fs');
const { answer } = require('../lib/child');
const { observe } = require('../lib/main-thread');
const { watchPeak } = require('../lib/memory');
const { SAMPLING_FORMS } = require('../lib/sampling-forms');

answer(async ({ form, module, file, observed }) => {
  const subject = SAMPLING_FORMS[form].open(require(module));
  try {
    const before = watchPeak();
    const start = await observe(() => subject.start(), observed);
    const kept = Array.from({ length: 200000 }, (_, i) => ({ i, text: `n${i}` }));
    // The collections that this allocation sets off are not the profiler's, and they come at other times in each process.
    globalThis.gc();
    const stop = await observe(() => subject.stopAndWrite(file), observed);
    const text = fs.readFileSync(file, 'utf8');
    if (!JSON.parse(text).head) throw new Error('the profile has no head');
    return {
      totalMs: start.wallMs + stop.wallMs,
      totalCpuMs: start.cpuMs + stop.cpuMs,
      stopMs: Math.max(start.longestStopMs, stop.longestStopMs),
      peakBytes: before.above(),
      fileBytes: text.length,
      kept: kept.length,
    };
  } finally {
    fs.rmSync(file, { force: true });
  }
});
