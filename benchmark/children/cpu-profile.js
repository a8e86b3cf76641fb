'use strict';

/** One CPU profile: start, a workload for a given time, stop and export to a file, delete. */

const fs = require('fs');
const { answer } = require('../lib/child');
const { CPU_FORMS } = require('../lib/cpu-forms');
const { inspectCpuProfile } = require('../lib/files');
const { observe, sleep } = require('../lib/main-thread');
const { watchPeak } = require('../lib/memory');
const { WORKLOADS, collectMany, runFor } = require('../lib/workload');

/** Fills the running profile: a workload for some time, or a number of samples collected one by one. */
async function profiled({ workload, durationMs, samples, perSecond }, collector) {
  if (collector === undefined) {
    runFor(WORKLOADS[workload](), durationMs);
  } else {
    collectMany(collector.collectSample, samples, perSecond);
    // V8's thread may still be taking in the last of them.
    await sleep(1000);
  }
}

answer(async (job) => {
  const { form, module, file, intervalUs } = job;
  // Loaded before the start in every form: V8 then knows its functions in all of them.
  const collector = job.collector === undefined ? undefined : require(job.collector);
  const subject = CPU_FORMS[form].open(require(module));
  subject.configure(intervalUs);
  try {
    const start = await observe(() => subject.start(file), job.observed);
    await profiled(job, collector);
    const before = watchPeak();
    const stop = await observe(() => subject.stopAndWrite(file), job.observed);
    const peakBytes = before.above();
    // Deleting may go on after the call: what follows within a second belongs to it.
    const removal = await observe(() => {
      subject.delete();
      return sleep(1000);
    }, job.observed);
    const { bytes, samples, nodes } = inspectCpuProfile(file);
    return {
      startMs: start.longestStopMs,
      stopMs: stop.longestStopMs,
      stoppedMs: stop.stoppedMs,
      cpuMs: stop.cpuMs,
      wallMs: stop.wallMs,
      totalMs: start.wallMs + stop.wallMs,
      totalCpuMs: start.cpuMs + stop.cpuMs,
      peakBytes,
      deleteStopMs: removal.longestStopMs,
      fileBytes: bytes,
      samples,
      nodes,
    };
  } finally {
    fs.rmSync(file, { force: true });
  }
});
