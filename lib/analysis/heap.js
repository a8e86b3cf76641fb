'use strict';
// A heap snapshot that is open: asked on other threads, answered with plain data, and let go of.

const { runTask } = require('./task');
const { invalidArgument, makeError, native, nativeAsync } = require('../native/errors');
const { checkChoice, checkInteger, checkOptions, checkSignal } = require('../options/checks');

/** Rows that are told unless another limit is given, of what may have millions: JavaScript stands still while it reads them. */
const DEFAULT_LIMIT = 1000;
const MOST = 2 ** 32 - 1;
const FILTERS = ['duplicatedStrings', 'retainedByDetachedDom', 'retainedByConsole', 'retainedByContexts', 'retainedByEventHandlers'];
/** Of the heap, what a node must retain to be shown in a tree. */
const LEAST_SHARE = 0.001;
const DEEPEST = 64;

/** How many rows are wanted; undefined for all. */
function limitOf(options, fallback) {
  return options.limit === Infinity ? undefined : checkInteger(options, 'limit', fallback, 0, MOST);
}

/** The `id` of something: itself, or that of a row. `says` is the error's sentence. */
function idOf(row, says) {
  const id = typeof row === 'object' && row !== null ? row.id : row;
  if (!Number.isInteger(id) || id < 0 || id > MOST) throw invalidArgument(says);
  return id;
}

const nodeOf = (node) => idOf(node, 'The node must be a row of this analysis, or its id.');

/** A class as the addon takes it: a name, or the id of a row of `classes()`, whose name tells whether it is one of this analysis. */
function classOf(wanted) {
  if (typeof wanted === 'string') return { className: wanted };
  const classId = idOf(wanted, 'The class must be a row of classes(), its id, or a name.');
  const { name } = wanted;
  return { classId, ...(typeof name === 'string' && { className: name }) };
}

function checkShare({ leastShare = LEAST_SHARE }) {
  if (typeof leastShare === 'number' && leastShare >= 0 && leastShare <= 1) return leastShare;
  throw invalidArgument('leastShare must be a number from 0 to 1.', RangeError);
}

/** An opened heap snapshot. See `HeapSnapshotAnalysis` in lib/types/heap-analysis.d.ts. */
class HeapSnapshotAnalysis {
  /** The addon's; undefined when it was closed. */
  #native;
  /** What ends each question that is asked of it, or with it as the base. */
  #asked = new Set();

  constructor(opened) {
    this.#native = opened;
  }

  #open(closed) {
    if (!this.#native) throw makeError('DELETED', `${closed} was closed. Open the heap snapshot again.`);
    return this.#native;
  }

  /** The answer to a question; `known` are the options that it has besides `signal`. */
  async #ask(question, given, known = [], fields = () => ({}), base = undefined) {
    const options = checkOptions(given, [...known, 'signal']);
    const asked = { question, ...fields(options) };
    const openedBase = base && base.#open('The base');
    const opened = this.#open('This analysis');
    const both = new Set([this, base ?? this]);
    let closed = false;
    let end;
    try {
      const answer = await runTask({ signal: checkSignal(options) }, (task) => {
        end = () => {
          closed = true;
          task.cancel();
        };
        for (const each of both) each.#asked.add(end);
        return nativeAsync(() => opened.ask(asked, task, openedBase));
      });
      if (!closed) return JSON.parse(answer);
    } catch (error) {
      if (!closed || error.name === 'AbortError') throw error;
    } finally {
      for (const each of both) each.#asked.delete(end);
    }
    throw makeError('ABORTED', 'The analysis was closed before it had answered.');
  }

  #askOf(question, node, given, fallback) {
    return this.#ask(question, given, ['limit'], (options) => ({ id: nodeOf(node), limit: limitOf(options, fallback) }));
  }

  async summary(options) {
    return this.#ask('summary', options);
  }

  async statistics(options) {
    return this.#ask('statistics', options);
  }

  async classes(options) {
    return this.#ask('classes', options, ['filter', 'limit'], (checked) => ({
      filter: checked.filter === undefined ? undefined : checkChoice(checked, 'filter', FILTERS),
      limit: limitOf(checked),
    }));
  }

  async compare(base, options) {
    if (base === null || typeof base !== 'object' || !(#native in base)) {
      throw invalidArgument('The base must be an analysis that openHeapSnapshot of the same copy of rs-profiler gave.');
    }
    return this.#ask('compare', options, ['limit'], (checked) => ({ limit: limitOf(checked) }), base);
  }

  async node(node, options) {
    return this.#ask('node', options, [], () => ({ id: nodeOf(node) }));
  }

  async dominated(node, options) {
    return this.#askOf('dominated', node, options, DEFAULT_LIMIT);
  }

  async retainers(node, options) {
    return this.#askOf('retainers', node, options, DEFAULT_LIMIT);
  }

  async retainingPath(node, options) {
    return this.#ask('retainingPath', options, [], () => ({ id: nodeOf(node) }));
  }

  async allocationStack(node, options) {
    return this.#ask('allocationStack', options, [], () => ({ id: nodeOf(node) }));
  }

  async instances(wanted, options) {
    return this.#ask('instances', options, ['limit'], (checked) => ({ ...classOf(wanted), limit: limitOf(checked, DEFAULT_LIMIT) }));
  }

  async duplicatedStrings(options) {
    return this.#ask('duplicatedStrings', options, ['limit'], (checked) => ({ limit: limitOf(checked, DEFAULT_LIMIT) }));
  }

  async dominatorTree(options) {
    return this.#ask('dominatorTree', options, ['id', 'leastShare', 'deepest'], (checked) => ({
      id: checked.id === undefined ? undefined : nodeOf(checked.id),
      leastShare: checkShare(checked),
      deepest: checkInteger(checked, 'deepest', DEEPEST, 0, DEEPEST),
    }));
  }

  close() {
    const opened = this.#native;
    this.#native = undefined;
    for (const end of this.#asked) end();
    if (opened) native(() => opened.close());
  }
}

// `using analysis = await openHeapSnapshot(file)`, where the runtime has it.
if (Symbol.dispose) {
  const { prototype } = HeapSnapshotAnalysis;
  Object.defineProperty(prototype, Symbol.dispose, { __proto__: null, value: prototype.close, writable: true, configurable: true });
}

module.exports = { HeapSnapshotAnalysis };
