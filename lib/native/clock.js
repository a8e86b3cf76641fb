'use strict';
// The clock for durations: it never goes back, and fake timers of tests leave it alone. Node's `perf_hooks` has the same, and takes
// as long to load as a third of this package.

const { uptime } = process;

const performance = {
  /** Milliseconds since the process began. */
  now: () => uptime() * 1000,
};

module.exports = { performance };
