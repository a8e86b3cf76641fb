'use strict';

/** What a forked child writes: the same as the process itself would, whichever thread asks. */

const { runServed } = require('../../helpers/service');

test('the same classes and counts as in the process, and facts that agree with the file', async () => {
  const { leaks, differing, ratios, result, counts, file, progress, left } = await runServed(
    async ({ profiler, workload, leftovers, outcome }) => {
      const fs = require('node:fs');
      globalThis.leak = workload.allocateThings(5000);
      const classesOf = (path) => {
        const { snapshot, nodes, strings } = JSON.parse(fs.readFileSync(path, 'utf8'));
        const { node_fields: fields, node_types: types } = snapshot.meta;
        const [type, name] = ['type', 'name'].map((field) => fields.indexOf(field));
        const classes = { __proto__: null };
        for (let at = 0; at < nodes.length; at += fields.length) {
          if (types[0][nodes[at + type]] !== 'object') continue;
          const found = strings[nodes[at + name]];
          classes[found] = (classes[found] ?? 0) + 1;
        }
        return { classes, nodes: snapshot.node_count, edges: snapshot.edge_count };
      };
      process.umask(0);
      const calls = [];
      const onProgress = (call) => calls.push(call);
      const result = await profiler.writeHeapSnapshot('fork', { isolation: 'fork', onProgress });
      const { size, mode } = fs.statSync(result.path);
      await profiler.writeHeapSnapshot('inline', { isolation: 'inline' });
      const [fork, inline] = ['fork', 'inline'].map((name) => classesOf(`${name}.heapsnapshot`));
      const names = Object.keys({ ...fork.classes, ...inline.classes });
      const differing = names.filter((name) => {
        const [one, other] = [fork, inline].map(({ classes }) => classes[name] ?? 0);
        return Math.abs(one - other) > Math.max(50, 0.1 * other);
      });
      return {
        leaks: [fork, inline].map(({ classes }) => classes.RetainedThing),
        differing,
        ratios: ['nodes', 'edges'].map((what) => fork[what] / inline[what]),
        result,
        counts: outcome.countsOfFile('fork.heapsnapshot'),
        file: { size, mode: mode & 0o777 },
        progress: { faults: outcome.progressFaults(calls, ['walk', 'write']), lastDone: calls.at(-1).done },
        left: { ...leftovers(), names: fs.readdirSync('.').sort() },
      };
    },
  );
  expect(leaks).toEqual([5000, 5000]);
  expect(differing).toEqual([]);
  for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  const sentence = expect.stringMatching(/^\w.+ .+\.$/);
  expect(result).toMatchObject({ isolation: 'fork', isolationReason: sentence, attempts: expect.any(Number) });
  expect(result.attempts).toBeGreaterThan(0);
  expect(result.pauseMs).toBeGreaterThan(0);
  expect(result.durationMs).toBeGreaterThanOrEqual(result.pauseMs);
  expect(counts).toEqual({ nodes: result.nodes, edges: result.edges, whole: true });
  expect(file).toEqual({ size: result.bytes, mode: 0o600 });
  expect(progress).toEqual({ faults: [], lastDone: result.bytes });
  expect(left).toEqual({ children: [], partial: [], names: ['fork.heapsnapshot', 'inline.heapsnapshot'] });
});

test('from a worker: its own heap, while the main thread takes one too', async () => {
  const { found, isolations, left } = await runServed(async ({ profiler, main, leftovers }) => {
    const fs = require('node:fs');
    const { Worker } = require('node:worker_threads');
    const { once } = require('node:events');
    const text = `const { parentPort } = require('node:worker_threads');
      class OnlyInTheWorker {}
      globalThis.kept = new OnlyInTheWorker();
      require(${JSON.stringify(main)}).writeHeapSnapshot('worker', { isolation: 'fork' })
        .then(({ isolation }) => parentPort.postMessage(isolation));`;
    class OnlyInMain {}
    globalThis.kept = new OnlyInMain();
    const worker = new Worker(text, { eval: true });
    const [{ isolation }, [message]] = await Promise.all([
      profiler.writeHeapSnapshot('main', { isolation: 'fork' }), once(worker, 'message'), once(worker, 'exit'),
    ]);
    const found = ['main', 'worker'].map((name) => {
      const { strings } = JSON.parse(fs.readFileSync(`${name}.heapsnapshot`, 'utf8'));
      return ['OnlyInMain', 'OnlyInTheWorker'].map((name) => strings.includes(name));
    });
    return { found, isolations: [isolation, message], left: leftovers() };
  });
  // The script of a worker is a string in the heap of its thread, and the main thread has it.
  expect(found.map(([main]) => main)).toEqual([true, false]);
  expect(found[1][1]).toBe(true);
  expect(isolations).toEqual(['fork', 'fork']);
  expect(left).toEqual({ children: [], partial: [] });
});

test('two at once: the second waits for the first, and both are whole', async () => {
  const { most, whole, isolations, left } = await runServed(async ({ profiler, processes, leftovers, outcome }) => {
    let most = 0;
    const onProgress = () => (most = Math.max(most, processes.childrenOf(process.pid).length));
    const names = ['first', 'second'];
    const results = await Promise.all(names.map((name) => profiler.writeHeapSnapshot(name, { isolation: 'fork', onProgress })));
    const whole = names.map((name) => outcome.countsOfFile(`${name}.heapsnapshot`).whole);
    return { most, whole, isolations: results.map(({ isolation }) => isolation), left: leftovers() };
  });
  expect({ most, whole, isolations }).toEqual({ most: 1, whole: [true, true], isolations: ['fork', 'fork'] });
  expect(left).toEqual({ children: [], partial: [] });
});

test('the header of a child\'s file and stream says that its ids pass away, that of the process says nothing', async () => {
  const headers = await runServed(async ({ profiler }) => {
    const fs = require('node:fs');
    const headers = {};
    for (const isolation of ['fork', 'inline']) {
      const { path } = await profiler.writeHeapSnapshot('a', { isolation });
      const parts = [];
      for await (const part of profiler.createHeapSnapshotStream({ isolation })) parts.push(part);
      headers[isolation] = [fs.readFileSync(path), Buffer.concat(parts)].map((text) => {
        const end = text.indexOf('},\n"nodes":[');
        return String(text.subarray(0, end + 1)).replace(/_count":\d+/g, '_count":0');
      });
    }
    return headers;
  });
  const [plain] = headers.inline;
  const opening = '{"snapshot":{';
  const marked = `${opening}"rs_profiler":{"isolation":"fork","stable_ids":false},${plain.slice(opening.length)}`;
  expect(JSON.parse(`${plain}}`).snapshot.meta.node_fields).toContain('self_size');
  // Nothing else differs in it.
  expect(headers).toEqual({ fork: [marked, marked], inline: [plain, plain] });
});
