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
 * Opens a heap snapshot.
 * @param {import('../context').Context} context
 * @param {string} file `-` is standard input
 */
async function openHeap(context, file) {
  const partial = Boolean(context.values.partial);
  const isStdin = file === STDIN;
  const name = isStdin ? 'standard input' : oneLine(file);
  const { onProgress, wipe } = progressLine(context.process.stderr, isStdin ? name : path.basename(name));
  const signal = endAtInterrupt(context, wipe);
  try {
    const input = isStdin ? context.process.stdin : path.resolve(file);
    const analysis = await rsProfiler.openHeapSnapshot(input, { partial, signal, ...(onProgress && { onProgress }) });
    wipe();
    const { truncation } = partial ? await analysis.summary() : {};
    if (truncation) context.note(cutOff(name, truncation));
    return analysis;
  } catch (error) {
    wipe();
    throw described(error, name);
  }
}

module.exports = { openHeap };
