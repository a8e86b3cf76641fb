'use strict';

const { ratioBar } = require('../lib/bars');
const { MIB } = require('../lib/memory');

const SUBJECTS = [
  ['ours', 'rs-profiler'],
  ['checkout', 'checkout', 'require of the checkout, not bundled'],
  ['vpn', 'v8-profiler-next'],
  ['heapdump', 'heapdump'],
  ['inspector', 'node:inspector'],
  ['v8', 'node:v8'],
];

/** What `require` costs a process that has loaded nothing else. */
async function run({ rounds, runs }) {
  const measurements = SUBJECTS.map(([key, name, label = `require('${name}')`]) => ({
    key, label, package: name, script: 'require', job: {}, runs: runs * 3,
  }));
  const rows = await rounds.run('require', measurements);
  const columns = [
    { title: 'time, ms', metric: 'ms', digits: 2 },
    { title: 'resident memory, MiB', metric: 'rssBytes', scale: MIB, digits: 2 },
    { title: 'files', metric: 'files', digits: 0 },
  ];
  const pair = { ours: rows.ours.results, peer: rows.vpn.results };
  return {
    title: 'require',
    notes: ['Loading the module in a bare process, its files in the page cache. rs-profiler as npm installs it: `npm run pack` bundles it.'],
    tables: [{ title: 'Cost of loading', columns, rows: Object.values(rows) }],
    bars: [
      ratioBar({ text: 'time of require, v8-profiler-next', ...pair, metric: 'ms', atMost: 1 / 10, unit: 'ms' }),
      ratioBar({ text: 'memory of require, v8-profiler-next', ...pair, metric: 'rssBytes', scale: MIB, atMost: 1 / 3, unit: 'MiB' }),
    ],
  };
}

module.exports = { name: 'require', run };
