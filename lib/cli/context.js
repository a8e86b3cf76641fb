'use strict';
// What every command works with: its values, its inputs, and where its answer goes.

const path = require('path');
const rsProfiler = require('../..');
const { biggest } = require('../report/trim');
const { count } = require('./format');
const { progressBar, terminalOf } = require('./terminal');

/** A mistake in the command line: exit code 2. */
class UsageError extends Error {}

/** All of stdin. */
async function readStdin() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const cutOff = ({ section, offset, nodes, promisedNodes, edges, promisedEdges }) => `The file is cut off in its section "${section}" at byte `
  + `${count(offset)}: ${count(nodes)} of ${count(promisedNodes)} nodes and ${count(edges)} of ${count(promisedEdges)} edges were read.`;

class Context {
  constructor({ values, files, signal }) {
    this.values = values;
    this.files = files;
    this.signal = signal;
    this.terminal = terminalOf(process.stdout, process.env);
    /** Whether the answer is wanted as JSON; tables then need not be made. */
    this.json = Boolean(values.json);
    this.limit = values.limit === undefined ? undefined : wholeNumber(values.limit, '--limit');
  }

  /** Rows of an answer: as many as `--limit` says; in tables as many as fit a look. */
  rows(usual) {
    return { limit: this.limit ?? (this.json ? undefined : usual) };
  }

  /** A tree as it is, or as many of its nodes as `--limit` says: those of which `weightOf` is greatest. */
  biggest(tree, weightOf) {
    if (this.limit === undefined) return tree;
    return biggest(tree, Math.max(this.limit, 1), weightOf, (node, children) => ({ ...node, children }));
  }

  /** Work with a progress bar. `onProgress` and `signal` are handed to `work`. */
  async working(file, work) {
    const { onProgress, wipe } = progressBar(process.stderr, file === '-' ? 'stdin' : path.basename(file));
    try {
      return await work({ onProgress, signal: this.signal });
    } finally {
      wipe();
    }
  }

  /** Opens a heap snapshot; `-` is stdin. */
  heap(file) {
    const partial = Boolean(this.values.partial);
    const input = file === '-' ? process.stdin : file;
    return this.working(file, async (options) => {
      const analysis = await rsProfiler.openHeapSnapshot(input, { ...options, partial });
      const { truncation } = partial ? await analysis.summary() : {};
      if (truncation) process.stderr.write(`rs-profiler: ${cutOff(truncation)}\n`);
      return analysis;
    });
  }

  /** A CPU profile's path or text; `-` is stdin. */
  async profile(file) {
    return file === '-' ? readStdin() : file;
  }

  /** Opens a CPU profile. */
  async cpu(file) {
    const input = await this.profile(file);
    return this.working(file, (options) => rsProfiler.openCpuProfile(input, options));
  }

  /** Prints text for people; nothing when JSON is wanted. */
  print(text = '') {
    if (!this.json) process.stdout.write(`${text}\n`);
  }

  /** Prints a table for people. */
  table(columns, rows) {
    const { table } = require('./table');
    if (!this.json) process.stdout.write(table(columns, rows, this.terminal));
  }

  /** Prints the answer for machines, when it is wanted. */
  answer(result) {
    if (this.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  }
}

function wholeNumber(text, name) {
  if (!/^\d+$/.test(text) || Number(text) > Number.MAX_SAFE_INTEGER) {
    throw new UsageError(`${name} must be a whole number, not '${text}'.`);
  }
  return Number(text);
}

module.exports = { Context, UsageError, wholeNumber };
