'use strict';
// Analysis of heap snapshots. All work is done on other threads; what comes back is plain data.

const { invalidArgument } = require('../errors');
const { checkRedact } = require('../snapshot-options');
const { Handle, idOf } = require('./handle');
const { checkWork, inputOf, natives, runTask, writeWhole } = require('./task');

/** Between two looks at whether the reader takes more. */
const LOOK_MS = 2;

const nodeOf = (node) => idOf(node, 'The node must be a row of this analysis, or its id.');

/** A class as the addon takes it: a name, or the id of a row of `classes()`. */
const classOf = (wanted) => (
  typeof wanted === 'string' ? wanted : idOf(wanted, 'The class must be a row of classes(), its id, or a name.')
);

/** An opened heap snapshot. */
class HeapSnapshotAnalysis {
  #handle;

  /**
   * @param {object} native the addon's analysis
   * @param {AbortSignal} [signal]
   */
  constructor(native, signal) {
    this.#handle = new Handle(native, 'snapshot', signal);
  }

  #handleOf(base) {
    if (!(base instanceof HeapSnapshotAnalysis)) throw invalidArgument('The base must come from openHeapSnapshot.');
    return base.#handle;
  }

  /** Counts of what is in it. */
  summary() {
    return this.#handle.ask('summary');
  }

  /** Bytes by kind, as DevTools' statistics show them. */
  statistics() {
    return this.#handle.ask('statistics');
  }

  /** The class table, by retained size. */
  classes(options) {
    return this.#handle.ask('classes', options);
  }

  /** What probably leaks, the worst first; with `base`, an earlier snapshot of the process, what grew since. */
  async suspects({ base, ...options } = {}) {
    return this.#handle.ask('suspects', options, base === undefined ? undefined : this.#handleOf(base));
  }

  /** What changed since `base`. */
  async compare(base, options) {
    return this.#handle.ask('compare', options, this.#handleOf(base));
  }

  /** One object. */
  async node(id) {
    return this.#handle.ask('node', { id: nodeOf(id) });
  }

  /** What would be freed with an object alone, the biggest first. */
  async dominated(id, options) {
    return this.#handle.ask('dominated', { ...options, id: nodeOf(id) });
  }

  /** What holds an object, the nearest to the roots first. */
  async retainers(id, options) {
    return this.#handle.ask('retainers', { ...options, id: nodeOf(id) });
  }

  /** The shortest way from the roots to an object, outermost first. */
  async retainingPath(id) {
    return this.#handle.ask('retainingPath', { id: nodeOf(id) });
  }

  /** The calls that led to the allocation of an object, the innermost first; empty where that was not tracked. */
  async allocationStack(id) {
    return this.#handle.ask('allocationStack', { id: nodeOf(id) });
  }

  /** The objects of a class, the biggest first. */
  async instances(wanted, options) {
    return this.#handle.ask('instances', { ...options, class: classOf(wanted) });
  }

  /** Equal strings, the most bytes first. */
  duplicatedStrings(options) {
    return this.#handle.ask('duplicatedStrings', options);
  }

  /** What dominates what, from the roots or from `options.id` on, down to what is too small to matter. */
  async dominatorTree({ id, ...options } = {}) {
    return this.#handle.ask('dominatorTree', id === undefined ? options : { ...options, id: nodeOf(id) });
  }

  /** Lets go of the snapshot. What is being asked rejects with an AbortError. */
  close() {
    this.#handle.close();
  }
}

/** Hands a stream over, no faster than it is read there. */
async function pour(readable, feed) {
  try {
    for await (const chunk of readable) {
      let more = feed.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
      while (!more && !feed.isBroken()) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        more = feed.isOpen();
      }
      if (feed.isBroken()) return;
    }
    feed.end(false);
  } catch (error) {
    feed.end(true);
    throw error;
  }
}

/** Opens what comes out of a stream. What the stream fails with is what this fails with. */
async function openStream(readable, partial, work) {
  let failure;
  const { signal } = work;
  const feed = new (natives().NativeFeed)();
  const onAbort = () => {
    feed.end(true);
    readable.destroy?.();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await runTask(work, (task) => {
      pour(readable, feed).catch((error) => {
        failure = { error };
      });
      return natives().NativeHeapAnalysis.openFeed(feed, partial, task);
    });
  } catch (error) {
    throw failure && !signal?.aborted ? failure.error : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Opens a heap snapshot: `.heapsnapshot` or `.heaptimeline`, plain, gzip-ed or zstd-compressed.
 * @param {string|Buffer|import('stream').Readable} input a path, the text, or a stream of it
 * @param {{ signal?: AbortSignal, onProgress?: Function, partial?: boolean }} [options]
 * @returns {Promise<HeapSnapshotAnalysis>}
 */
async function openHeapSnapshot(input, options) {
  const { partial = false, ...work } = checkWork(options);
  if (typeof partial !== 'boolean') throw invalidArgument('partial must be true or false.');
  if (typeof input?.[Symbol.asyncIterator] === 'function') {
    return new HeapSnapshotAnalysis(await openStream(input, partial, work), work.signal);
  }
  const [path, text] = inputOf(input);
  const native = await runTask(work, (task) => natives().NativeHeapAnalysis.open(path, text, partial, task));
  return new HeapSnapshotAnalysis(native, work.signal);
}

/**
 * Writes a copy of a snapshot without the contents of its strings.
 * @param {string|Buffer} input a path or the text
 * @param {string} output where to write, uncompressed
 * @param {object} [options] `redact` as of writeHeapSnapshot, default `'strings'`; `signal`, `onProgress`
 */
async function redactHeapSnapshot(input, output, options) {
  const { redact = 'strings', ...work } = checkWork(options);
  const wanted = checkRedact({ redact });
  if (!wanted) throw invalidArgument("redact must be 'strings' or an object { keep, keys, salt }.");
  const [path, text] = inputOf(input);
  const report = await writeWhole(output, (partial) => runTask(work, (task) => (
    natives().NativeHeapAnalysis.redact(path, text, partial, JSON.stringify(wanted), task)
  )));
  return { path: output, redacted: JSON.parse(report) };
}

module.exports = { HeapSnapshotAnalysis, openHeapSnapshot, redactHeapSnapshot };
