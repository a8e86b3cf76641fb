'use strict';

const { ratioBar } = require('../lib/bars');
const { CPU_FORMS } = require('../lib/cpu-forms');

const KEYS = ['ours', 'ours-warm', 'vpn', 'vpn-kept', 'inspector'];
const COLUMNS = [
  { title: 'start, ms', metric: 'startMs', digits: 2 },
  { title: 'warming up before, ms', metric: 'warmUpMs', digits: 2 },
];

function programs({ quick, runs }) {
  const megabytes = quick ? 50 : 500;
  return [
    { what: 'bare process', job: { program: 'bare' }, runs },
    { what: 'small program', job: { program: 'service' }, runs: runs + 2, atMost: 1 / 40 },
    { what: `${megabytes} MB heap`, job: { program: 'heap', megabytes }, runs: Math.min(runs, 3), atMost: 1 / 200 },
  ];
}

/** The call that starts a CPU profile. */
async function run(context) {
  const tables = [];
  const bars = [];
  for (const { what, job, runs, atMost } of programs(context)) {
    const measurements = KEYS.map((key) => {
      const { label, package: name } = CPU_FORMS[key];
      return { key, label, package: name, script: 'start', job, flags: ['--expose-gc', '--max-old-space-size=4096'], runs };
    });
    const rows = await context.rounds.run(`start, ${what}`, measurements);
    tables.push({ title: `Start of a CPU profile, ${what}`, columns: COLUMNS, rows: Object.values(rows) });
    if (atMost === undefined) continue;
    const pair = { ours: rows['ours-warm'].results, peer: rows.vpn.results };
    bars.push(ratioBar({ text: `${what}: start when warm, v8-profiler-next`, ...pair, metric: 'startMs', atMost, unit: 'ms' }));
  }
  return {
    title: 'CPU profile: start',
    notes: [
      'The small program is a Koa service that has answered 500 requests.',
      '"profiler kept" is v8-profiler-next with `setProfilesCleanupLimit(1000)` and eager logging, at its second start: the nearest it has to being warm. '
      + 'The bars compare with its ordinary start.',
    ],
    tables,
    bars,
  };
}

module.exports = { name: 'start', run };
