'use strict';

/**
 * What CI leaves out on the Nodes of the matrix other than its own, so that it has time for all of them: what one Node shows for
 * all, because it is a matter of JavaScript, files or signals and not of V8. `npm run test:matrix` runs everything on every Node.
 */

const IS_BRIEF = Boolean(process.env.RS_PROFILER_BRIEF);

/** Whole files, below `__test__/v8`. */
const LEFT_OUT = Object.freeze([
  // The file system.
  'paths', 'paths-existing', 'write-heap-snapshot-failures',
  // Names, arguments, options and signals.
  'cleanup-limit', 'fork/heapdump', 'hazards/junk-arguments', 'hazards/own-signals', 'heapdump', 'options', 'sampling-interval',
  // Streams of other people.
  'cpu-profile-export', 'heap-analysis', 'receivers-events', 'receivers-faulty', 'snapshot-receivers',
  // Built-in objects that others changed, and modules that are loaded twice.
  'surroundings', 'two-copies',
]);

/** The cases of a test: where time is short only the first, which must be the one that differs most from Node to Node. */
function casesOf(...cases) {
  return IS_BRIEF ? cases.slice(0, 1) : cases;
}

module.exports = { IS_BRIEF, LEFT_OUT, casesOf };
