'use strict';
// The progress of a snapshot, as its caller hears it: it does not go back when another child begins anew.

const { replayProgress } = require('../native/heap-snapshot');

/**
 * Passes on what goes forward. A phase is brought to its end before the next one begins.
 * @param {Function | undefined} onProgress the caller's
 */
function forwardOnly(onProgress) {
  if (!onProgress) return undefined;
  let last = { phase: 'walk', done: 0, total: 0 };
  const pass = (progress) => {
    last = progress;
    // The caller may keep or change what it gets.
    onProgress({ ...progress });
  };
  return ({ phase, done, total }) => {
    if (phase !== last.phase) {
      if (phase === 'walk') return;
      const end = Math.max(last.done, last.total);
      if (last.done < end) pass({ phase: last.phase, done: end, total: end });
    } else if (done < last.done) {
      // What is done is all there is, and it is less than another child had.
      if (done === total) pass({ phase, done: last.done, total: last.done });
      return;
    }
    pass({ phase, done, total });
  };
}

/** Tells what V8 reported of a walk, if anybody wants to hear it. */
function tellWalk(taken, onProgress) {
  if (onProgress) replayProgress(taken, (done, total) => onProgress({ phase: 'walk', done, total }));
}

module.exports = { forwardOnly, tellWalk };
