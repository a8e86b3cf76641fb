'use strict';
// A heap snapshot as the addon holds it: taking one, and the progress that V8 reported meanwhile.

const { getEnvironment } = require('./environment');
const { native } = require('./errors');
const { cacheLineEnds } = require('./line-ends');

/** Takes a snapshot natively. */
function takeNative({ exposeInternals = false, exposeNumericValues = false } = {}) {
  const environment = getEnvironment();
  cacheLineEnds(environment);
  return native(() => environment.takeSnapshot(exposeInternals, exposeNumericValues));
}

/** Calls `control(done, total)` with what V8 reported, ending with done === total. */
function replayProgress(taken, control) {
  const progress = taken.takeProgress();
  let last;
  for (let at = 0; at < progress.length; at += 2) {
    last = [progress[at], progress[at + 1]];
    control(last[0], last[1]);
  }
  if (!last || last[0] !== last[1]) {
    const total = last ? last[1] : taken.nodesCount();
    control(total, total);
  }
}

module.exports = { replayProgress, takeNative };
