'use strict';

const { missing, ratioBar } = require('../lib/bars');
const { CPU_FORMS } = require('../lib/cpu-forms');
const { spread, summary } = require('../lib/statistics');

const LARGEST_NOISE = 0.03;
const COLUMNS = [
  { title: 'rounds per second', metric: 'roundsPerSecond', digits: 0 },
  { title: 'CPU of the thread, ms', metric: 'cpuMs', digits: 0 },
  { title: 'CPU of the process, ms', metric: 'processCpuMs', digits: 0 },
  { title: 'samples per second', metric: 'samplesPerSecond', digits: 0 },
];

function measurements(keys, intervalUs, rounds, runs) {
  return keys.map((key) => {
    const { label, package: name } = CPU_FORMS[key] || { label: 'no profiler', package: 'none' };
    return { key, label, package: name, script: 'overhead', job: { intervalUs, rounds }, runs };
  });
}

/** Ours against the inspector's, allowing for as much as the same program differs from itself without any profiler. */
function overheadBar(rows) {
  const text = 'CPU under a profile at 1 ms, node:inspector';
  const [bare, ours, peer] = ['none', 'ours', 'inspector'].map((key) => rows[key].results.map(({ cpuMs }) => cpuMs));
  const [none, mine, theirs] = [bare, ours, peer].map(summary);
  if (none === undefined || mine === undefined || theirs === undefined) return missing(text, 'at most 1.00');
  const noise = Math.min(LARGEST_NOISE, spread(bare));
  const share = (own, base) => `${((own / base - 1) * 100).toFixed(1)} %`;
  const value = mine.median / theirs.median;
  return {
    text,
    bar: `at most 1.00, noise ${noise.toFixed(2)}`,
    measured: `${value.toFixed(3)}; over no profiler ${share(mine.median, none.median)} against ${share(theirs.median, none.median)}, `
      + `in the quickest runs ${share(mine.min, none.min)} against ${share(theirs.min, none.min)}`,
    pass: value <= 1 + noise,
    value,
  };
}

/** What a running CPU profile costs, and what it delivers. */
async function run({ rounds, runs, quick }) {
  const work = quick ? 2000 : 40000;
  const atOneMs = await rounds.run('overhead at 1 ms', measurements(['none', 'ours', 'inspector', 'vpn'], 1000, work, runs * 2));
  const at100Us = await rounds.run('samples at 100 us', measurements(['ours', 'inspector', 'vpn'], 100, work, runs));
  const pair = { ours: at100Us.ours.results, peer: at100Us.inspector.results };
  return {
    title: 'CPU profile: sampling',
    notes: ['A fixed amount of work (parsing, sorting, joining) under a running profile.'],
    tables: [
      { title: 'Sampling interval 1 ms', columns: COLUMNS, rows: Object.values(atOneMs) },
      { title: 'Sampling interval 100 us', columns: COLUMNS, rows: Object.values(at100Us) },
    ],
    bars: [
      overheadBar(atOneMs),
      ratioBar({ text: 'samples delivered at 100 us, node:inspector', ...pair, metric: 'samplesPerSecond', atLeast: 1.2, unit: 'per second' }),
    ],
  };
}

module.exports = { name: 'overhead', run };
