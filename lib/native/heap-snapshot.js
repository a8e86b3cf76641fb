'use strict';
// A heap snapshot as the addon holds it: taking one, and the progress that V8 reported meanwhile.

const { getEnvironment } = require('./environment');
const { native } = require('./errors');

/** Takes a snapshot natively, with the options `exposeInternals` and `exposeNumericValues`. */
function takeNative(options = { __proto__: null }, environment = getEnvironment()) {
  return native(() => environment.takeSnapshot(options));
}

/** Calls `control(done, total)` with what V8 reported during the walk. */
function replayProgress(taken, control) {
  const progress = taken.takeProgress();
  for (let at = 0; at < progress.length; at += 2) control(progress[at], progress[at + 1]);
}

module.exports = { replayProgress, takeNative };
