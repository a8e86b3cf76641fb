'use strict';
// The one place that decides who does the captures with promises: the native parts, or Node's own.

const { describe } = require('./environment');
const { withMore } = require('./errors');
const { inspectorRefusal } = require('./inspector');

const NATIVE = 'The native parts of rs-profiler are loaded.';
/** Without these Node's own parts step in; other errors are no answer to who can. */
const MISSING = ['ERR_RS_PROFILER_NATIVE_MISSING', 'ERR_RS_PROFILER_UNSUPPORTED_NODE'];
/** What of Node does it, by kind of capture, and why it cannot. */
const SOURCES = {
  snapshot: { name: 'node:v8', refusal: () => undefined },
  cpu: { name: 'node:inspector', refusal: inspectorRefusal },
  sampling: { name: 'node:inspector', refusal: inspectorRefusal },
};

/**
 * @param {'snapshot' | 'cpu' | 'sampling'} kind
 * @returns {{ engine: 'native' | 'node', engineReason: string }} the reason is a sentence or two
 * @throws {Error} ERR_RS_PROFILER_NATIVE_MISSING, ERR_RS_PROFILER_UNSUPPORTED_NODE when neither can
 */
function decideEngine(kind) {
  const { error } = describe();
  if (!error) return { engine: 'native', engineReason: NATIVE };
  if (!MISSING.includes(error.code)) throw error;
  const { name, refusal } = SOURCES[kind];
  const refused = refusal();
  if (refused) throw withMore(error, refused);
  return { engine: 'node', engineReason: `${name} takes the place of the native parts. ${error.message}` };
}

/** The same for `capabilities`: never throws. */
function describeEngine(kind) {
  try {
    const { engine, engineReason } = decideEngine(kind);
    return engine === 'native' ? { engine } : { engine, reason: engineReason };
  } catch ({ message }) {
    return { engine: null, reason: message };
  }
}

module.exports = { decideEngine, describeEngine };
