'use strict';

/** How the time of our own analysis divides, against the floor of reading and decoding. */

const path = require('path');
const { median } = require('./statistics');
const { runProgram } = require('./program');

/** The thread of each phase that runs beside others; `crates/core/HEAP.md` says what they do. */
const ASIDE = new Set(['reverse edges', 'ownership', 'distances', 'classes']);

function rowsOf(floors, results) {
  const floor = (metric, label) => ({ label, results: floors.map((result) => ({ ms: result[metric] })) });
  const whole = median(results.map(({ wallMs }) => wallMs));
  const names = [...new Set(results.flatMap(({ phases }) => phases.map(([name]) => name)))];
  const phases = names.map((name) => ({
    label: `${name}${ASIDE.has(name) ? ', second thread' : name === 'reading' ? ', both threads' : ''}`,
    results: results.map((result) => {
      const ms = result.phases.filter(([phase]) => phase === name).reduce((sum, [, time]) => sum + time, 0);
      return { ms, share: ms / whole * 100 };
    }),
  }));
  return [floor('readMs', 'floor: reading the file, one core'), floor('decodeMs', 'floor: reading and decoding, one core'), ...phases];
}

/**
 * @param {{ available: boolean, path?: string }} core the program heap_classes; heap_floor lies beside it
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

module.exports = { phaseTable };
