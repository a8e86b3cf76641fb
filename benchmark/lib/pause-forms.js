'use strict';

/**
 * The ways to get a heap snapshot into a file, as one call each: `open(module)` gives `whole(file)`, which says where the
 * file is and what the profiler itself says about the stop.
 */

const { SNAPSHOT_FORMS } = require('./snapshot-forms');

function forked(options) {
  return (profiler) => ({
    async whole(file) {
      const { path, pauseMs, isolation } = await profiler.writeHeapSnapshot(file, { isolation: 'fork', ...options });
      return { path, pauseMs, isolation };
    },
  });
}

/** A form of `SNAPSHOT_FORMS`; the one that keeps taking and exporting apart does all three steps. */
function inOne({ split, open }) {
  return (module) => {
    const subject = open(module);
    return {
      async whole(file) {
        if (split) {
          subject.take();
          await subject.write(file);
          subject.delete();
        } else {
          await subject.whole(file);
        }
        return { path: file };
      },
    };
  };
}

const PAUSE_FORMS = Object.freeze({
  ours: { label: 'rs-profiler, forked', package: 'rs-profiler', open: forked({}) },
  'ours-gzip': { label: 'rs-profiler, forked, gzip', package: 'rs-profiler', gzip: true, open: forked({ compress: 'gzip' }) },
  'ours-stable': { label: 'rs-profiler, forked, stable ids', package: 'rs-profiler', open: forked({ stableIds: true }) },
  v8: { label: 'v8.writeHeapSnapshot', package: 'node:v8', open: inOne(SNAPSHOT_FORMS.v8) },
  vpn: { label: 'v8-profiler-next', package: 'v8-profiler-next', open: inOne(SNAPSHOT_FORMS.vpn) },
  heapdump: { label: 'heapdump', package: 'heapdump', open: inOne(SNAPSHOT_FORMS.heapdump) },
});

module.exports = { PAUSE_FORMS };
