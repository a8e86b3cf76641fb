'use strict';
// CPU and sampling heap profiles, written in other formats.

const { invalidArgument } = require('../errors');
const { checkWork, inputOf, natives, runTask, writeWhole } = require('./task');

const FORMATS = ['inspector', 'collapsed', 'speedscope', 'pprof', 'svg'];

/** Whether this Node's URL parser keeps `^` in a path, and so its inspector in file URLs. */
const caretKept = () => new URL('file:///^').pathname === '/^';

/**
 * Converts a CPU profile or a sampling heap profile.
 * @param {string|Buffer|object} input a path, the text, or the profile
 * @param {string} output where to write; the file has this name only when it is whole
 * @param {{ to: string, name?: string, value?: 'count'|'amount', idle?: boolean, inverted?: boolean, signal?: AbortSignal,
 *   onProgress?: Function }} options
 * @returns {Promise<{ path: string, bytes: number, kind: 'cpu'|'heap' }>}
 */
async function convert(input, output, options) {
  const { to, signal, onProgress, ...rest } = checkWork(options);
  if (!FORMATS.includes(to)) throw invalidArgument(`options.to must be one of ${FORMATS.join(', ')}.`);
  const [path, text] = inputOf(input);
  const wanted = JSON.stringify({ name: path ?? 'profile', ...rest, to, caretKept: caretKept() });
  const report = await writeWhole(output, (partial) => runTask({ signal, onProgress }, (task) => (
    natives().NativeCpuAnalysis.convert(path, text, partial, wanted, task)
  )));
  return { path: output, ...JSON.parse(report) };
}

module.exports = { FORMATS, convert };
