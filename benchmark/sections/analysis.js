'use strict';

/** From a file to the class table with retained sizes: ours in Node and in Rust, and the peers. One section for each file. */

const path = require('path');
const { inputFor } = require('../lib/analysis-inputs');
const { limitBar, ratioBar } = require('../lib/bars');
const { MIB } = require('../lib/memory');
const { phaseTable } = require('../lib/phases');
const { runProgram } = require('../lib/program');

const CHILD = path.join(__dirname, '..', 'children', 'analysis.js');
/** Generous enough for V8 to need no second thought; a tab of Chrome has less. */
const HEAP = '--max-old-space-size=16000';

/** By form: how it is named, and the command. `most` bounds the runs on the largest file, where peers take minutes. */
const FORMS = {
  'rs-profiler': { label: 'rs-profiler, openHeapSnapshot and classes() in Node', most: 5 },
  'rs-profiler-core': { label: 'rs-profiler, its core in a Rust program', most: 5, rust: true },
  'v8-heap-parser': { label: 'v8-heap-parser, in a Rust program', most: 3, rust: true },
  'chrome-devtools-frontend': { label: 'Chrome DevTools\' worker, its two threads in Node', most: 2 },
  memlab: { label: '@memlab/heap-analysis in Node', most: 1 },
};

function command(form, module, file) {
  if (form === 'rs-profiler-core') return [module, (begin) => [file, '--json', String(begin)]];
  if (form === 'v8-heap-parser') return [module, (begin) => [file, String(begin)]];
  return [process.execPath, (begin) => [HEAP, CHILD, JSON.stringify({ form, module, file, begin })]];
}

function measurements({ name, file, bytes }, runs, limitMs) {
  return Object.entries(FORMS).map(([form, { label, most }]) => ({
    key: form,
    label,
    package: form,
    runs: name === '1700' ? Math.min(runs, most) : runs,
    run: async (module) => {
      const result = await runProgram(...command(form, module, file), { limitMs });
      return { ...result, ofFile: result.peakBytes / bytes };
    },
  }));
}

const COLUMNS = [
  { title: 'time, s', metric: 'wallMs', scale: 1000, digits: 2 },
  { title: 'CPU, s', metric: 'cpuMs', scale: 1000, digits: 2 },
  { title: 'peak memory, MiB', metric: 'peakBytes', scale: MIB, digits: 0 },
  { title: 'peak / file', metric: 'ofFile', digits: 2 },
];

/** The bars, which hold from 330 MB on. */
function barsOf({ name, title }, rows) {
  const ours = rows['rs-profiler'].results;
  const memory = limitBar({ text: `${title}: peak memory`, ours, metric: 'ofFile', atMost: 1.3, unit: 'x the file' });
  if (name === 'strings') return [memory];
  if (name === '50') return [];
  const wall = (peer, atMost) => ratioBar({
    text: `${title}: time, ${peer}`, ours, peer: rows[peer].results, metric: 'wallMs', atMost, unit: 's', scale: 1000,
  });
  return [wall('v8-heap-parser', 1 / 4), wall('chrome-devtools-frontend', 1 / 8), memory];
}

/** Whether ours and DevTools' have the same rows: names, counts, sizes, distances. */
function agreement(rows) {
  const tables = (form) => rows[form].results.map(({ table }) => table).filter(Boolean);
  const [ours] = tables('rs-profiler');
  const theirs = tables('chrome-devtools-frontend');
  if (ours === undefined || theirs.length === 0) return 'The rows could not be set beside those of DevTools.';
  const same = new Set([ours, ...tables('rs-profiler'), ...theirs]).size === 1;
  return same ? 'All rows are those of DevTools: name, count, shallow and retained size, distance.' : '**Rows differ from those of DevTools.**';
}

/**
 * @param {string} name of a snapshot
 * @returns {(context: { rounds: import('../lib/rounds').Rounds, modules: object, runs: number }) => Promise<object>} a section
 */
function sectionOf(name) {
  return async ({ rounds, modules, runs }) => {
    const input = inputFor(name);
    const title = `${input.title}: ${(input.bytes / 1e6).toFixed(0)} MB`;
    const rows = await rounds.run(title, measurements(input, runs, 240000));
    const main = { title: 'From the file to the class table', columns: COLUMNS, rows: Object.values(rows) };
    const phases = await phaseTable(modules['rs-profiler-core'], input.file, rows['rs-profiler-core'].results);
    return { title, notes: [agreement(rows)], tables: phases ? [main, phases] : [main], bars: barsOf(input, rows), rows };
  };
}

module.exports = { sectionOf };
