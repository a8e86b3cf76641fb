'use strict';
// Opens heap snapshots for a command: shows how far it has come, and says of a file that cannot be read which one it is.

const path = require('path');
const rsProfiler = require('../../..');
const { Mistake } = require('../context');
const { count } = require('../format');
const { progressLine } = require('../terminal');
const { oneLine } = require('../text');

/** As shells say of a process that SIGINT ended. */
const INTERRUPTED = 130;
const STDIN = '-';

/** What is wrong with a file, by the code of an error. */
const FAULTS = {
  ENOENT: (name) => `There is no file ${name}.`,
  EISDIR: (name) => `${name} is a folder, not a file.`,
  ERR_RS_PROFILER_INVALID_SNAPSHOT: (name, { message }) => `${name}: ${message}`,
  ERR_RS_PROFILER_TRUNCATED_SNAPSHOT: (name, { offset, section }) => (
    offset === 0 ? `${name} is empty.` : `${name} is cut off: it ends at byte ${count(offset)}, in its section "${section}" (--partial takes what is whole).`
  ),
  ERR_RS_PROFILER_INDEX_NOT_WRITTEN: (name, { path: index }) => (
    `The index ${oneLine(index)} cannot be written: leave out --index, or copy ${name} to a folder that you may write to.`
  ),
};

/** The error with the name of the file, where it tells of the file: there can be two. */
function described(error, name) {
  const { code = '' } = error;
  if (code in FAULTS) return new Error(FAULTS[code](name, error));
  return /^E[A-Z]+$/.test(code) ? new Error(`${name} cannot be read (${code}).`) : error;
}

const cutOff = (name, { section, offset, nodes, promisedNodes, edges, promisedEdges }) => `${name} is cut off at byte ${count(offset)}, in its `
  + `section "${section}": these are ${count(nodes)} of ${count(promisedNodes)} nodes and ${count(edges)} of ${count(promisedEdges)} edges.`;

/** Ctrl-C ends the process at once, also while another thread works. */
function endAtInterrupt(context, wipe) {
  const ending = new AbortController();
  context.process.once('SIGINT', () => {
    ending.abort();
    wipe();
    context.process.exit(INTERRUPTED);
  });
  return ending.signal;
}

/**
 * Reads a heap snapshot with one of the functions of the package.
 * @param {string} file `-` is standard input
 * @param {(input: unknown, options: object) => Promise} read
 */
async function readHeap(context, file, read) {
  const isStdin = file === STDIN;
  const name = isStdin ? 'standard input' : oneLine(file);
  const { onProgress, wipe } = progressLine(context.process.stderr, isStdin ? name : path.basename(name));
  const signal = endAtInterrupt(context, wipe);
  try {
    const input = isStdin ? context.process.stdin : path.resolve(file);
    const found = await read(input, { signal, ...(onProgress && { onProgress }) });
    wipe();
    return { found, name };
  } catch (error) {
    wipe();
    throw described(error, name);
  }
}

/**
 * Opens a heap snapshot.
 * @param {import('../context').Context} context
 */
async function openHeap(context, file) {
  const { partial = false, index = false } = context.values;
  if (index && file === STDIN) throw new Mistake('Standard input can have no index: give the path of a file.');
  const { found: analysis, name } = await readHeap(context, file, (input, options) => (
    rsProfiler.openHeapSnapshot(input, { partial, index, ...options })
  ));
  const { truncation } = partial ? await analysis.summary() : {};
  if (truncation) context.note(cutOff(name, truncation));
  return analysis;
}

/** Sums a heap snapshot up, as far as it goes. */
async function summarizeHeap(context, file) {
  const { found, name } = await readHeap(context, file, rsProfiler.summarizeHeapSnapshot);
  if (found.truncation) context.note(cutOff(name, found.truncation));
  return found;
}

module.exports = { openHeap, summarizeHeap };
