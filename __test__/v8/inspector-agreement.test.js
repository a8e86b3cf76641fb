'use strict';

/**
 * What we export against what node:inspector says of the same program at the same moment. Shares and numbers of samples are
 * compared in the soak tier.
 */

const { runClean } = require('../helpers/child');
const { bytesByFunction } = require('../helpers/profiles');
const { recordBoth } = require('../helpers/inspector-beside');
const { untilSeen } = require('../helpers/repeat');

describe('CPU profiles', () => {
  let ours;
  let theirs;

  beforeAll(async () => {
    [ours, theirs] = await recordBoth();
  });

  const keysOf = (objects) => [...new Set(objects.flatMap((object) => Object.keys(object)))].sort();

  // Where V8 gives it, both have it: keys that depend on what was sampled.
  const OPTIONAL = ['deoptReason', 'positionTicks'];
  const always = (keys) => keys.filter((key) => !OPTIONAL.includes(key));

  test('have the same keys', () => {
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    expect(always(keysOf(ours.nodes))).toEqual(always(keysOf(theirs.nodes)));
    expect(keysOf(ours.nodes.map((node) => node.callFrame))).toEqual(
      keysOf(theirs.nodes.map((node) => node.callFrame)),
    );
    const ticks = (profile) => keysOf(profile.nodes.flatMap((node) => node.positionTicks || []));
    expect(ticks(ours)).toEqual(ticks(theirs));
  });

  test('have their nodes in the same notation', () => {
    for (const name of ['(root)', 'hotLeaf', 'hotCaller']) {
      const [own, other] = [ours, theirs].map(
        ({ nodes }) => nodes.find((node) => node.callFrame.functionName === name).callFrame,
      );
      expect(own).toEqual(other);
    }
    const leaf = (profile) => profile.nodes.find((node) => node.callFrame.functionName === 'hotLeaf');
    expect('children' in leaf(ours)).toBe('children' in leaf(theirs));
  });

  test('ours began after theirs and ended before it', () => {
    for (const profile of [ours, theirs]) expect(profile.timeDeltas).toHaveLength(profile.samples.length);
    expect(ours.startTime).toBeGreaterThanOrEqual(theirs.startTime - 1000);
    expect(ours.endTime).toBeLessThanOrEqual(theirs.endTime + 1000);
    expect(ours.endTime - ours.startTime).toBeGreaterThan(500000);
  });
});

describe('heap snapshots', () => {
  test('have the same counts, fields and types', async () => {
    const counts = ['nodeCount', 'edgeCount'];
    // Between the two snapshots Node may load or compile something.
    const alike = ([own, other]) => counts.every((key) => Math.abs(own[key] / other[key] - 1) < 0.02);
    const takeBoth = () => runClean(async ({ profiler, workload, report }) => {
      const { Session } = require('inspector');
      const session = new Session();
      session.connect();
      const kept = workload.allocateThings(5000);
      const post = (method) => new Promise((resolve) => session.post(method, resolve));
      const chunks = [];
      session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => chunks.push(params.chunk));
      const facts = (text) => {
        const { snapshot, nodes, edges, strings } = JSON.parse(text);
        const { meta } = snapshot;
        const names = nodes.filter((value, index) => index % meta.node_fields.length === 1);
        const things = names.filter((name) => strings[name] === 'RetainedThing').length;
        const own = nodes.length === snapshot.node_count * meta.node_fields.length;
        const consistent = own && edges.length === snapshot.edge_count * meta.edge_fields.length;
        return { meta, nodeCount: snapshot.node_count, edgeCount: snapshot.edge_count, things, consistent };
      };
      // Once, so that what a first snapshot leaves in the heap is in both.
      await post('HeapProfiler.takeHeapSnapshot');
      chunks.length = 0;
      let text;
      const snapshot = profiler.takeSnapshot();
      snapshot.export((error, result) => {
        text = result;
      });
      snapshot.delete();
      const ours = facts(text);
      text = null;
      await post('HeapProfiler.takeHeapSnapshot');
      report([ours, facts(chunks.join('')), kept.length]);
    });
    const [ours, theirs] = await untilSeen(5, takeBoth, alike);
    expect(ours.meta).toEqual(theirs.meta);
    expect([ours.consistent, theirs.consistent]).toEqual([true, true]);
    // The objects, and a few nodes that describe their class.
    for (const { things } of [ours, theirs]) {
      expect(things).toBeGreaterThanOrEqual(5000);
      expect(things).toBeLessThan(5020);
    }
    expect(alike([ours, theirs])).toBe(true);
  });
});

describe('sampling heap profiles', () => {
  test('find the same functions with comparable sizes', async () => {
    const [ours, modern, theirs] = await runClean(async ({ profiler, workload, report, sleep }) => {
      const { Session } = require('inspector');
      const session = new Session();
      session.connect();
      const post = (method, params) =>
        new Promise((resolve, reject) =>
          session.post(method, params, (error, result) => (error ? reject(error) : resolve(result))),
        );
      const kept = [workload.allocateThings(20000)];
      profiler.startSamplingHeapProfiling(4096, 32);
      kept.push(workload.allocateThings(20000));
      const ours = profiler.stopSamplingHeapProfiling();
      const end = new AbortController();
      const capture = profiler.captureSamplingHeapProfile({ signal: end.signal, intervalBytes: 4096, stackDepth: 32 });
      await sleep(20);
      kept.push(workload.allocateThings(20000));
      end.abort();
      const modern = await capture;
      await post('HeapProfiler.startSampling', { samplingInterval: 4096 });
      kept.push(workload.allocateThings(20000));
      const { profile } = await post('HeapProfiler.stopSampling');
      session.disconnect();
      report([ours, modern, profile, kept.length]);
    });
    const size = (profile) => {
      const bytes = bytesByFunction(profile);
      return (bytes.allocateThings || 0) + (bytes.RetainedThing || 0);
    };
    for (const profile of [ours, modern]) expect(Math.abs(size(profile) / size(theirs) - 1)).toBeLessThan(0.35);
    expect(size(theirs)).toBeGreaterThan(1e6);

    expect(Object.keys(modern).sort()).toEqual(Object.keys(theirs).sort());
    expect(Object.keys(modern.head).sort()).toEqual(Object.keys(theirs.head).sort());
    expect(modern.head.callFrame).toEqual(theirs.head.callFrame);
    expect(Object.keys(modern.samples[0]).sort()).toEqual(Object.keys(theirs.samples[0]).sort());
    const frame = (profile) => {
      const stack = [profile.head];
      for (let node = stack.pop(); node; node = stack.pop()) {
        if (node.callFrame.functionName === 'allocateThings') return node.callFrame;
        stack.push(...node.children);
      }
      return undefined;
    };
    expect(frame(modern)).toEqual(frame(theirs));
  });
});
