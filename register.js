'use strict';
// `node --require rs-profiler/register`, or `--import`: captures by condition and by signal, for services whose code is not touched.
// What to do is said in RS_PROFILER_OPTIONS.

const profiler = require('./index.js');
const { register } = require('./lib/register');

// It can be loaded twice in a thread, by NODE_OPTIONS and on the command line; so can another copy of the package.
const LOADED = Symbol.for('rs-profiler.register');
if (!globalThis[LOADED]) {
  Object.defineProperty(globalThis, LOADED, { value: true });
  register(profiler.watch, process.env.RS_PROFILER_OPTIONS);
}
