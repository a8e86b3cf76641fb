'use strict';

const fs = require('fs');
const { differenceBar, ratioBar } = require('../lib/bars');
const { MIB } = require('../lib/memory');
const { PIPE_FORMS } = require('../lib/pipe-forms');

const FLAGS = ['--expose-gc', '--max-old-space-size=4096'];
/** The forms that the bars are about; the others are there for orientation and run less often. */
const MAIN = ['file', 'ours', 'ours-stream'];
const STREAMS = [...MAIN, 'vpn', 'v8'];

const COLUMNS = [
  { title: 'memory over the snapshot, MiB', metric: 'peakBytes', scale: MIB },
  { title: 'main-thread CPU, ms', metric: 'cpuMs' },
  { title: 'longest stop, ms', metric: 'stopMs' },
  { title: 'stopped in all, ms', metric: 'stoppedMs' },
  { title: 'time to the file, ms', metric: 'wallMs', digits: 0 },
  { title: 'file, MB', metric: 'fileBytes', scale: 1e6 },
];

function runsFor(key, megabytes, runs) {
  const most = megabytes >= 300 ? [2, 1] : [4, 2];
  return Math.min(runs, MAIN.includes(key) ? most[0] : most[1]);
}

function barsFor(at, rows, megabytes) {
  const bars = ['ours', 'ours-stream'].map((key) => differenceBar({
    text: `${at}: memory of ${PIPE_FORMS[key].label.replace('rs-profiler, ', '')}, an ordinary file`,
    ours: rows[key].results, peer: rows.file.results, metric: 'peakBytes', scale: MIB, atMost: 16, unit: 'MiB',
  }));
  // A small heap's export is over before there is much to tell apart.
  if (megabytes < 100) return bars;
  const pair = { ours: rows.ours.results, peer: rows.vpn.results };
  return [...bars, ratioBar({ text: `${at}: main-thread CPU, v8-profiler-next`, ...pair, metric: 'cpuMs', atMost: 1 / 10, unit: 'ms' })];
}

/** Heap snapshots piped to a file, with and without somebody who listens to the chunks, beside a file of the same text. */
async function run({ rounds, runs, quick, megabytes: sizes = quick ? [5] : [100, 300] }) {
  const tables = [];
  const bars = [];
  for (const megabytes of sizes) {
    const source = rounds.scratchFile(`${megabytes}.heapsnapshot`);
    const measurement = (key, job) => {
      const { label, package: name } = PIPE_FORMS[key];
      return { key, label, package: name, script: 'pipe', job: { megabytes, source, ...job }, flags: FLAGS, runs: runsFor(key, megabytes, runs) };
    };
    // The first of these makes the file that the yardstick then reads.
    const path = await rounds.run(`snapshot of ${megabytes} MB to a path`, [measurement('ours-path', { keepAs: source })]);
    for (const listening of [false, true]) {
      const listener = listening ? 'with a data listener' : 'without a data listener';
      const rows = await rounds.run(`snapshot of ${megabytes} MB piped, ${listener}`, STREAMS.map((key) => measurement(key, { listening })));
      const shown = listening ? Object.values(rows) : [...Object.values(rows), ...Object.values(path)];
      tables.push({ title: `A snapshot of ${megabytes} MB piped to a file, ${listener}`, columns: COLUMNS, rows: shown });
      bars.push(...barsFor(`${megabytes} MB heap, ${listener}`, rows, megabytes));
    }
    fs.rmSync(source, { force: true });
  }
  return {
    title: 'heap snapshot piped to a file',
    notes: [
      'V8\'s own snapshot is in memory before, in every row. Memory is the peak of resident memory during the transfer above that right before it.',
      'The row without a stream shows what V8\'s serializer needs for its table of strings, whoever reads it; the ordinary file needs none.',
    ],
    tables,
    bars,
  };
}

module.exports = { name: 'snapshot-pipe', run };
