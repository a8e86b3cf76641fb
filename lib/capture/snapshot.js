'use strict';
// Heap snapshots with promises and streams: written by Rust, off the main thread.

const { performance } = require('perf_hooks');
const { Readable } = require('stream');
const { getEnvironment } = require('../native/environment');
const { replayProgress, takeNative } = require('../native/heap-snapshot');
const { Piped } = require('../stream/receivers');
const { CHUNK, readerOf, STREAM_CHUNK } = require('../stream/text');
const { abortError, native } = require('../native/errors');
const { KINDS } = require('../files/paths');
const { openTarget, writeExport } = require('../files/target');
const { checkBoolean, checkFunction, checkOptions, checkSignal, throwIfAborted } = require('../options/checks');
const { ONCE } = require('../options/signal');

const OPTIONS = ['signal', 'onProgress', 'exposeInternals', 'exposeNumericValues'];

/** `others` are names of further options, whose values are not looked at. */
function checkSnapshotOptions(given, others = []) {
  const options = checkOptions(given, [...others, ...OPTIONS]);
  return {
    __proto__: null,
    ...options,
    signal: checkSignal(options),
    onProgress: checkFunction(options, 'onProgress'),
    exposeInternals: checkBoolean(options, 'exposeInternals'),
    exposeNumericValues: checkBoolean(options, 'exposeNumericValues'),
  };
}

/** A guess at the length of the text, for progress: about what V8 of today writes per node. */
const BYTES_PER_NODE = 90;

/** Takes a snapshot and starts its text. The snapshot goes when the text has ended. */
function takeAndExport(options, chunkSize) {
  const begin = performance.now();
  const taken = takeNative(options);
  let pauseMs = performance.now() - begin;
  const guess = taken.nodesCount() * BYTES_PER_NODE;
  let exported;
  try {
    if (options.onProgress) {
      replayProgress(taken, (done, total) => options.onProgress({ phase: 'walk', done, total }));
    }
    exported = native(() => taken.export(chunkSize));
  } finally {
    // Takes effect when the export ends; at once when it never began.
    taken.delete();
  }
  const timed = (call) => {
    const calling = performance.now();
    try {
      return call();
    } finally {
      pauseMs += performance.now() - calling;
    }
  };
  return { exported, close: () => timed(() => exported.close()), guess, pauseMs: () => pauseMs, timed };
}

async function writeHeapSnapshot(path, given) {
  const begin = performance.now();
  const options = checkSnapshotOptions(given, ['dir']);
  throwIfAborted(options.signal);
  const target = openTarget(getEnvironment(), { path, dir: options.dir }, KINDS.snapshot);
  try {
    return await writeTo(target, options, begin);
  } finally {
    target.close();
  }
}

/** Takes a snapshot and writes it to a file that is open. */
async function writeTo(target, options, begin) {
  const { signal, onProgress } = options;
  // The caller may change his mind until the walk, which nothing can interrupt.
  await undefined;
  throwIfAborted(signal);
  const text = takeAndExport(options, CHUNK);
  // The writer's own close comes too late to be measured: this one frees, that one finds nothing to do.
  const measured = { writeFile: (...args) => text.timed(() => text.exported.writeFile(...args)), close: text.close };
  const onBytes = onProgress && ((done) => onProgress({ phase: 'write', done, total: Math.max(done, text.guess) }));
  const { bytes, nodes, edges } = await writeExport(measured, target, { signal, onBytes });
  if (onProgress) onProgress({ phase: 'write', done: bytes, total: bytes });
  return { path: target.path, bytes, nodes, edges, pauseMs: text.pauseMs(), durationMs: performance.now() - begin };
}

/** The text of a snapshot that is taken at the first read. */
class HeapSnapshotStream extends Piped(Readable) {
  #options;
  #text;
  #sent = 0;
  /** Chunks that have come together and are to be pushed. */
  #waiting = [];
  #abort;

  constructor(options) {
    super();
    this.#options = options;
    const { signal } = options;
    if (signal) {
      this.#abort = () => this.destroy(abortError(signal));
      if (signal.aborted) process.nextTick(this.#abort);
      else signal.addEventListener('abort', this.#abort, ONCE);
    }
  }

  async _read() {
    try {
      if (!this.#text) {
        this.#text = takeAndExport(this.#options, STREAM_CHUNK);
        // A callback for progress may have destroyed the stream, when there was nothing to close yet.
        if (this.destroyed) return this.#text.close();
      }
      const ended = this.#waiting.length === 0 && !await this.#fetch();
      if (!this.destroyed) this.push(ended ? null : this.#waiting.shift());
    } catch (error) {
      this.destroy(error);
    }
  }

  /** Fetches the next chunks; false at the end. */
  async #fetch() {
    const chunks = await readerOf(this.#text.exported).next(this.isPiped);
    for (const { length } of chunks || []) this.#sent += length;
    const { onProgress } = this.#options;
    const total = chunks ? Math.max(this.#sent, this.#text.guess) : this.#sent;
    if (onProgress) onProgress({ phase: 'write', done: this.#sent, total });
    this.#waiting = chunks || [];
    return chunks !== null;
  }

  _destroy(error, callback) {
    this.#waiting = [];
    const { signal } = this.#options;
    if (signal) signal.removeEventListener('abort', this.#abort);
    if (this.#text) this.#text.close();
    callback(error);
  }
}

/** See `createHeapSnapshotStream` in index.d.ts. */
const createHeapSnapshotStream = (options) => new HeapSnapshotStream(checkSnapshotOptions(options));

module.exports = { createHeapSnapshotStream, writeHeapSnapshot };
