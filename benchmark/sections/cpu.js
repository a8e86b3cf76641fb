'use strict';

const { limitBar, ratioBar } = require('../lib/bars');
const { CPU_FORMS } = require('../lib/cpu-forms');
const { MIB } = require('../lib/memory');

const COLUMNS = [
  { title: 'longest stop, ms', metric: 'stopMs' },
  { title: 'main-thread CPU, ms', metric: 'cpuMs' },
  { title: 'time to the file, ms', metric: 'wallMs' },
  { title: 'peak memory, MiB', metric: 'peakBytes', scale: MIB },
  { title: 'stop of delete, ms', metric: 'deleteStopMs' },
  { title: 'samples', metric: 'samples', digits: 0 },
  { title: 'nodes', metric: 'nodes', digits: 0 },
  { title: 'file, MB', metric: 'fileBytes', scale: 1e6 },
];

/** The profiles: the bar on the stop, and how each one is filled. Runs are even: one half observes stops, the other CPU. */
function profiles({ quick, runs, modules }) {
  const collector = ['v8-profiler-next', 'rs-profiler'].map((name) => modules[name]).find(({ available }) => available);
  const durationMs = quick ? 500 : 13000;
  const list = [
    {
      what: '10 000 samples, over 10 000 nodes', atMost: 1 / 10, least: { samples: 10000, nodes: 10000 },
      keys: ['ours', 'ours-modern', 'vpn', 'inspector'], runs: 2 * Math.min(runs, 2), job: { workload: 'tree', intervalUs: 1000, durationMs },
    },
    {
      what: '10 000 samples, few nodes', least: { samples: 10000 },
      keys: ['ours', 'vpn', 'inspector'], runs: 2, job: { workload: 'service', intervalUs: 1000, durationMs },
    },
  ];
  if (collector !== undefined) {
    list.push({
      what: 'a million samples', atMost: 1 / 50, least: { samples: 1e6 }, mostMiB: 32,
      keys: ['ours', 'vpn', 'inspector'], runs: 2 * Math.min(runs, 2),
      job: { collector: collector.path, samples: quick ? 50000 : 1000000, perSecond: 80000, intervalUs: 1000 },
    });
  }
  return list;
}

function barsFor({ what, atMost, mostMiB }, rows) {
  if (atMost === undefined) return [];
  const pair = { ours: rows.ours.results, peer: rows.vpn.results };
  const bars = [
    ratioBar({ text: `${what}: longest stop, v8-profiler-next`, ...pair, metric: 'stopMs', atMost, unit: 'ms' }),
    ratioBar({ text: `${what}: main-thread CPU, v8-profiler-next`, ...pair, metric: 'cpuMs', atMost, unit: 'ms' }),
  ];
  if (mostMiB !== undefined) {
    bars.push(limitBar({ text: `${what}: peak memory`, ours: pair.ours, metric: 'peakBytes', scale: MIB, atMost: mostMiB, unit: 'MiB' }));
  }
  return bars;
}

/** Says so when a profile is smaller than its name. */
function shortfall({ what, least }, rows) {
  const results = Object.values(rows).flatMap((row) => row.results);
  return Object.entries(least).flatMap(([metric, number]) => {
    const small = results.filter((result) => result[metric] < number).length;
    return small === 0 ? [] : [`${small} of the profiles "${what}" hold fewer than ${number} ${metric}.`];
  });
}

/** Stop and export of CPU profiles to a file. */
async function run(context) {
  const tables = [];
  const bars = [];
  const notes = [
    '`stopProfiling` and export to a file together; delete is called after that and watched for a second. node:inspector has no delete, '
    + 'v8-profiler-next frees its profile within the stop.',
    'The profile of few nodes has no bar: there is hardly more to it than V8\'s own stop.',
    'The million samples are asked for one by one at 80 000 a second with `collectSample`, which serves every running profile.',
  ];
  for (const profile of profiles(context)) {
    const measurements = profile.keys.map((key) => {
      const { label, package: name } = CPU_FORMS[key];
      return { key, label, package: name, script: 'cpu-profile', job: profile.job, flags: ['--max-old-space-size=4096'], runs: profile.runs };
    });
    const rows = await context.rounds.run(profile.what, measurements);
    tables.push({ title: `Stop and export, ${profile.what}`, columns: COLUMNS, rows: Object.values(rows) });
    bars.push(...barsFor(profile, rows));
    notes.push(...shortfall(profile, rows));
  }
  return { title: 'CPU profile: stop and export to a file', notes, tables, bars };
}

module.exports = { name: 'cpu', run };
