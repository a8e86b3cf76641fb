'use strict';

/**
 * The task of `npm run bench:analysis` in a Node process of its own: from a file to the class table with retained sizes.
 * Figures are taken when the table is there; what makes the rows comparable comes after that and costs nobody anything.
 */

const { createHash } = require('crypto');
const { peak } = require('../lib/memory');

/** By form: makes the table, and gives what turns it into plain rows. */
const FORMS = {
  async 'rs-profiler'({ module, file }) {
    const { openHeapSnapshot } = require(module);
    const analysis = await openHeapSnapshot(file);
    const rows = await analysis.classes();
    return () => rows.map(({ name, count, shallowSize, retainedSize, distance }) => [name, count, shallowSize, retainedSize, distance]);
  },

  async 'chrome-devtools-frontend'({ module, file }) {
    const { openWithDevTools } = require('../lib/devtools');
    console.warn = () => {};
    const snapshot = await openWithDevTools(module, file);
    const rows = Object.values(snapshot.aggregatesWithFilter({}));
    return () => rows.map(({ name, count, self, maxRet, distance }) => [name, count, self, maxRet, distance]);
  },

  // It has no such table, so: count, shallow size and the largest retained size by name, which is less work.
  async '@memlab/heap-analysis'({ module, file }) {
    const { getFullHeapFromFile } = require(module);
    const heap = await getFullHeapFromFile(file);
    const rows = new Map();
    heap.nodes.forEach((node) => {
      const row = rows.get(node.name) || rows.set(node.name, [0, 0, 0]).get(node.name);
      row[0]++;
      row[1] += node.self_size;
      row[2] = Math.max(row[2], node.retainedSize);
    });
    return () => [...rows].map(([name, row]) => [name, ...row]);
  },
};

async function main({ form, begin, ...job }) {
  const rows = await FORMS[form](job);
  const { user, system } = process.cpuUsage();
  const figures = { wallMs: Date.now() - begin, cpuMs: (user + system) / 1000, peakBytes: peak() };
  const lines = rows().map((row) => JSON.stringify(row)).sort();
  const table = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
  // memlab prints without end of line.
  process.stdout.write(`\n${JSON.stringify({ ...figures, classes: lines.length, table })}\n`, () => process.exit(0));
}

main(JSON.parse(process.argv[2])).catch((error) => {
  console.error(error);
  process.exit(1);
});
