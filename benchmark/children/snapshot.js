'use strict';

/** One heap snapshot to a file, on a heap of a given size: the stop, the CPU and the memory of taking, exporting, deleting. */

const fs = require('fs');
const { answer } = require('../lib/child');
const { inspectSnapshot } = require('../lib/files');
const { fill } = require('../lib/heap');
const { observe } = require('../lib/main-thread');
const { watchPeak } = require('../lib/memory');
const { SNAPSHOT_FORMS } = require('../lib/snapshot-forms');

async function measureSplit(subject, file) {
  const before = watchPeak();
  const take = await observe(() => subject.take());
  const takePeak = before.above();
  const afterTake = watchPeak();
  const write = await observe(() => subject.write(file));
  const writePeak = afterTake.above();
  const removal = await observe(() => subject.delete());
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

async function measureWhole(subject, file) {
  const before = watchPeak();
  const whole = await observe(() => subject.whole(file));
  return {
    stopMs: whole.longestStopMs,
    stoppedMs: whole.stoppedMs,
    cpuMs: whole.cpuMs,
    wallMs: whole.wallMs,
    peakBytes: before.above(),
  };
}

answer(async ({ form, module, file, megabytes, manyTexts }) => {
  const kept = megabytes > 0 ? fill(megabytes, manyTexts) : undefined;
  const { split, open } = SNAPSHOT_FORMS[form];
  const subject = open(require(module));
  try {
    const figures = await (split ? measureSplit : measureWhole)(subject, file);
    const { bytes, nodes } = inspectSnapshot(file);
    return { ...figures, fileBytes: bytes, nodes, kept: kept ? kept.length : 0 };
  } finally {
    fs.rmSync(file, { force: true });
  }
});
