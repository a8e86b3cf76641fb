'use strict';

const { ratioBar } = require('../lib/bars');
const { MIB } = require('../lib/memory');
const { SNAPSHOT_FORMS } = require('../lib/snapshot-forms');

const FLAGS = ['--expose-gc', '--max-old-space-size=4096'];
/** The forms that the bars are about; the others are there for orientation and run less often. */
const MAIN = ['ours', 'ours-modern', 'vpn'];

const EXPORT_COLUMNS = [
  { title: 'longest stop, ms', metric: 'exportStopMs' },
  { title: 'main-thread CPU, ms', metric: 'exportCpuMs' },
  { title: 'time to the file, ms', metric: 'exportWallMs', digits: 0 },
  { title: 'memory over the snapshot, MiB', metric: 'exportPeakBytes', scale: MIB },
  { title: 'take, ms', metric: 'takeMs', digits: 0 },
  { title: 'delete, ms', metric: 'deleteMs' },
];

const WHOLE_COLUMNS = [
  { title: 'stopped in all, ms', metric: 'stoppedMs', digits: 0 },
  { title: 'main-thread CPU, ms', metric: 'cpuMs', digits: 0 },
  { title: 'time to the file, ms', metric: 'wallMs', digits: 0 },
  { title: 'peak memory, MiB', metric: 'peakBytes', scale: MIB, digits: 0 },
  { title: 'file, MB', metric: 'fileBytes', scale: 1e6 },
  { title: 'nodes, million', metric: 'nodes', scale: 1e6, digits: 2 },
];

function runsFor(key, megabytes, runs) {
  const main = MAIN.includes(key);
  if (megabytes >= 300) return main ? Math.min(runs, 3) : 1;
  if (megabytes >= 100) return main ? Math.min(runs, 4) : Math.min(runs, 2);
  return main ? runs : Math.min(runs, 3);
}

function barsFor(megabytes, rows) {
  const pair = { ours: rows.ours.results, peer: rows.vpn.results };
  const at = `${megabytes} MB heap`;
  return [
    ratioBar({ text: `${at}: longest stop of the export, v8-profiler-next`, ...pair, metric: 'exportStopMs', atMost: 0.05, unit: 'ms' }),
    ratioBar({ text: `${at}: main-thread CPU of the export, v8-profiler-next`, ...pair, metric: 'exportCpuMs', atMost: 0.1, unit: 'ms' }),
  ];
}

/** The same export where most strings are distinct: V8's serializer itself then needs more memory. */
async function textHeavy(rounds, megabytes) {
  const measurements = ['ours', 'vpn'].map((key) => {
    const { label, package: name } = SNAPSHOT_FORMS[key];
    return { key, label, package: name, script: 'snapshot', job: { megabytes, manyTexts: true }, flags: FLAGS, runs: 1 };
  });
  const rows = await rounds.run(`snapshot of ${megabytes} MB, many texts`, measurements);
  return { title: `Export of a snapshot of ${megabytes} MB with mostly distinct strings`, columns: EXPORT_COLUMNS, rows: Object.values(rows) };
}

/** Heap snapshots to a file: the export alone where it can be told from the taking, and the whole. */
async function run({ rounds, runs, quick, megabytes: sizes = quick ? [5] : [20, 100, 300] }) {
  const tables = [];
  const bars = [];
  for (const megabytes of sizes) {
    const measurements = Object.entries(SNAPSHOT_FORMS).map(([key, { label, package: name }]) => ({
      key, label, package: name, script: 'snapshot', job: { megabytes }, flags: FLAGS, runs: runsFor(key, megabytes, runs),
    }));
    const rows = await rounds.run(`snapshot of ${megabytes} MB`, measurements);
    const split = Object.keys(rows).filter((key) => SNAPSHOT_FORMS[key].split).map((key) => rows[key]);
    tables.push({ title: `Export of a snapshot of ${megabytes} MB to a file, take excluded`, columns: EXPORT_COLUMNS, rows: split });
    tables.push({ title: `The whole, take and export, ${megabytes} MB`, columns: WHOLE_COLUMNS, rows: Object.values(rows) });
    bars.push(...barsFor(megabytes, rows));
  }
  tables.push(await textHeavy(rounds, quick ? 5 : 100));
  return {
    title: 'heap snapshot to a file',
    notes: ['The heap holds varied small objects. Memory is the peak of resident memory above that before the call.'],
    tables,
    bars,
  };
}

module.exports = { name: 'snapshot', run };
