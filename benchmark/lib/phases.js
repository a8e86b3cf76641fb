'use strict';

/** How the time of our own analysis divides, against the floor of reading and decoding, and of following every edge once. */

const path = require('path');
const { MIB } = require('./memory');
const { runProgram } = require('./program');
const { median } = require('./statistics');

/** What runs where: `crates/core/src/analyze/heap/analysis.rs` says what they do. */
const SECOND = new Set(['reverse edges', 'ownership', 'distances']);

const FLOORS = [
  ['readMs', 'floor: reading the file, one core'],
  ['decodeMs', 'floor: reading and decoding, one core'],
  ['followMs', 'floor: following every edge once, one core'],
];

function where(name) {
  if (name === 'reading') return `${name}, both threads`;
  return SECOND.has(name) ? `${name}, second thread` : name;
}

function rowsOf(floors, results) {
  const floor = ([metric, label]) => ({ label, results: floors.map((result) => ({ ms: result[metric] })) });
  const whole = median(results.map(({ wallMs }) => wallMs));
  const names = [...new Set(results.flatMap(({ phases }) => phases.map(([name]) => name)))];
  const phases = names.map((name) => ({
    label: where(name),
    results: results.map((result) => {
      const ms = result.phases.filter(([phase]) => phase === name).reduce((sum, [, time]) => sum + time, 0);
      return { ms, share: ms / whole * 100 };
    }),
  }));
  return [...FLOORS.map(floor), ...phases];
}

/**
 * @param {{ available: boolean, path: string }} core the program heap_classes; heap_floor lies beside it
 * @param {string} file
 * @param {object[]} results of heap_classes
 * @returns {Promise<object | undefined>} a table, if there are results
 */
async function phaseTable(core, file, results) {
  const good = results.filter(({ phases }) => phases);
  if (!core.available || good.length === 0) return undefined;
  const program = path.join(path.dirname(core.path), 'heap_floor');
  const floors = [];
  for (let i = 0; i < good.length; i++) floors.push(await runProgram(program, () => [file], { limitMs: 60000 }));
  return {
    title: 'Phases of the core; those of the two threads overlap',
    columns: [{ title: 'ms', metric: 'ms', digits: 0 }, { title: '% of the whole time', metric: 'share', digits: 1 }],
    rows: rowsOf(floors.filter(({ failed }) => !failed), good),
  };
}

/** @returns {string[]} what the memory of the core is for, if there are results */
function memoryNotes(bytes, results) {
  const good = results.filter(({ graphBytes }) => graphBytes);
  if (good.length === 0) return [];
  const of = (metric) => median(good.map((result) => result[metric]));
  const shown = (metric) => `${Math.round(of(metric) / MIB)} MiB (${(of(metric) / bytes).toFixed(2)} x the file)`;
  return [`Memory of the core: the graph ${shown('graphBytes')}; most while reading ${shown('readPeakBytes')}, in all ${shown('peakBytes')}.`];
}

module.exports = { memoryNotes, phaseTable };
