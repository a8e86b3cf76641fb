'use strict';

const { ratioBar } = require('../lib/bars');
const { PIPE_FORMS } = require('../lib/pipe-forms');
const { SNAPSHOT_FORMS } = require('../lib/snapshot-forms');

/** The Nodes whose V8 searches the line ends of a script again for every closure of a snapshot. */
const SEARCHING = ['18', '20'].includes(process.versions.node.split('.')[0]);
const COLUMNS = [
  { title: 'longest stop, ms', metric: 'stopMs', digits: 0 },
  { title: 'main-thread CPU, ms', metric: 'cpuMs', digits: 0 },
];
const WHOLE_COLUMNS = [
  ...COLUMNS,
  { title: 'time to the file, ms', metric: 'wallMs', digits: 0 },
  { title: 'nodes', metric: 'nodes', digits: 0 },
];
const LOADERS = { file: 'required from a file', vm: 'run by vm in this context', 'vm-context': 'run by vm in a new context' };

/** Rows of taking alone: ours, the peers, and ours after `warmUp()`, which has found the line ends before. */
function takeForms(job, runs) {
  const measurements = ['ours', 'vpn', 'v8'].map((key) => {
    const { package: name } = PIPE_FORMS[key];
    const label = `${name}, ${key === 'v8' ? 'getHeapSnapshot()' : 'takeSnapshot()'}`;
    return { key, label, package: name, script: 'take', job, runs };
  });
  return [...measurements, { ...measurements[0], key: 'ours-warm', label: 'rs-profiler, takeSnapshot() after warmUp()', job: { ...job, form: 'ours', warm: true } }];
}

async function typescript({ rounds, runs, modules }) {
  const measurements = ['ours-modern', 'v8'].map((key) => {
    const { label, package: name } = SNAPSHOT_FORMS[key];
    return { key, label, package: name, script: 'large-script', job: { script: modules.typescript.path }, runs: Math.min(runs, 3) };
  });
  const rows = await rounds.run('large script', measurements);
  const pair = { ours: rows['ours-modern'].results, peer: rows.v8.results };
  return {
    table: { title: 'Heap snapshot with typescript.js loaded', columns: WHOLE_COLUMNS, rows: Object.values(rows) },
    bars: [ratioBar({ text: 'stop with a script of 9 MB, v8.writeHeapSnapshot', ...pair, metric: 'stopMs', atMost: 1 / 20, unit: 'ms' })],
  };
}

async function closures({ rounds, runs, quick }, loader) {
  const rows = await rounds.run(`closures, ${loader}`, takeForms({ loader, closures: quick ? 5000 : undefined }, Math.min(runs, 3)));
  const text = `120 000 closures of a script of 120 KB, ${LOADERS[loader]}`;
  const pair = { ours: rows.ours.results, peer: rows.v8.results };
  return {
    table: { title: `Taking a heap snapshot, ${text}`, columns: COLUMNS, rows: Object.values(rows) },
    bars: [ratioBar({ text: `${text}: stop, v8.getHeapSnapshot`, ...pair, metric: 'stopMs', atMost: 1 / 4, unit: 'ms' })],
  };
}

async function smallHeap({ rounds, runs }) {
  const rows = await rounds.run('small heap', takeForms({}, runs * 3));
  return { table: { title: 'Taking the first heap snapshot of a bare process', columns: COLUMNS, rows: Object.values(rows) }, bars: [] };
}

/** The stop of a heap snapshot where V8 has to search for line ends, and what sparing it that costs where it has not. */
async function run(context) {
  const parts = [await typescript(context)];
  for (const loader of Object.keys(LOADERS)) parts.push(await closures(context, loader));
  parts.push(await smallHeap(context));
  return {
    title: 'heap snapshot with a large script',
    notes: [
      `npm typescript ${context.modules.typescript.version} is loaded for the first table. The bars hold for Node 18 and 20, where V8 does not `
      + 'remember the line ends of a script; on others rs-profiler does nothing about them.',
      'warmUp() has found the line ends before: on the bare process, what it saves the snapshot is what finding them costs there.',
    ],
    tables: parts.map(({ table }) => table),
    bars: SEARCHING ? parts.flatMap(({ bars }) => bars) : [],
  };
}

module.exports = { name: 'large-script', run };
