'use strict';

const { ratioBar, sumRatioBar } = require('../lib/bars');
const { CPU_FORMS } = require('../lib/cpu-forms');
const { MIB } = require('../lib/memory');
const { SAMPLING_FORMS } = require('../lib/sampling-forms');
const { SNAPSHOT_FORMS } = require('../lib/snapshot-forms');

const COLUMNS = [
  { title: 'longest stop, ms', metric: 'stopMs' },
  { title: 'peak memory, MiB', metric: 'peakBytes', scale: MIB },
];

const KINDS = [
  {
    title: 'heap snapshot, taken and exported',
    text: 'first heap snapshot',
    script: 'snapshot',
    forms: SNAPSHOT_FORMS,
    keys: ['ours', 'ours-modern', 'vpn', 'heapdump', 'v8', 'inspector'],
    job: { megabytes: 0 },
    metric: 'wallMs',
    cpu: 'cpuMs',
  },
  {
    title: 'CPU profile, the calls around 100 ms of work',
    text: 'first CPU profile',
    script: 'cpu-profile',
    forms: CPU_FORMS,
    keys: ['ours', 'vpn', 'inspector'],
    job: { workload: 'service', intervalUs: 1000, durationMs: 100 },
    metric: 'totalMs',
    cpu: 'totalCpuMs',
  },
  {
    title: 'sampling heap profile, the calls around some allocation',
    text: 'first sampling heap profile',
    script: 'sampling',
    forms: SAMPLING_FORMS,
    keys: ['ours', 'vpn', 'inspector'],
    job: {},
    metric: 'totalMs',
    cpu: 'totalCpuMs',
  },
];

/** What loading costs, which comes before. */
async function measureLoading({ rounds, runs }) {
  const measurements = [['ours', 'rs-profiler'], ['vpn', 'v8-profiler-next']].map(([key, name]) => ({
    key, label: `require('${name}')`, package: name, script: 'require', job: {}, runs: runs * 3,
  }));
  const { ours, vpn } = await rounds.run('require, for the sums', measurements);
  return { ours: ours.results, peer: vpn.results, metric: 'ms' };
}

/** The first capture of each kind in a bare process, from the call to the complete file: what loading put off is paid here. */
async function run({ rounds, runs }) {
  const tables = [];
  const bars = [];
  const loading = await measureLoading({ rounds, runs });
  const all = [loading];
  for (const { title, text, script, forms, keys, job, metric, cpu } of KINDS) {
    const measurements = keys.map((key) => {
      const { label, package: name } = forms[key];
      return { key, label, package: name, script, job, runs: runs + 2, flags: ['--expose-gc'] };
    });
    const rows = await rounds.run(text, measurements);
    const times = [{ title: 'time to the file, ms', metric }, { title: 'main-thread CPU, ms', metric: cpu }];
    tables.push({ title: `First ${title}`, columns: [...times, ...COLUMNS], rows: Object.values(rows) });
    const pair = { ours: rows.ours.results, peer: rows.vpn.results };
    bars.push(ratioBar({ text: `${text}, v8-profiler-next`, ...pair, metric, atMost: 1, unit: 'ms' }));
    bars.push(sumRatioBar({ text: `require and ${text}, v8-profiler-next`, parts: [loading, { ...pair, metric }], atMost: 2 / 3, unit: 'ms' }));
    all.push({ ...pair, metric });
  }
  bars.push(sumRatioBar({ text: 'require and all three, v8-profiler-next', parts: all, atMost: 2 / 3, unit: 'ms' }));
  return {
    title: 'first capture of each kind',
    notes: ['Bare process, first capture after `require`, up to the complete file; for profiles the time in the calls, without the profiled work.'],
    tables,
    bars,
  };
}

module.exports = { name: 'first', run };
