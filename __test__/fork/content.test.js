'use strict';

/** What is in a forked snapshot: the same as in one taken in process, and ids that hold as far as was asked. */

const { runUnharmed } = require('../helpers/service');

test('the same classes, counts and leak as in a snapshot in process', async () => {
  const result = await runUnharmed(async ({ profiler, workload }) => {
    const fs = require('node:fs');
    globalThis.leak = workload.allocateThings(5000);
    const classesOf = (path) => {
      const { snapshot, nodes, strings } = JSON.parse(fs.readFileSync(path, 'utf8'));
      const { node_fields: fields, node_types: types } = snapshot.meta;
      const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field));
      const rows = {};
      for (let at = 0; at < nodes.length; at += fields.length) {
        if (types[0][nodes[at + type]] !== 'object') continue;
        const row = (rows[strings[nodes[at + name]]] ??= { count: 0, bytes: 0 });
        row.count += 1;
        row.bytes += nodes[at + size];
      }
      return { rows, nodes: snapshot.node_count, edges: snapshot.edge_count };
    };
    const paths = { fork: 'fork.heapsnapshot', inline: 'inline.heapsnapshot' };
    // Once, that each way has made what it makes once.
    for (const [isolation, path] of Object.entries(paths)) await profiler.writeHeapSnapshot(path, { isolation });
    for (const [isolation, path] of Object.entries(paths)) await profiler.writeHeapSnapshot(path, { isolation });
    const [fork, inline] = Object.values(paths).map(classesOf);
    const differing = Object.keys({ ...fork.rows, ...inline.rows }).filter((name) => {
      const [one, other] = [fork, inline].map(({ rows }) => (rows[name] || { count: 0 }).count);
      return Math.abs(one - other) > Math.max(20, 0.05 * other);
    });
    const totals = ['nodes', 'edges'].map((what) => fork[what] / inline[what]);
    return { leak: fork.rows.RetainedThing, other: inline.rows.RetainedThing, differing, totals };
  });
  expect(result.leak).toEqual({ count: 5000, bytes: expect.any(Number) });
  expect(result.leak).toEqual(result.other);
  expect(result.differing).toEqual([]);
  for (const ratio of result.totals) expect(Math.abs(ratio - 1)).toBeLessThan(0.03);
});

test('ids hold from one forked snapshot to the next with stableIds, and only then; the header tells', async () => {
  const scenario = async ({ profiler, workload, input }) => {
    const fs = require('node:fs');
    const { stableIds } = input;
    globalThis.kept = workload.allocateThings(200);
    const idsOf = async (path) => {
      await profiler.writeHeapSnapshot(path, { isolation: 'fork', stableIds });
      const { snapshot, nodes, strings } = JSON.parse(fs.readFileSync(path, 'utf8'));
      const fields = snapshot.meta.node_fields;
      const ids = new Set();
      for (let at = 0; at < nodes.length; at += fields.length) {
        if (strings[nodes[at + fields.indexOf('name')]] !== 'RetainedThing') continue;
        if (snapshot.meta.node_types[0][nodes[at + fields.indexOf('type')]] !== 'object') continue;
        ids.add(nodes[at + fields.indexOf('id')]);
      }
      return { ids, mark: snapshot.rs_profiler };
    };
    const first = await idsOf('first.heapsnapshot');
    // What is new in between must not take the ids of others.
    const things = globalThis.kept;
    globalThis.kept = [...workload.allocateThings(100), ...things.slice(0, 150)];
    if (globalThis.gc) globalThis.gc();
    const second = await idsOf('second.heapsnapshot');
    const shared = [...second.ids].filter((id) => first.ids.has(id)).length;
    const marks = [first, second].map(({ mark }) => ({ ...mark, time: Date.parse(mark.time) > 0 }));
    return { counts: [first.ids.size, second.ids.size], shared, marks, pid: process.pid };
  };
  const [stable, fresh] = await Promise.all([true, false].map((stableIds) => (
    runUnharmed(scenario, { input: { stableIds }, nodeArgs: ['--expose-gc'] })
  )));
  // Those that are held by nobody may still be in the second: `things` is in a register of the running function.
  expect(stable.counts[0]).toBeGreaterThanOrEqual(200);
  expect(stable.shared).toBeGreaterThanOrEqual(150);
  expect(fresh.shared).toBeLessThan(150);
  const mark = { isolation: 'fork', thread_id: 0, time: true };
  expect(stable.marks).toEqual([1, 2].map((sequence) => ({ ...mark, stable_ids: true, pid: stable.pid, sequence })));
  expect(fresh.marks).toEqual([1, 2].map((sequence) => ({ ...mark, stable_ids: false, pid: fresh.pid, sequence })));
});
