'use strict';
// A heap snapshot as the addon holds it: taking one, the progress that V8 reported meanwhile, and what its text begins with.

const { getEnvironment } = require('./environment');
const { native } = require('./errors');

/** The counts in the header of a snapshot's text, which is short. */
const COUNTS = /"node_count":(\d+),"edge_count":(\d+)/;
const HEADER_LIMIT = 8192;

/** The numbers of nodes and edges that the begin of a text tells; undefined where it does not. */
function countsOf(begin) {
  const [nodes, edges] = (COUNTS.exec(begin.toString('latin1', 0, HEADER_LIMIT)) || []).slice(1).map(Number);
  return { nodes, edges };
}

/** Takes a snapshot natively, with the options `exposeInternals` and `exposeNumericValues`. */
function takeNative(options = { __proto__: null }, environment = getEnvironment()) {
  return native(() => environment.takeSnapshot(options));
}

/** Calls `control(done, total)` with what V8 reported during the walk. */
function replayProgress(taken, control) {
  const progress = taken.takeProgress();
  for (let at = 0; at < progress.length; at += 2) control(progress[at], progress[at + 1]);
}

module.exports = { HEADER_LIMIT, countsOf, replayProgress, takeNative };
