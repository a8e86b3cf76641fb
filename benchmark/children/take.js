'use strict';

/** How long the taking of a heap snapshot stops the thread, nothing exported: in a bare process or with many closures. */

const { answer } = require('../lib/child');
const { LOADERS, closureSource } = require('../lib/closures');
const { observe } = require('../lib/main-thread');
const { PIPE_FORMS } = require('../lib/pipe-forms');

answer(async ({ form, module, file, loader, closures, warm }) => {
  const loaded = require(module);
  const source = loader && closureSource(closures);
  const kept = loader && LOADERS[loader](source, `${file}.js`);
  if (warm) loaded.warmUp();
  const subject = PIPE_FORMS[form].open(loaded);
  const { longestStopMs, cpuMs, wallMs } = await observe(() => subject.take());
  return { stopMs: longestStopMs, cpuMs, wallMs, sourceBytes: source && source.length, kept: kept && kept.length };
});
