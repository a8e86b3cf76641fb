'use strict';

/** What the analysis says of the files: the leak by its name, and the hot function. */

const { openCpuProfile, openHeapSnapshot } = require('../../..');

/** How an anonymous function is shown. */
const nameOf = ({ functionName }) => functionName || '(anonymous)';

/**
 * What leaks between two snapshots of one process.
 * @param {string} earlier a file
 * @param {string} later a file
 * @returns {Promise<import('../../..').LeakSuspect[]>} the worst first
 */
async function leaks(earlier, later) {
  const [base, analysis] = [await openHeapSnapshot(earlier), await openHeapSnapshot(later)];
  return analysis.suspects({ base });
}

/**
 * The functions worth a look.
 * @param {string} file a CPU profile
 * @returns {Promise<import('../../..').CpuHotRow[]>} the hottest first
 */
async function hotFunctions(file) {
  return (await openCpuProfile(file)).hot();
}

/** One suspect, as lines: the sentence, and the way to it. */
function suspectLines({ sentence, path }) {
  const way = path.map(({ name, edgeName, place }) => `      ${name} .${edgeName}${place ? `  (${place.url}:${place.lineNumber})` : ''}`);
  return [`  ${sentence}`, ...way];
}

/** One hot function, as a line. */
function hotLine(row) {
  const place = row.url ? ` (${row.url}:${row.lineNumber})` : '';
  return `  ${nameOf(row)}${place}: ${row.reasons.join('; ')}`;
}

module.exports = { hotFunctions, hotLine, leaks, suspectLines };
