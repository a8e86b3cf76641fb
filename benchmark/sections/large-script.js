'use strict';

const { ratioBar } = require('../lib/bars');
const { SNAPSHOT_FORMS } = require('../lib/snapshot-forms');

const COLUMNS = [
  { title: 'longest stop, ms', metric: 'stopMs', digits: 0 },
  { title: 'main-thread CPU, ms', metric: 'cpuMs', digits: 0 },
  { title: 'time to the file, ms', metric: 'wallMs', digits: 0 },
  { title: 'nodes', metric: 'nodes', digits: 0 },
];

/** A heap snapshot with one script of 9 MB loaded. Only Node 20 searches its line ends again for every closure. */
async function run({ rounds, runs, modules }) {
  const job = { script: modules.typescript.path };
  const measurements = ['ours-modern', 'v8'].map((key) => {
    const { label, package: name } = SNAPSHOT_FORMS[key];
    return { key, label, package: name, script: 'large-script', job, runs: 2 * Math.min(runs, 2) };
  });
  const rows = await rounds.run('large script', measurements);
  const pair = { ours: rows['ours-modern'].results, peer: rows.v8.results };
  const bars = process.versions.node.startsWith('20.')
    ? [ratioBar({ text: 'Node 20: stop with a script of 9 MB, v8.writeHeapSnapshot', ...pair, metric: 'stopMs', atMost: 1 / 20, unit: 'ms' })]
    : [];
  return {
    title: 'heap snapshot with a large script',
    notes: [`npm typescript ${modules.typescript.version} is loaded. The bar holds for Node 20, where V8 does not remember the line ends of a script.`],
    tables: [{ title: 'Heap snapshot with typescript.js loaded', columns: COLUMNS, rows: Object.values(rows) }],
    bars,
  };
}

module.exports = { name: 'large-script', run };
