'use strict';

/**
 * The same work under our profile, under the inspector's and without one (twice, to know what chance does), block after block in
 * one process: two processes differ from one another by more than a profile costs.
 */

const fs = require('fs');
const { answer } = require('../lib/child');
const { CPU_FORMS } = require('../lib/cpu-forms');
const { cpuTime, sleep } = require('../lib/main-thread');
const { median } = require('../lib/statistics');
const { WORKLOADS, runFor } = require('../lib/workload');

async function block(subject, work, rounds, file) {
  global.gc();
  if (subject) subject.start(file);
  // Longer than the kernel's tick, at which it brings the thread's CPU time up to date.
  await sleep(20);
  const begin = cpuTime();
  for (let i = 0; i < rounds; i++) work();
  const spent = cpuTime() - begin;
  if (!subject) return spent;
  await subject.stopAndWrite(file);
  fs.rmSync(file, { force: true });
  if (subject.forget) subject.forget();
  return spent;
}

answer(async ({ module, file, intervalUs, rounds, blocks }) => {
  const work = WORKLOADS.service();
  const subjects = {
    none: undefined, ours: CPU_FORMS.ours.open(require(module)), control: undefined, inspector: CPU_FORMS.inspector.open(require('inspector')),
  };
  subjects.ours.forget = () => subjects.ours.delete();
  for (const key of ['ours', 'inspector']) subjects[key].configure(intervalUs);
  runFor(work, 1000);
  const spent = { none: [], ours: [], control: [], inspector: [] };
  const keys = Object.keys(spent);
  for (let i = 0; i < blocks; i++) {
    const turned = keys.map((_, at) => keys[(at + (i >> 1)) % keys.length]);
    // Every second time backwards: none always follows the same other.
    for (const key of i % 2 ? turned.reverse() : turned) spent[key].push(await block(subjects[key], work, rounds, file));
  }
  const ratio = (one, other) => median(spent[one].map((value, at) => value / spent[other][at]));
  return {
    noneMs: median(spent.none), oursMs: median(spent.ours), inspectorMs: median(spent.inspector),
    toInspector: ratio('ours', 'inspector'), oursToNone: ratio('ours', 'none'), inspectorToNone: ratio('inspector', 'none'),
    control: ratio('control', 'none'),
  };
});
