'use strict';

const fs = require('fs');
const os = require('os');
const { limitBar, ratioBar } = require('../lib/bars');
const { MIB } = require('../lib/memory');
const { PAUSE_FORMS } = require('../lib/pause-forms');

/** How much less the longest stop must be than that of `v8.writeHeapSnapshot`, by Node major and heap in MB. */
const STOP_BARS = Object.freeze({
  20: { 20: 50, 100: 200, 300: 300, 1000: 300 },
  24: { 20: 30, 100: 100, 300: 150, 1000: 150 },
});

/** Runs by the smallest heap they are for, idle and under load: a snapshot of 1 000 MB stops a process for minutes. */
const RUNS = Object.freeze([
  { from: 1000, idle: { ours: 2, 'ours-gzip': 1, v8: 1, vpn: 1, heapdump: 1 }, load: { ours: 1 } },
  { from: 300, idle: { ours: 3, 'ours-gzip': 1, 'ours-stable': 2, v8: 2, vpn: 1, heapdump: 1 }, load: { ours: 2, v8: 1, vpn: 1, heapdump: 1 } },
  { from: 100, idle: { ours: 3, 'ours-gzip': 2, 'ours-stable': 3, v8: 3, vpn: 1, heapdump: 1 }, load: { ours: 2, 'ours-gzip': 1, v8: 1, vpn: 1, heapdump: 1 } },
  { from: 0, idle: { ours: 5, 'ours-gzip': 3, 'ours-stable': 3, v8: 5, vpn: 2, heapdump: 2 }, load: { ours: 3, 'ours-gzip': 2, v8: 2, vpn: 1, heapdump: 1 } },
]);

/** A capture that takes longer than this for every MB of heap, and a minute, is ended. */
const LIMIT_MS_PER_MB = 450;
/** V8 needs some 8 bytes for every byte of small objects; more, when the heap has to grow for the text. */
const MEMORY_PER_HEAP = 10;

const COLUMNS = [
  { title: 'longest stop, ms', metric: 'stopMs' },
  { title: 'the same without capture, ms', metric: 'stopWithoutMs' },
  { title: 'main-thread CPU, ms', metric: 'cpuMs', digits: 0 },
  { title: 'growth of the process, MiB', metric: 'parentBytes', scale: MIB },
  { title: 'the same, %', metric: 'parentPercent' },
  { title: 'growth with its child, MiB', metric: 'togetherBytes', scale: MIB, digits: 0 },
  { title: 'time to the file, ms', metric: 'wallMs', digits: 0 },
  { title: 'file, MB', metric: 'fileBytes', scale: 1e6 },
];

const RESPONSES = [
  { title: 'p50 without capture, ms', metric: 'p50Without', digits: 2 },
  { title: 'p50 during, ms', metric: 'p50', digits: 2 },
  { title: 'p99 without, ms', metric: 'p99Without', digits: 2 },
  { title: 'p99 during, ms', metric: 'p99', digits: 2 },
  { title: 'longest without, ms', metric: 'maxWithout' },
  { title: 'longest during, ms', metric: 'max' },
  { title: 'requests during', metric: 'requests', digits: 0 },
  { title: 'failed', metric: 'failed', digits: 0 },
];

function measurements(megabytes, load, { runs, quick }) {
  const most = RUNS.find(({ from }) => megabytes >= from)[load ? 'load' : 'idle'];
  const flags = ['--expose-gc', `--max-old-space-size=${Math.max(4096, megabytes * 8)}`];
  return Object.entries(most).map(([key, number]) => {
    const { label, package: name } = PAUSE_FORMS[key];
    const limitMs = 60000 + megabytes * LIMIT_MS_PER_MB;
    return { key, label, package: name, script: 'pause', job: { megabytes, load, quick }, flags, limitMs, runs: Math.min(runs, number) };
  });
}

/** The bars with nothing but the timer running. */
function idleBars(megabytes, rows) {
  const at = `${megabytes} MB`;
  const peer = rows.v8.results;
  const ours = rows.ours.results;
  const times = (STOP_BARS[process.versions.node.split('.')[0]] || {})[megabytes];
  const stop = times === undefined ? [] : [
    ratioBar({ text: `${at}: longest stop, v8.writeHeapSnapshot`, ours, peer, metric: 'stopMs', atMost: 1 / times, unit: 'ms' }),
  ];
  return [
    ...stop,
    ratioBar({ text: `${at}: main-thread CPU, v8.writeHeapSnapshot`, ours, peer, metric: 'cpuMs', atMost: 1 / 10, unit: 'ms' }),
    limitBar({ text: `${at}: growth of the process`, ours, metric: 'parentPercent', atMost: 5, unit: '%' }),
    ratioBar({ text: `${at}: growth with its child, v8.writeHeapSnapshot`, ours, peer, metric: 'togetherBytes', scale: MIB, atMost: 1.3, unit: 'MiB' }),
    ratioBar({ text: `${at}: time to the file, v8.writeHeapSnapshot`, ours, peer, metric: 'wallMs', atMost: 2, unit: 'ms' }),
    ratioBar({
      text: `${at}: file with gzip, without`, ours: rows['ours-gzip'].results, peer: ours, metric: 'fileBytes', scale: 1e6, atMost: 1 / 4, unit: 'MB',
    }),
  ];
}

function loadBars(megabytes, rows) {
  return [limitBar({ text: `${megabytes} MB: p99 of response times during the capture, of that without`, ours: rows.ours.results, metric: 'p99Ratio', atMost: 3, unit: 'times' })];
}

function onceNote(megabytes, load, list) {
  if (megabytes < 1000) return [];
  if (load) return ['The implementations that stop the process for minutes are not measured again under load: nothing is answered meanwhile.'];
  return [`Measured once, because it takes minutes: ${list.filter(({ runs }) => runs === 1).map(({ label }) => label).join(', ')}.`];
}

function available() {
  const found = /^MemAvailable:\s*(\d+)/m.exec(fs.readFileSync('/proc/meminfo', 'latin1'));
  return found ? Number(found[1]) * 1024 : os.freemem();
}

const KINDS = Object.freeze({
  idle: { load: false, title: 'only the 1 ms timer running', bars: idleBars, tables: [['', COLUMNS]] },
  load: { load: true, title: '200 requests a second', bars: loadBars, tables: [['', COLUMNS], [', response times', RESPONSES]] },
});

/** Snapshots of a heap of one size, idle and under load. */
function sectionOf(megabytes) {
  return async function run({ rounds, runs, quick, only = Object.keys(KINDS) }) {
    const title = `Node ${process.versions.node}, heap of ${megabytes} MB`;
    const section = { title, notes: [], tables: [], bars: [], measured: [] };
    if (available() < megabytes * MIB * MEMORY_PER_HEAP) {
      section.notes.push(`Left out: a snapshot in the process needs some ${Math.ceil(megabytes * MEMORY_PER_HEAP / 1024)} GiB of memory.`);
      return section;
    }
    for (const kind of only) {
      const { load, title: circumstances, bars, tables } = KINDS[kind];
      const list = measurements(megabytes, load, { runs, quick });
      const rows = await rounds.run(`${megabytes} MB, ${kind}`, list);
      for (const [what, columns] of tables) {
        section.tables.push({ title: `${megabytes} MB, ${circumstances}${what}`, columns, rows: Object.values(rows) });
      }
      section.bars.push(...bars(megabytes, rows));
      section.measured.push({ kind, megabytes, rows });
      section.notes.push(...onceNote(megabytes, load, list));
    }
    return section;
  };
}

module.exports = { KINDS: Object.keys(KINDS), sectionOf };
