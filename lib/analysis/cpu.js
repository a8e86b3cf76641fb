'use strict';
// Analysis of CPU profiles. All work is done on other threads; what comes back is plain data.

const { invalidArgument } = require('../errors');
const { Handle, idOf } = require('./handle');
const { checkWork, inputOf, natives, runTask } = require('./task');

/** Puts the children of a list of nodes, level by level, into the nodes. */
function nested({ functions, nodes }) {
  let next = 1;
  for (const node of nodes) {
    const { function: number, children } = node;
    delete node.function;
    Object.assign(node, number === null ? { functionName: '(root)' } : functions[number]);
    node.children = nodes.slice(next, next + children);
    next += children;
  }
  return nodes[0];
}

const functionOf = (fn) => idOf(fn, 'The function must be a row of top(), or its id');

class CpuProfileAnalysis {
  #handle;

  /**
   * @param {object} native the addon's analysis
   * @param {AbortSignal} [signal]
   */
  constructor(native, signal) {
    this.#handle = new Handle(native, 'profile', signal);
  }

  /** Sums over the whole profile. */
  summary(options) {
    return this.#handle.ask('summary', options);
  }

  /** Functions, those that cost most themselves first. */
  top(options) {
    return this.#handle.ask('top', options);
  }

  /** Paths from the outermost function inwards, or with `bottomUp` from each function to its callers. */
  async tree(options) {
    return nested(await this.#handle.ask('tree', options));
  }

  /** The functions that call `fn`; their totals add up to its total. */
  async callers(fn, options) {
    return this.#handle.ask('callers', { ...options, function: functionOf(fn) });
  }

  /** The functions that `fn` calls; their totals and its self add up to its total. */
  async callees(fn, options) {
    return this.#handle.ask('callees', { ...options, function: functionOf(fn) });
  }

  /** Lines that were hit, those that cost most first. */
  lines(options) {
    return this.#handle.ask('lines', options);
  }

  /** What the app, each npm package, Node and V8 cost. */
  groups(options) {
    return this.#handle.ask('groups', options);
  }

  /** The functions worth a look, with reasons. */
  hot(options) {
    return this.#handle.ask('hot', options);
  }

  /** Functions of this profile and of `base`, those whose share of the active time changed most first. */
  async compare(base, options) {
    if (!(base instanceof CpuProfileAnalysis)) throw invalidArgument('The base must come from openCpuProfile');
    return this.#handle.ask('compare', options, base.#handle);
  }

  /** Lets go of the profile. What is being asked rejects with an AbortError. */
  close() {
    this.#handle.close();
  }
}

/**
 * Opens a CPU profile of any shape.
 * @param {string|Buffer|object} input a path, the text, or the profile
 * @param {{ signal?: AbortSignal, onProgress?: Function }} [options]
 * @returns {Promise<CpuProfileAnalysis>}
 */
async function openCpuProfile(input, options) {
  const [path, text] = inputOf(input);
  const work = checkWork(options);
  const native = await runTask(work, (task) => natives().NativeCpuAnalysis.open(path, text, task));
  return new CpuProfileAnalysis(native, work.signal);
}

module.exports = { CpuProfileAnalysis, openCpuProfile };
