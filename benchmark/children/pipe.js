'use strict';

/** A heap snapshot on its way to a stream, or a file of the same text beside one: memory and main thread of the transfer alone. */

const fs = require('fs');
const { answer } = require('../lib/child');
const { inspectSnapshot } = require('../lib/files');
const { fill } = require('../lib/heap');
const { observe } = require('../lib/main-thread');
const { watchPeak } = require('../lib/memory');
const { PIPE_FORMS } = require('../lib/pipe-forms');

answer(async ({ form, module, file, source, keepAs, megabytes, listening }) => {
  const kept = fill(megabytes);
  const subject = PIPE_FORMS[form].open(require(module), source);
  subject.take();
  let received = 0;
  const onData = listening ? (chunk) => { received += chunk.length; } : undefined;
  try {
    let before = watchPeak();
    const transfer = await observe((again) => {
      const begin = () => {
        before = watchPeak();
        again();
      };
      begin();
      return subject.send(file, { onData, begin });
    });
    const peakBytes = before.above();
    const { bytes } = inspectSnapshot(file);
    if (listening && received === 0) throw new Error('the listener was not called');
    if (keepAs) fs.renameSync(file, keepAs);
    return {
      stopMs: transfer.longestStopMs,
      stoppedMs: transfer.stoppedMs,
      cpuMs: transfer.cpuMs,
      wallMs: transfer.wallMs,
      peakBytes,
      fileBytes: bytes,
      kept: kept.length,
    };
  } finally {
    fs.rmSync(file, { force: true });
  }
});
