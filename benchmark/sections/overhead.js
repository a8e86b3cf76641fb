'use strict';

const { missing, ratioBar } = require('../lib/bars');
const { CPU_FORMS } = require('../lib/cpu-forms');
const { summary } = require('../lib/statistics');

const LARGEST_NOISE = 0.03;
const COLUMNS = [
  { title: 'rounds per second', metric: 'roundsPerSecond', digits: 0 },
  { title: 'CPU of the thread, ms', metric: 'cpuMs', digits: 0 },
  { title: 'CPU of the process, ms', metric: 'processCpuMs', digits: 0 },
  { title: 'samples per second', metric: 'samplesPerSecond', digits: 0 },
];

const PAIR_COLUMNS = [
  { title: 'no profiler, CPU ms per block', metric: 'noneMs' },
  { title: 'rs-profiler', metric: 'oursMs' },
  { title: 'node:inspector', metric: 'inspectorMs' },
  { title: 'rs-profiler : node:inspector', metric: 'toInspector', digits: 3 },
  { title: 'no profiler : no profiler', metric: 'control', digits: 3 },
];

function measurements(keys, intervalUs, rounds, runs) {
  return keys.map((key) => {
    const { label, package: name } = CPU_FORMS[key] || { label: 'no profiler', package: 'none' };
    return { key, label, package: name, script: 'overhead', job: { intervalUs, rounds }, runs };
  });
}

/** Ours against the inspector's, block by block, allowing for as much as no profile differs from no profile. */
function overheadBar(results) {
  const text = 'CPU under a profile at 1 ms, node:inspector';
  const [ratio, ours, theirs] = ['toInspector', 'oursToNone', 'inspectorToNone'].map((key) => summary(results.map((result) => result[key])));
  if (ratio === undefined) return missing(text, 'at most 1.00');
  const chance = results.map(({ control }) => Math.abs(control - 1)).filter(Number.isFinite);
  const noise = Math.min(LARGEST_NOISE, Math.max(...chance));
  const share = ({ median }) => `${((median - 1) * 100).toFixed(1)} %`;
  return {
    text,
    bar: `at most 1.00, noise ${noise.toFixed(3)}`,
    measured: `${ratio.median.toFixed(3)} (${ratio.min.toFixed(3)}-${ratio.max.toFixed(3)}); over no profiler ${share(ours)} against ${share(theirs)}`,
    pass: ratio.median <= 1 + noise,
    value: ratio.median,
  };
}

/** What a running CPU profile costs, and what it delivers. */
async function run({ rounds, runs, quick }) {
  const work = quick ? 2000 : 40000;
  const atOneMs = await rounds.run('overhead at 1 ms', measurements(['none', 'ours', 'inspector', 'vpn'], 1000, work, runs * 2));
  const at100Us = await rounds.run('samples at 100 us', measurements(['ours', 'inspector', 'vpn'], 100, work, runs));
  const pairs = await rounds.run('overhead at 1 ms, in turns', [{
    key: 'pairs', label: 'in one process', package: 'rs-profiler', script: 'overhead-pairs', flags: ['--expose-gc'],
    job: { intervalUs: 1000, rounds: quick ? 500 : 6000, blocks: quick ? 2 : 16 }, runs: quick ? 1 : 5,
  }]);
  const pair = { ours: at100Us.ours.results, peer: at100Us.inspector.results };
  return {
    title: 'CPU profile: sampling',
    notes: ['A fixed amount of work (parsing, sorting, joining) under a running profile.'],
    tables: [
      { title: 'Sampling interval 1 ms', columns: COLUMNS, rows: Object.values(atOneMs) },
      { title: 'Sampling interval 1 ms, in turns within one process', columns: PAIR_COLUMNS, rows: Object.values(pairs) },
      { title: 'Sampling interval 100 us', columns: COLUMNS, rows: Object.values(at100Us) },
    ],
    bars: [
      overheadBar(pairs.pairs.results),
      ratioBar({ text: 'samples delivered at 100 us, node:inspector', ...pair, metric: 'samplesPerSecond', atLeast: 1.2, unit: 'per second' }),
    ],
  };
}

module.exports = { name: 'overhead', run };
