'use strict';
// Heap snapshots with promises and streams: taken by a forked child where that works, else here and written by Rust, off the
// main thread.

const { Readable } = require('stream');
const { Piped, isWritten } = require('./receivers');
const { CHUNK } = require('./text');
const { now } = require('./clock');
const { abortError, native, nativeAsync } = require('./errors');
const { resolveTarget, writeExport } = require('./files');
const { BYTES_PER_NODE, decideIsolation, openForked } = require('./fork-snapshot');
const { replayProgress } = require('./heap');
const { throwIfAborted } = require('./options');
const { SUFFIX, checkSnapshotOptions, redactedOf } = require('./snapshot-options');

/** Milliseconds after which a thread that has reported is gone. */
const THREAD_END_MS = 20;

/** Takes a snapshot in this process and starts its text. The snapshot goes when the text has ended. */
function openInline({ heap }, options) {
  const begin = now();
  const taken = heap.takeNative(options);
  let pauseMs = now() - begin;
  const nodes = taken.nodesCount();
  const guess = nodes * BYTES_PER_NODE;
  let exported;
  try {
    if (options.onProgress) {
      replayProgress(taken, (done, total) => options.onProgress({ phase: 'walk', done, total }));
    }
    exported = native(() => taken.export(CHUNK, options.pipeline));
  } finally {
    // Takes effect when the export ends; at once when it never began.
    taken.delete();
  }
  const close = () => {
    const closing = now();
    exported.close();
    pauseMs += now() - closing;
  };
  return { exported, close, guess, pauseMs: () => pauseMs };
}

/** Refuses a capture for which there is no memory, unless that is allowed. */
async function checkRoom(isolation, { headroom, signal }) {
  if (headroom) await require('./headroom').checkHeadroom(isolation);
  throwIfAborted(signal);
}

/**
 * Takes a snapshot where `plan`, of `decideIsolation`, says; in this process after all when the child failed and the caller
 * left the choice. `take` is called with the plan that holds.
 */
async function takeAsPlanned(plan, options, take) {
  await checkRoom(plan.isolation, options);
  try {
    return await take(plan);
  } catch (error) {
    const mayFallBack = plan.isolation === 'fork' && options.isolation === 'auto';
    if (!mayFallBack || error.code !== 'ERR_RS_PROFILER_FORK_FAILED') throw error;
    // Where the system allows no more threads, the one that watched the child is needed: it ends a moment after its report.
    await require('timers/promises').setTimeout(THREAD_END_MS);
    throwIfAborted(options.signal);
    return takeAsPlanned({ isolation: 'inline', reason: error.message }, options, take);
  }
}

async function writeInline(context, target, options) {
  const { signal, onProgress } = options;
  const text = openInline(context, options);
  // The writer's own close comes too late to be measured: this one frees, that one finds nothing to do.
  const measured = { writeFile: (...args) => text.exported.writeFile(...args), close: text.close };
  const onBytes = onProgress && ((done) => onProgress({ phase: 'write', done, total: Math.max(done, text.guess) }));
  const { bytes } = await writeExport(measured, target, { signal, onBytes });
  if (onProgress) onProgress({ phase: 'write', done: bytes, total: bytes });
  const produced = text.exported.produced();
  return { produced, pauseMs: text.pauseMs(), attempts: 0, confined: false };
}

async function writeForked(context, target, options) {
  const { signal } = options;
  const text = openForked(context, options, target);
  try {
    if (signal) signal.addEventListener('abort', text.close, { once: true });
    await text.next();
    return text.result();
  } catch (error) {
    throw signal && signal.aborted ? abortError(signal) : error;
  } finally {
    if (signal) signal.removeEventListener('abort', text.close);
    text.close();
    await text.gone();
  }
}

async function writeHeapSnapshot(context, path, given) {
  const begin = now();
  const options = checkSnapshotOptions(given);
  const { signal } = options;
  throwIfAborted(signal);
  const target = await resolveTarget(path, 'Heap', 'heapsnapshot', SUFFIX[options.compress]);
  throwIfAborted(signal);
  const planned = decideIsolation(context.addon, options.isolation);
  const { plan, produced, pauseMs, attempts, confined } = await takeAsPlanned(planned, options, async (plan) => {
    const write = plan.isolation === 'fork' ? writeForked : writeInline;
    return { plan, ...(await write(context, target, options)) };
  });
  const { bytes, nodes, edges, textBytes } = produced;
  const redacted = redactedOf(options.pipeline, produced);
  return {
    path: target,
    bytes,
    nodes,
    edges,
    pauseMs,
    durationMs: now() - begin,
    textBytes,
    isolation: plan.isolation,
    isolationReason: plan.reason,
    attempts,
    confined,
    ...(redacted && { redacted }),
  };
}

/** The text of a snapshot that is taken at the first read. */
class HeapSnapshotStream extends Piped(Readable) {
  #context;
  #options;
  #text;
  #sent = 0;
  #last;
  #abort;
  #plan;
  #receivers = 0;

  constructor(context, options) {
    super();
    this.#context = context;
    this.#options = options;
    this.#plan = decideIsolation(context.addon, options.isolation);
    /** Where the snapshot was taken and why; set when the first bytes are there. */
    this.isolation = undefined;
    this.isolationReason = undefined;
    /** What was redacted, and what it took; set at the end. */
    this.redacted = undefined;
    this.pauseMs = undefined;
    this.attempts = undefined;
    this.confined = undefined;
    const { signal } = options;
    if (signal) {
      this.#abort = () => this.destroy(abortError(signal));
      if (signal.aborted) process.nextTick(this.#abort);
      else signal.addEventListener('abort', this.#abort, { once: true });
    }
  }

  /**
   * A receiver that closes before the end (a client that goes away) wants no more. Node then only stops to read, and a child
   * would wait for ever, with all captures after it.
   */
  pipe(destination, ...args) {
    this.#receivers += 1;
    destination.once('close', () => {
      this.#receivers -= 1;
      if (this.#receivers === 0 && !this.readableEnded) this.destroy();
    });
    return super.pipe(destination, ...args);
  }

  /** The next chunk, of a snapshot that is taken now if it has not been. */
  async #next() {
    if (this.#text) return this.#text.next();
    return takeAsPlanned(this.#plan, this.#options, (plan) => {
      if (this.destroyed) return null;
      this.#plan = plan;
      this.#text = plan.isolation === 'fork' ? openForked(this.#context, this.#options) : this.#openInline();
      return this.#text.next();
    });
  }

  #openInline() {
    const { exported, close, guess, pauseMs } = openInline(this.#context, this.#options);
    // A callback for progress may have destroyed the stream, when there was nothing to close yet.
    if (this.destroyed) close();
    const result = () => ({ produced: exported.produced(), pauseMs: pauseMs(), attempts: 0, confined: false });
    return { next: () => nativeAsync(() => exported.next()), release: (memory) => exported.release(memory), result, close, guess };
  }

  async _read() {
    try {
      if (this.#last && await isWritten(this)) this.#text.release(this.#last.buffer);
      const chunk = await this.#next();
      if (this.destroyed) return;
      this.isolation = this.#plan.isolation;
      this.isolationReason = this.#plan.reason;
      this.#last = chunk;
      this.#sent += chunk ? chunk.length : 0;
      if (!chunk) {
        const { produced, ...what } = this.#text.result();
        if (produced) Object.assign(this, what, { redacted: redactedOf(this.#options.pipeline, produced) });
      }
      if (this.isolation !== 'fork' && this.#options.onProgress) {
        const total = chunk ? Math.max(this.#sent, this.#text.guess) : this.#sent;
        this.#options.onProgress({ phase: 'write', done: this.#sent, total });
      }
      this.push(chunk);
    } catch (error) {
      this.destroy(error);
    }
  }

  _destroy(error, callback) {
    const { signal } = this.#options;
    if (signal) signal.removeEventListener('abort', this.#abort);
    const text = this.#text;
    if (text) text.close();
    if (text && text.gone) text.gone().then(() => callback(error));
    else callback(error);
  }
}

/**
 * The two functions for one copy of the module.
 * @param {object} heap its HeapProfiler
 * @param {object} state its lib/state
 */
function snapshotWriters(heap, state) {
  const context = () => ({ heap, addon: state.describe().addon });
  return {
    writeHeapSnapshot: async (path, options) => writeHeapSnapshot(context(), path, options),
    createHeapSnapshotStream: (options) => new HeapSnapshotStream(context(), checkSnapshotOptions(options)),
  };
}

module.exports = { snapshotWriters };
