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

const SYSTEM = {
  ENOENT: (name) => `There is no file ${name}.`,
  EISDIR: (name) => `${name} is a folder, not a file.`,
  EACCES: (name) => `${name} may not be read (EACCES).`,
};

/** What is wrong, with the name of the file: there can be two. */
function described(error, name) {
  const text = SYSTEM[error.code]?.(name) ?? `${name}: ${error.message}`;
  const isCut = error.code === 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT';
  return new Error(isCut ? `${text} --partial takes what is whole.` : text);
}

/** Errors that tell of the file, and not of the package. */
const isOfFile = ({ code }) => /^(E[A-Z]+|ERR_RS_PROFILER_(INVALID|TRUNCATED)_SNAPSHOT)$/.test(code);

const cutOff = (name, { section, offset, nodes, promisedNodes, edges, promisedEdges }) => `${name} is cut off in its part "${section}", `
  + `at byte ${count(offset)}: these are ${count(nodes)} of ${count(promisedNodes)} nodes and ${count(edges)} of ${count(promisedEdges)} edges.`;

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
    throw isOfFile(error) ? described(error, name) : error;
  }
}

module.exports = { openHeap };
