'use strict';
// Garbage collection on demand, without flags on the command line, and what has to happen before it finds everything.

const v8 = require('v8');
const vm = require('vm');
// Taken at load: fake timers replace the globals and the module's members later.
const { setImmediate: nextTurn, setTimeout: wait } = require('timers');
const { makeError } = require('../errors');

/** Turns of the event loop in which promises, immediates and finalizers of the calls come to their end. */
const TURNS = 3;

let collectNow;
let checkpoint;

function findCollector() {
  if (typeof globalThis.gc === 'function') return globalThis.gc;
  v8.setFlagsFromString('--expose-gc');
  try {
    return vm.runInNewContext('gc');
  } catch (error) {
    throw makeError('INTERNAL', `The garbage collector cannot be reached (${error.message}). Run Node with --expose-gc.`);
  } finally {
    v8.setFlagsFromString('--no-expose-gc');
  }
}

/**
 * A context with a microtask queue of its own. The end of a script in it is the end of a job for V8, and lets go of what
 * `new WeakRef` and `deref` keep alive until then; the microtasks of the caller stay where they are.
 */
function makeCheckpoint() {
  const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
  const script = new vm.Script('0');
  return () => script.runInContext(context);
}

function collectOnce() {
  collectNow ??= findCollector();
  checkpoint ??= makeCheckpoint();
  checkpoint();
  collectNow();
}

/**
 * Collects everything that is garbage now. Twice: the second waits for the sweeper of the first, which frees the memory of
 * ArrayBuffers, and takes what only the first made unreachable.
 */
function collect() {
  collectOnce();
  collectNow();
}

/** Lets the event loop turn, waits for timers that are due in `forMs`, and collects; what finalizers free is taken as well. */
async function settle(forMs = 0) {
  if (forMs > 0) await new Promise((resolve) => wait(resolve, forMs));
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => nextTurn(resolve));
  collectOnce();
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => nextTurn(resolve));
  collect();
}

module.exports = { collect, settle };
