'use strict';

/**
 * The ways in which a snapshot may be taken, for tests that must hold for each.
 */

const { IS_BRIEF } = require('./brief');

/** Where time is short, `inline` is left to the tests of takeSnapshot and heapdump, which walk the heap in the same way. */
const ISOLATIONS = IS_BRIEF ? ['fork'] : ['fork', 'inline'];

/** A function to be run in a child, where snapshots are then taken so by default. */
function inIsolation(isolation, fn) {
  const choose = isolation === 'inline' ? "process.env.RS_PROFILER_FORK = '0'" : 'delete process.env.RS_PROFILER_FORK';
  return { toString: () => `(context) => { ${choose}; return (${fn})(context); }` };
}

module.exports = { ISOLATIONS, inIsolation };
