'use strict';
// A heap snapshot by a forked child. Here is what needs the thread of JavaScript: the fork itself, progress, and giving up.

const { performance } = require('perf_hooks');
const { abortError, native, nativeAsync } = require('../native/errors');
const { closeAtExit, forget } = require('../native/exit');
const { forkTerms } = require('../native/fork-support');
const { throwIfAborted } = require('../options/checks');
const { ONCE } = require('../options/signal');

const FAILED = 'ERR_RS_PROFILER_FORK_FAILED';
/** Bytes of text for each object that V8 walks, roughly: a child does not know how many there will be. */
const BYTES_PER_OBJECT = 90;

/**
 * Has a child take a snapshot and write it to a target, which is used up. When this is over, whatever came of it, the child has
 * gone.
 * @returns {Promise<{ bytes: number, nodes: number, edges: number, cowBytes?: number, pauseMs: number, attempts: number }
 *   | { failure: Error, pauseMs: number, attempts: number }>} `failure` when no child could do it
 */
async function writeForked(environment, target, { signal, onProgress, exposeInternals, exposeNumericValues }) {
  let pauseMs = 0;
  let attempts = 0;
  let over = false;
  let thrown;
  const held = (call) => {
    const begin = performance.now();
    try {
      return native(call);
    } finally {
      pauseMs += performance.now() - begin;
    }
  };
  // The addon calls from the event loop: an exception there would be uncaught, and the last call may come late.
  const guarded = (call) => (event) => {
    if (over || thrown) return;
    try {
      call(event);
    } catch (error) {
      thrown = { error };
      forked.close();
    }
  };
  const wake = guarded(() => {
    // It may come too late: then it is called again.
    if (held(() => forked.fork())) attempts += 1;
  });
  let walked = 0;
  const hear = ({ phase, done, total }) => {
    if (phase === 'walk') walked = total;
    onProgress({ phase, done, total: Math.max(done, total || walked * BYTES_PER_OBJECT) });
  };
  const abort = () => forked.close();
  let forked;
  try {
    throwIfAborted(signal);
    forked = held(() => environment.forkSnapshot({
      ...forkTerms(), exposeInternals, exposeNumericValues, target: target.native, wake, onProgress: onProgress && guarded(hear),
    }));
    closeAtExit(forked);
    if (signal) signal.addEventListener('abort', abort, ONCE);
    const { bytes, nodes, edges, cowBytes, attempts: needed } = await nativeAsync(() => forked.result());
    if (thrown) throw thrown.error;
    return { bytes, nodes, edges, cowBytes, pauseMs, attempts: needed };
  } catch (error) {
    if (thrown) throw thrown.error;
    if (signal && signal.aborted) throw abortError(signal);
    if (!error || error.code !== FAILED) throw error;
    return { failure: error, pauseMs, attempts };
  } finally {
    over = true;
    if (signal) signal.removeEventListener('abort', abort);
    if (forked) await ended(forked);
  }
}

/** Ends a capture, if it has not ended, and waits until nothing of it is left. */
async function ended(forked) {
  forked.close();
  await forked.gone();
  forget(forked);
}

module.exports = { writeForked };
