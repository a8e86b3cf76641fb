'use strict';

const { limitBar, ratioBar } = require('../lib/bars');
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

/** Even: stops are observed in one half of the runs, CPU time in the other. */
function runsFor(key, megabytes, runs) {
  const main = MAIN.includes(key);
  if (megabytes >= 300) return 2 * Math.min(runs, main ? 2 : 1);
  if (megabytes >= 100) return 2 * Math.min(runs, main ? 3 : 1);
  return 2 * Math.min(runs, main ? runs : 2);
}

/** A form that is hopeless at a size is not run there, and the table says so. */
function tooLarge({ largestMegabytes = Infinity }, megabytes) {
  return megabytes > largestMegabytes ? `not run above ${largestMegabytes} MB: it collects garbage for minutes` : undefined;
}

function barsFor(megabytes, rows) {
  const pair = { ours: rows.ours.results, peer: rows.vpn.results };
  const at = `${megabytes} MB heap`;
  return [
    ratioBar({ text: `${at}: longest stop of the export, v8-profiler-next`, ...pair, metric: 'exportStopMs', atMost: 0.05, unit: 'ms' }),
    ratioBar({ text: `${at}: main-thread CPU of the export, v8-profiler-next`, ...pair, metric: 'exportCpuMs', atMost: 0.05, unit: 'ms' }),
    limitBar({ text: `${at}: memory over the snapshot`, ours: pair.ours, metric: 'exportPeakBytes', scale: MIB, atMost: 16, unit: 'MiB' }),
  ];
}

/** The same export where most strings are distinct: V8's serializer itself then needs more memory. */
async function textHeavy(rounds, megabytes) {
  const measurements = ['ours', 'vpn'].map((key) => {
    const { label, package: name } = SNAPSHOT_FORMS[key];
    return { key, label, package: name, script: 'snapshot', job: { megabytes, manyTexts: true, streamsLoaded: true }, flags: FLAGS, runs: 2 };
  });
  const rows = await rounds.run(`snapshot of ${megabytes} MB, many texts`, measurements);
  return { title: `Export of a snapshot of ${megabytes} MB with mostly distinct strings`, columns: EXPORT_COLUMNS, rows: Object.values(rows) };
}

/** Heap snapshots to a file: the export alone where it can be told from the taking, and the whole. */
async function run({ rounds, runs, quick, heaps }) {
  const tables = [];
  const bars = [];
  for (const megabytes of heaps || (quick ? [5] : [20, 100, 300])) {
    const measurements = Object.entries(SNAPSHOT_FORMS).map(([key, form]) => ({
      key, label: form.label, package: form.package, script: 'snapshot', job: { megabytes, streamsLoaded: true }, flags: FLAGS,
      runs: runsFor(key, megabytes, runs), leftOut: tooLarge(form, megabytes),
    }));
    const rows = await rounds.run(`snapshot of ${megabytes} MB`, measurements);
    const split = Object.keys(rows).filter((key) => SNAPSHOT_FORMS[key].split).map((key) => rows[key]);
    tables.push({ title: `Export of a snapshot of ${megabytes} MB to a file, take excluded`, columns: EXPORT_COLUMNS, rows: split });
    tables.push({ title: `The whole, take and export, ${megabytes} MB`, columns: WHOLE_COLUMNS, rows: Object.values(rows) });
    bars.push(...barsFor(megabytes, rows));
  }
  if (!heaps) tables.push(await textHeavy(rounds, quick ? 5 : 100));
  return {
    title: 'heap snapshot to a file',
    notes: [
      'The heap holds varied small objects. Memory is the peak of resident memory above that before the call.',
      'Every form finds Node\'s file streams loaded: the program has written a file before. Stops are from one half of the runs, '
      + 'times and CPU from the other.',
    ],
    tables,
    bars,
  };
}

module.exports = { name: 'snapshot', run };
