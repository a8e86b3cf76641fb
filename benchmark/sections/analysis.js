'use strict';

/** From a file to the class table with retained sizes: ours in Node and in Rust, and the peers. One section for each file. */

const path = require('path');
const { inputFor, warm } = require('../lib/analysis-inputs');
const { asRatio, limitBar, ratioBar } = require('../lib/bars');
const { MIB } = require('../lib/memory');
const { memoryNotes, phaseTable } = require('../lib/phases');
const { runProgram } = require('../lib/program');

const CHILD = path.join(__dirname, '..', 'children', 'analysis.js');
/** Generous enough for V8 to need no second thought; a tab of Chrome has less. */
const HEAP = '--max-old-space-size=16000';
const LIMIT_MS = 300000;

/** By form, which is the name of its package: how it is called. `most` bounds the runs on the largest file, where peers take minutes. */
const FORMS = Object.freeze({
  'rs-profiler': { label: 'rs-profiler, openHeapSnapshot and classes() in Node', most: 5 },
  'rs-profiler-core': { label: 'rs-profiler, its core in a program of Rust', most: 5, program: (file, begin) => [file, '--json', String(begin)] },
  'v8-heap-parser': { label: 'v8-heap-parser, in a program of Rust', most: 3, program: (file, begin) => [file, String(begin)] },
  'chrome-devtools-frontend': { label: 'Chrome DevTools\' worker, its two threads in Node', most: 2 },
  '@memlab/heap-analysis': { label: '@memlab/heap-analysis in Node', most: 1 },
  '@heap-snapshot/tool': { label: '@heap-snapshot/tool summary', most: 3, program: (file) => ['summary', file], fromOutside: true },
});

/** The bars and goals, which hold from 330 MB on. */
const WALL = [['v8-heap-parser', 4, 6], ['chrome-devtools-frontend', 8, 15]];
const MEMORY = { atMost: 1.3, goal: 1.1 };

function measure(form, module, { file, bytes }) {
  const { program, fromOutside } = FORMS[form];
  const command = program ? module : process.execPath;
  const argumentsAt = program
    ? (begin) => program(file, begin)
    : (begin) => [HEAP, CHILD, JSON.stringify({ form, module, file, begin })];
  return runProgram(command, argumentsAt, { limitMs: LIMIT_MS, fromOutside })
    .then((result) => ({ ...result, ofFile: result.peakBytes / bytes, cores: result.cpuMs / result.wallMs }));
}

function measurements(input, runs) {
  return Object.entries(FORMS).map(([form, { label, most }]) => ({
    key: form,
    label,
    package: form,
    runs: input.name === '1700' ? Math.min(runs, most) : runs,
    run: (module) => measure(form, module, input),
  }));
}

const COLUMNS = [
  { title: 'time, s', metric: 'wallMs', scale: 1000, digits: 2 },
  { title: 'CPU, s', metric: 'cpuMs', scale: 1000, digits: 2 },
  { title: 'cores', metric: 'cores', digits: 1 },
  { title: 'peak memory, MiB', metric: 'peakBytes', scale: MIB, digits: 0 },
  { title: 'peak / file', metric: 'ofFile', digits: 2 },
];

function barsOf({ name, title }, rows) {
  if (name === '50') return [];
  const ours = rows['rs-profiler'].results;
  const memory = limitBar({ text: `${title}: peak memory`, ours, metric: 'ofFile', atMost: MEMORY.atMost, unit: 'x the file' });
  if (name === 'strings') return [memory];
  const walls = WALL.map(([peer, part]) => ratioBar({
    text: `${title}: time, ${peer}`, ours, peer: rows[peer].results, metric: 'wallMs', atMost: 1 / part, unit: 's', scale: 1000,
  }));
  return [...walls, memory];
}

/** Where the goals beyond the bars are. */
function goalsOf({ name }, bars) {
  if (!/^\d{3,}$/.test(name)) return [];
  const goals = [...WALL.map(([, , goal]) => 1 / goal), MEMORY.goal];
  const said = bars.map(({ text, value }, i) => {
    const shown = i < WALL.length ? asRatio : (number) => `${number.toFixed(2)} x the file`;
    const found = value === undefined ? 'not measured' : `${shown(value)}${value <= goals[i] ? ', reached' : ''}`;
    return `${text.split(': ').pop()} ${shown(goals[i])} (${found})`;
  });
  return [`Goals beyond the bars: ${said.join('; ')}.`];
}

/** Whether ours and DevTools' have the same rows: names, counts, sizes, distances. */
function agreement(rows) {
  const tables = (form) => rows[form].results.map(({ table }) => table).filter(Boolean);
  const [ours] = tables('rs-profiler');
  const theirs = tables('chrome-devtools-frontend');
  if (ours === undefined || theirs.length === 0) return 'The rows could not be set beside those of DevTools.';
  const same = new Set([...tables('rs-profiler'), ...theirs]).size === 1;
  return same ? 'All rows are those of DevTools: name, count, shallow and retained size, distance.' : '**Rows differ from those of DevTools.**';
}

/** What the measured figures say, without measuring. */
function sectionFrom(input, rows, phases) {
  const bars = barsOf(input, rows);
  return {
    title: `${input.title}: ${(input.bytes / 1e6).toFixed(0)} MB`,
    notes: [agreement(rows), ...goalsOf(input, bars), ...memoryNotes(input.bytes, rows['rs-profiler-core'].results)],
    tables: [{ title: 'From the file to the class table', columns: COLUMNS, rows: Object.values(rows) }, ...(phases ? [phases] : [])],
    bars,
    rows,
  };
}

/**
 * @param {string} name of a snapshot
 * @param {{ rounds: import('../lib/rounds').Rounds, modules: object, runs: number }} context
 * @returns {Promise<object>} a section
 */
async function run(name, { rounds, modules, runs }) {
  const input = inputFor(name);
  warm(input.file);
  const rows = await rounds.run(input.title, measurements(input, runs));
  const phases = await phaseTable(modules['rs-profiler-core'], input.file, rows['rs-profiler-core'].results);
  return { input: name, bytes: input.bytes, ...sectionFrom(input, rows, phases) };
}

module.exports = { FORMS, run, sectionFrom };
