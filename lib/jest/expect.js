'use strict';
// The `expect` of the test framework that loads us.

/** @returns {{ extend: Function } | undefined} undefined where there is none to be found */
function findExpect() {
  if (typeof globalThis.expect?.extend === 'function') return globalThis.expect;
  // Jest with `injectGlobals: false` gives it to whoever asks, from anywhere in its sandbox.
  if (typeof globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] === 'undefined' && !process.env.JEST_WORKER_ID) return undefined;
  try {
    return require('@jest/globals').expect;
  } catch {
    return undefined;
  }
}

module.exports = { findExpect };
