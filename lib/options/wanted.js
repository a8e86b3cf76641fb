'use strict';
// Work of the addon that its caller may give up: by a signal, or by an exception of a function that he gave.

const { throwIfAborted } = require('./checks');
const { ONCE } = require('./signal');
const { abortError } = require('../native/errors');

/**
 * Makes functions for the addon, which calls them from the event loop: an exception there would be uncaught, and the last call may
 * come late.
 * @param {() => boolean} isWanted whether a call is still to be heard
 * @param {(error: unknown) => void} failed gets what a call throws
 */
const guarded = (isWanted, failed) => (call) => (event) => {
  if (!isWanted()) return;
  try {
    call(event);
  } catch (error) {
    failed(error);
  }
};

/**
 * Does work for as long as it is wanted. The cause of its end is then the error.
 * @param {AbortSignal | undefined} signal
 * @param {() => void} stop has the work fail, if there is something to stop
 * @param {(guard: Function) => Promise} work `guard` as `guarded` makes it
 */
async function whileWanted(signal, stop, work) {
  let over = false;
  let thrown;
  const guard = guarded(() => !over && !thrown, (error) => {
    thrown = { error };
    stop();
  });
  const abort = () => stop();
  try {
    throwIfAborted(signal);
    if (signal) signal.addEventListener('abort', abort, ONCE);
    const result = await work(guard);
    if (thrown) throw thrown.error;
    return result;
  } catch (error) {
    if (thrown) throw thrown.error;
    throw signal && signal.aborted ? abortError(signal) : error;
  } finally {
    over = true;
    if (signal) signal.removeEventListener('abort', abort);
  }
}

module.exports = { guarded, whileWanted };
