'use strict';

/** How long the call that starts a CPU profile takes, in a given program, cold or warm. */

const fs = require('fs');
const { answer } = require('../lib/child');
const { CPU_FORMS } = require('../lib/cpu-forms');
const { fill } = require('../lib/heap');
const { now, sleep } = require('../lib/main-thread');

/** The service is loaded only where it is wanted: the others are to stay bare. */
const PROGRAMS = {
  bare: () => undefined,
  service: () => require('../lib/service').serve(500),
  heap: ({ megabytes }) => fill(megabytes),
};

answer(async (job) => {
  const { form, module, file } = job;
  const loaded = require(module);
  const kept = await PROGRAMS[job.program](job);
  const { open, warm } = CPU_FORMS[form];
  const subject = open(loaded);
  subject.configure(1000);
  const figures = { kept: kept !== undefined };
  if (warm) {
    const begin = now();
    await warm(loaded);
    figures.warmUpMs = now() - begin;
  }
  await sleep(50);
  const begin = now();
  subject.start(file);
  figures.startMs = now() - begin;
  await sleep(10);
  await subject.stopAndWrite(file);
  fs.rmSync(file, { force: true });
  return figures;
});
