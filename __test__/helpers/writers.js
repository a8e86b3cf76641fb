'use strict';

/** The calls that write files, in one shape. Required, by path, by child processes. */

/** By extension: `(path, options) => promise`. */
function writersOf(profiler) {
  const capture = (name) => (path, options) => profiler[name]({ durationMs: 5, ...(path === undefined ? {} : { path }), ...options });
  return {
    heapsnapshot: (path, options) => profiler.writeHeapSnapshot(path, options),
    cpuprofile: capture('captureCpuProfile'),
    heapprofile: capture('captureSamplingHeapProfile'),
  };
}

module.exports = { writersOf, file: __filename };
