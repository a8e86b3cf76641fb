'use strict';
// What a caller passes as `signal`: an AbortSignal of any realm, or something that does what one does.

const { invalidArgument } = require('../native/errors');

const METHODS = ['addEventListener', 'removeEventListener'];
/** For `addEventListener`, which also looks for a `signal` here. */
const ONCE = { __proto__: null, once: true };
const isObject = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');

/**
 * An AbortSignal that cannot surprise: asked late, in a timer say, it does not throw. What it throws now is the caller's.
 * @param {*} signal what the caller gave
 * @throws {TypeError} when it is no AbortSignal
 */
function steadySignal(signal) {
  if (!isObject(signal) || typeof signal.aborted !== 'boolean' || METHODS.some((name) => typeof signal[name] !== 'function')) {
    throw invalidArgument('signal must be an AbortSignal, as `new AbortController().signal` or `AbortSignal.timeout(1000)`.');
  }
  // Something that refuses a listener does so here, before anything was started.
  const probe = () => {};
  signal.addEventListener('abort', probe, ONCE);
  signal.removeEventListener('abort', probe);
  let aborted = false;
  return {
    get aborted() {
      try {
        aborted ||= signal.aborted === true;
      } catch {
        // It says no more than it said before.
      }
      return aborted;
    },
    get reason() {
      try {
        return signal.reason;
      } catch {
        return undefined;
      }
    },
    addEventListener: (...args) => signal.addEventListener(...args),
    removeEventListener(...args) {
      try {
        signal.removeEventListener(...args);
      } catch {
        // A listener that stays is one that does nothing any more.
      }
    },
  };
}

module.exports = { ONCE, steadySignal };
