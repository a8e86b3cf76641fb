'use strict';
// Heap snapshots as streams: of a forked child, through a pipe, or of this process. Taken at the first read.

const { performance } = require('../native/clock');
const { Readable } = require('stream');
const { Forked, isForkFailure } = require('./forked');
const { tellWalk } = require('./progress');
const { afterFailure, checkSnapshotOptions, decideIsolation } = require('./snapshot-options');
const { inTurn } = require('./turns');
const { engineFor } = require('../fallback/environment');
const { abortError, native } = require('../native/errors');
const { countsOf, takeNative } = require('../native/heap-snapshot');
const { ONCE } = require('../options/signal');
const { guarded } = require('../options/wanted');
const { Piped } = require('../stream/receivers');
const { readerOf } = require('../stream/text');

/** What children did where none was tried. */
const UNTRIED = { pauseMs: 0, attempts: 0 };

/**
 * Takes a snapshot here and starts its text. The snapshot goes when the text has ended. `started` is there when this thread is
 * held for the text too: a promise of the milliseconds.
 */
function takeText(environment, options) {
  const { onProgress } = options;
  const taken = takeNative(options, environment);
  try {
    tellWalk(taken, onProgress);
    const expected = taken.expectedBytes();
    const text = native(() => taken.export());
    return { reader: readerOf(text), expected, started: text.start?.() };
  } finally {
    // Takes effect when the export ends; at once when it never began.
    taken.delete();
  }
}

/** Progress and wake-ups of a stream's children. Who calls does not keep the stream alive. */
function listenersOf(stream, hear) {
  const self = new WeakRef(stream);
  // What a WeakRef gave is there until the turn has ended.
  const guard = guarded(() => self.deref()?.destroyed === false, (error) => self.deref().destroy(error));
  return { guard, onProgress: hear && ((event) => hear(self.deref(), event)) };
}

/** The text of a snapshot that is taken at the first read. Facts of it are properties, undefined until they are known. */
class HeapSnapshotStream extends Piped(Readable) {
  isolation;
  isolationReason;
  engine;
  engineReason;
  pauseMs;
  attempts;
  cowBytes;
  nodes;
  edges;
  bytes;
  #options;
  /** Has next() and close(). */
  #reader;
  #expected = 0;
  #sent = 0;
  #walked = false;
  /** Chunks that have come together and are to be pushed. */
  #waiting = [];
  #abort;

  constructor(options) {
    super();
    const { signal, onProgress } = options;
    const tell = (progress) => {
      if (!this.destroyed) onProgress(progress);
    };
    this.#options = { __proto__: null, ...options, onProgress: onProgress && tell };
    if (signal) {
      this.#abort = () => this.destroy(abortError(signal));
      if (signal.aborted) this.#abort();
      else signal.addEventListener('abort', this.#abort, ONCE);
    }
  }

  async _read() {
    try {
      if (!this.#reader) await this.#begin();
      const ended = this.#waiting.length === 0 && !this.destroyed && !await this.#fetch();
      if (!this.destroyed) this.push(ended ? null : this.#waiting.shift());
    } catch (error) {
      this.destroy(error);
    }
  }

  async #begin() {
    // Where nothing can be captured at all, that is the error, whoever should do it.
    const { environment, ...by } = engineFor('snapshot');
    const decided = { ...by, ...decideIsolation(this.#options.isolation) };
    if (decided.isolation === 'inline') return this.#beginInline(environment, decided, UNTRIED);
    const failed = await inTurn(this.#options.signal, () => this.#beginForked(environment, decided));
    return failed && !this.destroyed && this.#beginInline(environment, { ...by, ...afterFailure(failed.failure) }, failed);
  }

  async #beginInline(environment, decided, { pauseMs, attempts }) {
    const begin = performance.now();
    const { reader, expected, started } = takeText(environment, this.#options);
    this.#reader = reader;
    this.#expected = expected;
    const walkMs = performance.now() - begin;
    const textMs = started ? await started : 0;
    Object.assign(this, decided, { pauseMs: pauseMs + walkMs + textMs, attempts });
    // A callback for progress may have destroyed the stream, when there was nothing to close yet.
    if (this.destroyed) reader.close();
  }

  /**
   * Has children try it, up to the first chunks: from then on others may have their turn, for this reader may pause.
   * @returns {Promise<{ failure: Error, pauseMs: number, attempts: number } | undefined>} when no child could and the caller leaves
   *   the choice
   */
  async #beginForked(environment, decided) {
    if (this.destroyed) return undefined;
    let forked;
    try {
      const { onProgress } = this.#options;
      forked = new Forked(environment, this.#options, listenersOf(this, onProgress && HeapSnapshotStream.#heard));
      this.#reader = forked;
      await this.#fetch();
    } catch (error) {
      if (this.#options.isolation === 'fork' || !isForkFailure(error) || this.destroyed) throw error;
      const { pauseMs, attempts } = forked ?? UNTRIED;
      if (forked) await forked.close();
      return { failure: error, pauseMs, attempts };
    }
    const { pauseMs, attempts } = forked;
    Object.assign(this, decided, { pauseMs, attempts });
    return undefined;
  }

  static #heard = (stream, event) => stream.#hear(event);

  /** Progress of a child. That of the writing is as far as the stream is. */
  #hear(event) {
    if (event.phase === 'write') {
      this.#expected = event.total;
    } else {
      this.#walked = true;
      this.#options.onProgress(event);
    }
  }

  /** Fetches the next chunks; false at the end. */
  async #fetch() {
    const chunks = await this.#reader.next(this.isPiped);
    const { onProgress } = this.#options;
    if (this.nodes === undefined && chunks) this.#readCounts(chunks[0]);
    this.#waiting = chunks || [];
    for (const { length } of this.#waiting) this.#sent += length;
    if (!chunks) await this.#complete();
    const total = chunks ? Math.max(this.#sent, this.#expected) : this.#sent;
    if (onProgress) onProgress({ phase: 'write', done: this.#sent, total });
    return chunks !== null;
  }

  async #complete() {
    if (this.#reader instanceof Forked) this.cowBytes = (await this.#reader.result()).cowBytes;
    this.bytes = this.#sent;
  }

  #readCounts(chunk) {
    const { nodes, edges } = countsOf(chunk);
    Object.assign(this, { nodes, edges });
    const { onProgress } = this.#options;
    // A child's progress comes by another way than its text, and perhaps after it.
    if (onProgress && this.#reader instanceof Forked && !this.#walked) onProgress({ phase: 'walk', done: nodes, total: nodes });
  }

  _destroy(error, callback) {
    this.#waiting = [];
    const { signal } = this.#options;
    if (signal) signal.removeEventListener('abort', this.#abort);
    const closing = this.#reader && this.#reader.close();
    const closed = () => callback(error);
    // A child is gone when the stream is closed.
    if (closing) closing.then(closed, closed);
    else closed();
  }
}

/** See `createHeapSnapshotStream` in index.d.ts. */
const createHeapSnapshotStream = (options) => new HeapSnapshotStream(checkSnapshotOptions(options));

module.exports = { createHeapSnapshotStream };
