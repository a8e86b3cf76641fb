'use strict';
// `rs-profiler/jest`: matchers of leaks and allocations. Loaded where `expect` is a global, or in a Jest without globals, it extends
// it; elsewhere the matchers are given to `expect.extend()` by the caller.

const { toAllocateLessThan } = require('./lib/jest/allocation');
const { findExpect } = require('./lib/jest/expect');
const { settleOutstanding, toLeak } = require('./lib/jest/leak');

findExpect()?.extend({ toAllocateLessThan, toLeak });
try {
  globalThis.afterEach?.(settleOutstanding);
} catch {
  // Loaded within a test, where hooks cannot be defined.
}

module.exports = { toAllocateLessThan, toLeak };
