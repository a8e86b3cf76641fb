'use strict';
// What JavaScript holds of something opened: asked by name, answered as plain data, and let go of.

const { abortError, invalidArgument, makeError, nativeAsync } = require('../errors');
const { natives } = require('./task');

/** A question that is being worked on, and what it was ended with. */
class Asked {
  task = new (natives().NativeTask)();
  ended;

  end(error) {
    this.ended ??= error;
    this.task.cancel();
  }
}

/** An opened file of one kind. */
class Handle {
  #native;
  #what;
  #signal;
  #asked = new Set();
  #onAbort = () => this.#end(abortError(this.#signal));

  /**
   * @param {object} native the addon's analysis
   * @param {string} what was opened, for messages
   * @param {AbortSignal} [signal] ends questions as well
   */
  constructor(native, what, signal) {
    this.#native = native;
    this.#what = what;
    this.#signal = signal;
  }

  /** A promise of the answer; `base` is the handle of another file of the kind. */
  async ask(question, options = {}, base = undefined) {
    const native = this.#open('This analysis was closed. Open the');
    const baseNative = base && base.#open('The analysis of the base was closed. Open its');
    const handles = new Set([this, base ?? this]);
    for (const handle of handles) handle.#throwIfAborted();
    const asked = new Asked();
    for (const handle of handles) handle.#begin(asked);
    try {
      const answer = await nativeAsync(() => native.ask(question, JSON.stringify(options), baseNative, asked.task));
      if (!asked.ended) return JSON.parse(answer);
    } catch (error) {
      if (!asked.ended) throw error;
    } finally {
      for (const handle of handles) handle.#done(asked);
    }
    throw asked.ended;
  }

  #throwIfAborted() {
    if (this.#signal?.aborted) throw abortError(this.#signal);
  }

  /** The signal is listened to by one function, however much is asked at once, and only while something is. */
  #begin(asked) {
    if (this.#asked.size === 0) this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#asked.add(asked);
  }

  #done(asked) {
    this.#asked.delete(asked);
    if (this.#asked.size === 0) this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  /** Ends what is being asked. */
  #end(error) {
    for (const asked of this.#asked) asked.end(error);
  }

  #open(closed) {
    if (!this.#native) throw makeError('DELETED', `${closed} ${this.#what} again.`);
    return this.#native;
  }

  /** Lets go of it. What is being asked, of it or with it as the base, ends as an aborted opening does. */
  close() {
    this.#native = undefined;
    this.#end(abortError());
  }
}

/** The `id` of something: itself, or that of a row. `says` is the error's sentence. */
function idOf(row, says) {
  const id = typeof row === 'object' && row !== null ? row.id : row;
  if (!Number.isSafeInteger(id) || id < 0) throw invalidArgument(says);
  return id;
}

module.exports = { Handle, idOf };
