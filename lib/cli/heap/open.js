'use strict';
// Opens heap snapshots for a command: shows how far it has come, and says of a file that cannot be read which one it is.

const path = require('path');
const rsProfiler = require('../../..');
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
 * Reads a heap snapshot by `read(input, options)`, which receives the options of all work.
 * @param {import('../context').Context} context
 * @param {string} file `-` is standard input
 */
async function readHeap(context, file, read) {
  const isStdin = file === STDIN;
  const name = isStdin ? 'standard input' : oneLine(file);
  const { onProgress, wipe } = progressLine(context.process.stderr, isStdin ? name : path.basename(name));
  const signal = endAtInterrupt(context, wipe);
  try {
    const found = await read(isStdin ? context.process.stdin : path.resolve(file), { signal, ...(onProgress && { onProgress }) });
    wipe();
    return { found, name };
  } catch (error) {
    wipe();
    throw described(error, name);
  }
}

function tellOfCut(context, name, truncation) {
  if (truncation) context.note(cutOff(name, truncation));
}

/** Opens a heap snapshot. */
async function openHeap(context, file) {
  const { partial = false, index = false } = context.values;
  if (index && file === STDIN) throw new Error('Standard input can have no index: name a file, or leave --index out.');
  const { found, name } = await readHeap(context, file, (input, options) => rsProfiler.openHeapSnapshot(input, { ...options, partial, index }));
  if (partial) tellOfCut(context, name, (await found.summary()).truncation);
  return found;
}

/** Sums up a heap snapshot in one pass; of one that is cut off, what there is. */
async function summarizeHeap(context, file) {
  const { found, name } = await readHeap(context, file, rsProfiler.summarizeHeapSnapshot);
  tellOfCut(context, name, found.truncation);
  return found;
}

module.exports = { openHeap, summarizeHeap };
