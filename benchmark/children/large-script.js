'use strict';

/** The stop of a heap snapshot when one very large script is loaded. */

const fs = require('fs');
const { answer } = require('../lib/child');
const { inspectSnapshot } = require('../lib/files');
const { observe } = require('../lib/main-thread');
const { SNAPSHOT_FORMS } = require('../lib/snapshot-forms');

answer(async ({ form, module, script, file, observed }) => {
  const subject = SNAPSHOT_FORMS[form].open(require(module));
  const kept = require(script);
  try {
    const whole = await observe(() => subject.whole(file), observed);
    const { bytes, nodes } = inspectSnapshot(file);
    return { stopMs: whole.longestStopMs, cpuMs: whole.cpuMs, wallMs: whole.wallMs, fileBytes: bytes, nodes, kept: Object.keys(kept).length };
  } finally {
    fs.rmSync(file, { force: true });
  }
});
