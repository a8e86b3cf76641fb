'use strict';
// A heap snapshot by forked children. Here is what needs the thread of JavaScript: the fork itself, progress, and giving up.

const { performance } = require('../native/clock');
const { native, nativeAsync } = require('../native/errors');
const { closeAtExit, forget } = require('../native/exit');
const { forkTerms } = require('../native/fork-support');
const { whileWanted } = require('../options/wanted');

const FAILED = 'ERR_RS_PROFILER_FORK_FAILED';
const CUT_OFF = 'ERR_RS_PROFILER_ABORTED';

/** Whether no child could do it. */
const isForkFailure = (error) => error?.code === FAILED;

/**
 * A snapshot that children take, one after the other, until one has written it: to a target, which is used up, or to where
 * `next` reads. Nothing that the addon calls keeps it alive: a stream that nobody has any more is given up.
 */
class Forked {
  /** For how long this thread was held, and how many children there were. */
  pauseMs = 0;
  attempts = 0;
  #native;
  #onProgress;
  #result;
  #closing;

  /** @param {{ target?: object, onProgress?: Function, guard: Function }} io `guard` as `guarded` makes it */
  constructor(environment, { exposeInternals, exposeNumericValues }, { target, onProgress, guard }) {
    const self = new WeakRef(this);
    this.#onProgress = onProgress;
    this.#native = this.#held(() => environment.forkSnapshot({
      ...forkTerms(),
      exposeInternals,
      exposeNumericValues,
      target: target && target.native,
      wake: guard(() => self.deref()?.#fork()),
      onProgress: onProgress && guard((event) => self.deref()?.#hear(event)),
    }));
  }

  /** It may come too late: then it is called again. */
  #fork() {
    if (this.#held(() => this.#native.fork())) this.attempts += 1;
  }

  #hear({ phase, done, total }) {
    this.#onProgress({ phase, done, total: Math.max(done, total) });
  }

  #held(call) {
    const begin = performance.now();
    try {
      return native(call);
    } finally {
      this.pauseMs += performance.now() - begin;
    }
  }

  /** What was written. While somebody waits for it, the process stays alive. */
  result() {
    this.#result ??= nativeAsync(() => this.#native.result());
    return this.#result;
  }

  /** The next chunks of the text, as a reader's (lib/stream/text). */
  async next(joined) {
    let chunks;
    try {
      chunks = await nativeAsync(() => this.#native.next({ joined: Boolean(joined) }));
    } catch (error) {
      // What became of the children is the cause. After any other failure they may be well, and wait for a reader.
      if (error.code === CUT_OFF) await this.result();
      throw error;
    }
    return chunks && chunks.map((memory) => Buffer.from(memory));
  }

  /** Ends the child, if there is one. Does not wait for that. */
  cancel() {
    this.#native.close();
  }

  /** Ends all of it, and resolves when nothing is left. */
  close() {
    this.cancel();
    this.#closing ??= this.#native.gone();
    return this.#closing;
  }
}

/**
 * Has children take a snapshot and write it to a target. When this is over, whatever came of it, the last child has gone.
 * @returns {Promise<{ bytes: number, nodes: number, edges: number, cowBytes?: number, pauseMs: number, attempts: number }
 *   | { failure: Error, pauseMs: number, attempts: number }>} `failure` when no child could do it
 */
async function writeForked(environment, target, options) {
  const { signal, onProgress } = options;
  let forked;
  try {
    return await whileWanted(signal, () => forked.cancel(), async (guard) => {
      forked = new Forked(environment, options, { target, onProgress, guard });
      closeAtExit(forked);
      const { bytes, nodes, edges, cowBytes, attempts } = await forked.result();
      return { failure: undefined, bytes, nodes, edges, cowBytes, pauseMs: forked.pauseMs, attempts };
    });
  } catch (error) {
    if (!isForkFailure(error)) throw error;
    const { pauseMs, attempts } = forked ?? { pauseMs: 0, attempts: 0 };
    return { failure: error, pauseMs, attempts };
  } finally {
    if (forked) {
      await forked.close();
      forget(forked);
    }
  }
}

module.exports = { Forked, isForkFailure, writeForked };
