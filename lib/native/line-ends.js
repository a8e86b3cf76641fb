'use strict';
// V8 of Node 18 and 20 looks for the line ends of a script once per closure of a snapshot, unless they were looked for
// before: with one script of 9 MB loaded a snapshot takes 20 s instead of 0.4 s, and 120 000 closures of a script of 120 KB
// add seconds. A CPU profile that is started and stopped makes V8 find and keep them. That costs tens of milliseconds for a
// small heap, hundreds for a large one; no figure that V8 gives tells beforehand whether it will pay.

const { native } = require('./errors');

const NEEDED = ['108', '115'].includes(process.versions.modules);

/** Makes V8 cache the line ends of all scripts, if this V8 needs it. */
function cacheLineEnds(environment) {
  if (NEEDED && !environment.isWarm()) native(() => environment.cacheLineEnds());
}

module.exports = { cacheLineEnds };
