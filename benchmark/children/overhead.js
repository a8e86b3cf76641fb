'use strict';

/** What a running CPU profile takes from the program, and how many samples it delivers: a fixed amount of work under it. */

const fs = require('fs');
const { answer } = require('../lib/child');
const { CPU_FORMS } = require('../lib/cpu-forms');
const { inspectCpuProfile } = require('../lib/files');
const { cpuTime, now, sleep } = require('../lib/main-thread');
const { WORKLOADS, runFor } = require('../lib/workload');

answer(async ({ form, module, file, intervalUs, rounds }) => {
  const work = WORKLOADS.service();
  runFor(work, 300);
  const subject = form === 'none' ? undefined : CPU_FORMS[form].open(require(module));
  if (subject) {
    subject.configure(intervalUs);
    subject.start(file);
  }
  const started = now();
  await sleep(20);
  const cpu = cpuTime();
  const whole = process.cpuUsage();
  const begin = now();
  for (let i = 0; i < rounds; i++) work();
  const wallMs = now() - begin;
  const cpuMs = cpuTime() - cpu;
  const { user, system } = process.cpuUsage(whole);
  const figures = { wallMs, cpuMs, processCpuMs: (user + system) / 1000, roundsPerSecond: rounds / wallMs * 1000 };
  if (!subject) return figures;
  const profiledMs = now() - started;
  await subject.stopAndWrite(file);
  const { samples } = inspectCpuProfile(file);
  fs.rmSync(file, { force: true });
  return { ...figures, samples, samplesPerSecond: samples / profiledMs * 1000 };
});
