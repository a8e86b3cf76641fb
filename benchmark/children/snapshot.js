'use strict';

/**
 * One heap snapshot to a file, on a heap of a given size: the stop, the CPU and the memory of taking, exporting, deleting.
 *
 * The first `fs.createWriteStream` of a process makes Node load a dozen modules of its own, 5 to 15 ms, as much as a whole
 * export of ours. With `streamsLoaded` every form finds them loaded, as in a program that has written a file before.
 */

const { once } = require('events');
const fs = require('fs');
const { answer } = require('../lib/child');
const { inspectSnapshot } = require('../lib/files');
const { fill } = require('../lib/heap');
const { observe } = require('../lib/main-thread');
const { watchPeak } = require('../lib/memory');
const { SNAPSHOT_FORMS } = require('../lib/snapshot-forms');

/** Writes another file through a stream. */
async function loadStreams(file) {
  const stream = fs.createWriteStream(file);
  stream.end('text');
  await once(stream, 'close');
  fs.rmSync(file);
}

async function measureSplit(subject, file, observed) {
  const before = watchPeak();
  const take = await observe(() => subject.take(), observed);
  const takePeak = before.above();
  // V8 collects twice before the walk and means to do so once more some eight seconds later, which is in the middle of the
  // export of a large heap or not, as it happens. It belongs to the taking: done now, for every form.
  global.gc();
  const afterTake = watchPeak();
  const write = await observe(() => subject.write(file), observed);
  const writePeak = afterTake.above();
  const removal = await observe(() => subject.delete(), observed);
  return {
    takeMs: take.wallMs,
    exportStopMs: write.longestStopMs,
    exportStoppedMs: write.stoppedMs,
    exportCpuMs: write.cpuMs,
    exportWallMs: write.wallMs,
    exportPeakBytes: writePeak,
    deleteMs: removal.wallMs,
    stopMs: Math.max(take.longestStopMs, write.longestStopMs),
    stoppedMs: take.stoppedMs + write.stoppedMs,
    cpuMs: take.cpuMs + write.cpuMs,
    wallMs: take.wallMs + write.wallMs,
    peakBytes: Math.max(takePeak, afterTake.start - before.start + writePeak),
  };
}

async function measureWhole(subject, file, observed) {
  const before = watchPeak();
  const whole = await observe(() => subject.whole(file), observed);
  return {
    stopMs: whole.longestStopMs,
    stoppedMs: whole.stoppedMs,
    cpuMs: whole.cpuMs,
    wallMs: whole.wallMs,
    peakBytes: before.above(),
  };
}

answer(async ({ form, module, file, megabytes, manyTexts, streamsLoaded, observed }) => {
  const kept = megabytes > 0 ? fill(megabytes, manyTexts) : undefined;
  const { split, open } = SNAPSHOT_FORMS[form];
  const subject = open(require(module));
  if (streamsLoaded) await loadStreams(`${file}.before`);
  try {
    const figures = await (split ? measureSplit : measureWhole)(subject, file, observed);
    const { bytes, nodes } = inspectSnapshot(file);
    return { ...figures, fileBytes: bytes, nodes, kept: kept ? kept.length : 0 };
  } finally {
    fs.rmSync(file, { force: true });
  }
});
