'use strict';
// Heap snapshots with promises and streams: written by Rust, off the main thread, or by a forked child.

const { performance } = require('perf_hooks');
const { Readable } = require('stream');
const { writeForked } = require('./forked');
const { forwardOnly } = require('./progress');
const { inTurn } = require('./turns');
const { getEnvironment } = require('../native/environment');
const { forkRefusal } = require('../native/fork-support');
const { replayProgress, takeNative } = require('../native/heap-snapshot');
const { Piped } = require('../stream/receivers');
const { readerOf } = require('../stream/text');
const { abortError, forkRefused, native } = require('../native/errors');
const { KINDS } = require('../files/paths');
const { openTarget, writeExport } = require('../files/target');
const {
  checkBoolean, checkChoice, checkFunction, checkOptions, checkSignal, throwIfAborted,
} = require('../options/checks');
const { ONCE } = require('../options/signal');

const OPTIONS = ['signal', 'onProgress', 'exposeInternals', 'exposeNumericValues'];
/** Where a snapshot is taken; the first is the default. */
const ISOLATIONS = ['inline', 'auto', 'fork'];

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

/** Reports the walk of a native snapshot, or of a capture of one. */
function reportWalk(taken, onProgress) {
  if (onProgress) replayProgress(taken, (done, total) => onProgress({ phase: 'walk', done, total }));
}

/**
 * Decides where a snapshot is taken.
 * @returns {{ isolation: 'fork' | 'inline', isolationReason: string }} the reason is a sentence
 * @throws {Error} ERR_RS_PROFILER_FORK_FAILED when a fork was demanded and cannot be
 */
function decideIsolation(wanted) {
  if (wanted === 'inline') {
    return { isolation: 'inline', isolationReason: 'Snapshots are taken in the process itself unless isolation says otherwise.' };
  }
  const refusal = forkRefusal(wanted);
  if (!refusal) return { isolation: 'fork', isolationReason: 'A forked child can take snapshots here.' };
  if (wanted === 'fork') throw forkRefused(refusal);
  return { isolation: 'inline', isolationReason: refusal };
}

async function writeHeapSnapshot(path, given) {
  const begin = performance.now();
  const options = checkSnapshotOptions(given, ['dir', 'isolation']);
  options.isolation = checkChoice(options, 'isolation', ISOLATIONS);
  options.onProgress = forwardOnly(options.onProgress);
  throwIfAborted(options.signal);
  const environment = getEnvironment();
  const decided = decideIsolation(options.isolation);
  const target = openTarget(environment, { path, dir: options.dir }, KINDS.snapshot);
  try {
    const write = decided.isolation === 'fork' ? writeByChild : writeInline;
    const { bytes, nodes, edges, pauseMs, cowBytes, isolation, isolationReason, attempts } = {
      ...decided, ...await write(environment, target, options),
    };
    const durationMs = performance.now() - begin;
    return { path: target.path, bytes, nodes, edges, pauseMs, durationMs, cowBytes, isolation, isolationReason, attempts };
  } finally {
    target.close();
  }
}

/** Takes a snapshot in this process and writes it to a file that is open. */
async function writeInline(environment, target, options) {
  const { signal, onProgress } = options;
  // The caller may change his mind until the walk, which nothing can interrupt.
  await undefined;
  throwIfAborted(signal);
  const capture = native(() => environment.captureSnapshot(options));
  try {
    reportWalk(capture, onProgress);
    const expected = capture.expectedBytes();
    const onBytes = onProgress && ((done) => onProgress({ phase: 'write', done, total: Math.max(done, expected) }));
    const { bytes, nodes, edges, pauseMs } = await writeExport(capture, target, { signal, onBytes });
    if (onProgress) onProgress({ phase: 'write', done: bytes, total: bytes });
    return { bytes, nodes, edges, pauseMs, attempts: 0 };
  } finally {
    capture.close();
  }
}

/** Has a child write to a file that is open, or does it here when no child can and the caller leaves the choice. */
async function writeByChild(environment, target, options) {
  const { signal, onProgress, isolation } = options;
  const { failure, ...written } = await inTurn(signal, () => writeForked(environment, target, options));
  if (!failure) {
    if (onProgress) onProgress({ phase: 'write', done: written.bytes, total: written.bytes });
    return written;
  }
  if (isolation === 'fork') throw failure;
  target.close();
  const again = target.again();
  try {
    const { pauseMs, attempts, ...inline } = await writeInline(environment, again, options);
    return {
      ...inline,
      pauseMs: written.pauseMs + pauseMs,
      attempts: written.attempts + attempts,
      isolation: 'inline',
      isolationReason: `A forked child was tried and failed in phase ${failure.phase}: ${failure.reason}.`,
    };
  } finally {
    again.close();
  }
}

/** Takes a snapshot and starts its text. The snapshot goes when the text has ended. */
function takeText(options) {
  const taken = takeNative(options);
  try {
    reportWalk(taken, options.onProgress);
    const expected = taken.expectedBytes();
    return { reader: readerOf(native(() => taken.export())), expected };
  } finally {
    // Takes effect when the export ends; at once when it never began.
    taken.delete();
  }
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
        this.#text = takeText(this.#options);
        // A callback for progress may have destroyed the stream, when there was nothing to close yet.
        if (this.destroyed) return this.#text.reader.close();
      }
      const ended = this.#waiting.length === 0 && !await this.#fetch();
      if (!this.destroyed) this.push(ended ? null : this.#waiting.shift());
    } catch (error) {
      this.destroy(error);
    }
  }

  /** Fetches the next chunks; false at the end. */
  async #fetch() {
    const chunks = await this.#text.reader.next(this.isPiped);
    for (const { length } of chunks || []) this.#sent += length;
    const { onProgress } = this.#options;
    const total = chunks ? Math.max(this.#sent, this.#text.expected) : this.#sent;
    if (onProgress) onProgress({ phase: 'write', done: this.#sent, total });
    this.#waiting = chunks || [];
    return chunks !== null;
  }

  _destroy(error, callback) {
    this.#waiting = [];
    const { signal } = this.#options;
    if (signal) signal.removeEventListener('abort', this.#abort);
    if (this.#text) this.#text.reader.close();
    callback(error);
  }
}

/** See `createHeapSnapshotStream` in index.d.ts. */
const createHeapSnapshotStream = (options) => new HeapSnapshotStream(checkSnapshotOptions(options));

module.exports = { createHeapSnapshotStream, writeHeapSnapshot };
