'use strict';

const { limitBar, ratioBar } = require('../lib/bars');
const { MIB } = require('../lib/memory');
const { PAUSE_FORMS } = require('../lib/pause-forms');

/** How much less the longest stop must be than that of `v8.writeHeapSnapshot`, by Node major and smallest heap in MB. */
const STOP_BARS = Object.freeze({
  20: [[300, 300], [100, 200], [20, 50]],
  24: [[300, 150], [100, 100], [20, 30]],
});

/** Runs by the smallest heap they are for: a snapshot of 1 000 MB in the process stops it for minutes. */
const RUNS = Object.freeze([
  { from: 1000, idle: { ours: 3, fork: 3, v8: 1, vpn: 1, heapdump: 1 }, load: { ours: 2, fork: 2, v8: 1 }, memory: { ours: 2, v8: 1 } },
  {
    from: 300,
    idle: { ours: 3, fork: 3, v8: 2, vpn: 1, heapdump: 1 },
    load: { ours: 3, fork: 3, v8: 1, vpn: 1, heapdump: 1 },
    memory: { ours: 2, v8: 1 },
  },
  {
    from: 100,
    idle: { ours: 5, fork: 5, v8: 3, vpn: 2, heapdump: 2 },
    load: { ours: 3, fork: 3, v8: 2, vpn: 1, heapdump: 1 },
    memory: { ours: 3, v8: 2 },
  },
  {
    from: 0,
    idle: { ours: 7, fork: 7, v8: 5, vpn: 3, heapdump: 3 },
    load: { ours: 5, fork: 5, v8: 3, vpn: 2, heapdump: 2 },
    memory: { ours: 3, v8: 3 },
  },
]);
/** The forms whose number of runs `--runs` says; of the others it is the most. */
const MAIN = ['ours', 'fork', 'v8'];

/** A capture that takes longer than this for every MB of heap, and two minutes, is ended. */
const LIMIT_MS_PER_MB = 900;

const STOPS = [
  { title: 'longest stop, ms', metric: 'stopMs' },
  { title: 'the same without capture, ms', metric: 'stopWithoutMs' },
  { title: 'the call or calls, ms', metric: 'pauseMs' },
  { title: 'main-thread CPU, ms', metric: 'cpuMs' },
  { title: 'growth of the process, %', metric: 'parentPercent' },
  { title: 'less that without capture, %', metric: 'growthPercent' },
  { title: 'time to the file, ms', metric: 'wallMs', digits: 0 },
  { title: 'file, MB', metric: 'fileBytes', scale: 1e6 },
  { title: 'children tried', metric: 'attempts', digits: 0 },
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

const MEMORY = [
  { title: 'resident before, MiB', metric: 'startBytes', scale: MIB, digits: 0 },
  { title: 'growth of the process, MiB', metric: 'parentBytes', scale: MIB },
  { title: 'the same, %', metric: 'parentPercent' },
  { title: 'growth with its child, PSS, MiB', metric: 'togetherPss', scale: MIB, digits: 0 },
  { title: 'the same, RSS, MiB', metric: 'togetherRss', scale: MIB, digits: 0 },
  { title: 'cowBytes, MiB', metric: 'cowBytes', scale: MIB },
  { title: 'looks at a child', metric: 'looks', digits: 0 },
];

function measurements(megabytes, kind, { runs, quick, tools }) {
  const most = RUNS.find(({ from }) => megabytes >= from)[kind];
  const flags = ['--expose-gc', `--max-old-space-size=${Math.max(4096, Math.ceil(megabytes) * 8)}`];
  const chosen = Object.entries(most).filter(([key]) => !tools || tools.includes(key));
  return chosen.map(([key, number]) => {
    const { label, package: name } = PAUSE_FORMS[key];
    const limitMs = 120000 + megabytes * LIMIT_MS_PER_MB;
    const times = runs === undefined ? number : MAIN.includes(key) ? runs : Math.min(runs, number);
    return { key, label, package: name, script: 'pause', job: { megabytes, kind, quick }, flags, limitMs, runs: times };
  });
}

/** The bars that hold with and without requests. */
function stopBars(at, megabytes, rows) {
  const results = (key) => (rows[key] ? rows[key].results : []);
  const pair = { ours: results('ours'), peer: results('v8') };
  const [, times] = (STOP_BARS[process.versions.node.split('.')[0]] || []).find(([from]) => megabytes >= from) || [];
  const stop = times === undefined ? [] : [
    ratioBar({ text: `${at}: longest stop, v8.writeHeapSnapshot`, ...pair, metric: 'stopMs', atMost: 1 / times, unit: 'ms' }),
  ];
  return [
    ...stop,
    ratioBar({ text: `${at}: longest stop, a bare fork()`, ours: pair.ours, peer: results('fork'), metric: 'stopMs', atMost: 2, unit: 'ms' }),
    ratioBar({ text: `${at}: main-thread CPU, v8.writeHeapSnapshot`, ...pair, metric: 'cpuMs', atMost: 1 / 10, unit: 'ms' }),
    ratioBar({ text: `${at}: time to the file, v8.writeHeapSnapshot`, ...pair, metric: 'wallMs', atMost: 2, unit: 'ms' }),
    limitBar({ text: `${at}: growth of the process, less that without capture`, ours: pair.ours, metric: 'growthPercent', atMost: 5, unit: '%' }),
  ];
}

function loadBars(at, megabytes, rows) {
  const ours = rows.ours ? rows.ours.results : [];
  return [
    ...stopBars(at, megabytes, rows),
    limitBar({ text: `${at}: p99 of response times during the capture, of that without`, ours, metric: 'p99Ratio', atMost: 3, unit: 'times' }),
  ];
}

function memoryBars(at, megabytes, { ours, v8 }) {
  // What v8.writeHeapSnapshot adds is all its own: its PSS and RSS grow alike.
  const peer = (v8 ? v8.results : []).map(({ parentBytes }) => ({ togetherPss: parentBytes }));
  const text = `${at}: growth with its child (PSS), v8.writeHeapSnapshot`;
  return [ratioBar({ text, ours: ours ? ours.results : [], peer, metric: 'togetherPss', scale: MIB, atMost: 1.3, unit: 'MiB' })];
}

const KINDS = Object.freeze({
  idle: { title: 'only the 1 ms timer running', bars: stopBars, tables: [['', STOPS]] },
  load: { title: '200 requests a second', bars: loadBars, tables: [['', STOPS], [', response times', RESPONSES]] },
  memory: { title: 'memory', bars: memoryBars, tables: [['', MEMORY]] },
});

/** Where a peer cannot be built or loaded, or died. */
function explained(row) {
  return row.results.length > 0 || !row.reason ? row : { ...row, reason: `does not start here: ${row.reason}` };
}

/** Snapshots of a heap of one size: idle, under load, and their memory. */
async function run({ rounds, megabytes, runs, quick, tools, only = Object.keys(KINDS) }) {
  const section = { title: `Node ${process.versions.node}, heap of ${megabytes} MB`, notes: [], tables: [], bars: [], measured: [] };
  for (const kind of only) {
    const { title, bars, tables } = KINDS[kind];
    const rows = await rounds.run(`${megabytes} MB, ${kind}`, measurements(megabytes, kind, { runs, quick, tools }));
    const shown = Object.values(rows).map(explained);
    for (const [what, columns] of tables) section.tables.push({ title: `${megabytes} MB, ${title}${what}`, columns, rows: shown });
    section.bars.push(...bars(`${megabytes} MB, ${kind}`, megabytes, rows));
    section.measured.push({ kind, megabytes, rows });
  }
  return section;
}

module.exports = { KINDS: Object.keys(KINDS), run };
