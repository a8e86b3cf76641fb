'use strict';

/** What another user of V8's profilers may do while a capture of ours is under way. */

const fs = require('node:fs');
const path = require('node:path');

const { runClean } = require('../../helpers/child');
const { tempFolder } = require('../../helpers/temp-folder');

const input = require.resolve('../../helpers/streams');

/** The soak tier does it more often. */
const ROUNDS = process.env.RS_PROFILER_SOAK ? 8 : 1;

test('node --heap-prof has the one sampling profiler of V8: ours says so, all else works', async () => {
  const cwd = tempFolder();
  const seen = await runClean(
    async ({ profiler, codeOf, report }) => {
      const start = codeOf(() => profiler.startSamplingHeapProfiling()).error;
      const stop = codeOf(() => profiler.stopSamplingHeapProfiling()).error.code;
      const capture = await profiler.captureSamplingHeapProfile({ durationMs: 1 }).catch((error) => error.code);
      profiler.startProfiling('ours');
      const { title } = profiler.stopProfiling();
      profiler.takeSnapshot('ours').delete();
      const { nodes } = await profiler.writeHeapSnapshot('ours.heapsnapshot', { isolation: 'inline' });
      report({ start: start.code, says: start.message, stop, capture, title, nodes: nodes > 1000 });
    },
    { nodeArgs: ['--heap-prof'], cwd },
  );
  const busy = 'ERR_RS_PROFILER_BUSY';
  const stop = 'ERR_RS_PROFILER_NOT_RUNNING';
  expect(seen).toMatchObject({ start: busy, stop, capture: busy, title: 'ours', nodes: true });
  expect(seen.says).toMatch(/stop/);
  const written = fs.readdirSync(cwd).filter((name) => name.endsWith('.heapprofile'));
  expect(written).toHaveLength(1);
  const { head } = JSON.parse(fs.readFileSync(path.join(cwd, written[0]), 'utf8'));
  expect(head.callFrame.functionName).toBe('(root)');
});

test('an inspector session takes a snapshot, collects garbage and is disabled while our exports are paused', async () => {
  const seen = await runClean(
    async ({ profiler, workload, input, report }) => {
      const { once } = require('node:events');
      const { Session } = require('node:inspector');
      const { promisify } = require('node:util');
      const { textOf } = require(input);
      const session = new Session();
      session.connect();
      const post = promisify(session.post.bind(session));
      let theirs = '';
      session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => (theirs += params.chunk));
      const paused = [];
      const pause = async (snapshot) => {
        const stream = snapshot.export();
        await once(stream, 'readable');
        paused.push([snapshot, stream]);
      };
      await post('HeapProfiler.enable');
      const first = profiler.takeSnapshot('first');
      await pause(first);
      await post('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
      const kept = workload.allocateThings(1000);
      await post('HeapProfiler.collectGarbage');
      await pause(profiler.takeSnapshot('second'));
      await post('HeapProfiler.disable');
      await pause(first);
      session.disconnect();
      await pause(profiler.takeSnapshot('third'));
      const wrong = [];
      for (const [snapshot, stream] of paused) {
        const { node_count: count } = JSON.parse(await textOf(stream)).snapshot;
        if (count !== snapshot.nodesCount) wrong.push([snapshot.title, count]);
      }
      profiler.deleteAllSnapshots();
      report({ theirs: JSON.parse(theirs).snapshot.node_count > 1000, wrong, paused: paused.length, kept: kept.length });
    },
    { input },
  );
  expect(seen).toEqual({ theirs: true, wrong: [], paused: 4, kept: 1000 });
});

test.each([
  ['process.exit', ['Profiler.start', 'HeapProfiler.startTrackingHeapObjects'], 'process.exit(0)'],
  // Node itself stays alive for the timer of a session that tracks objects.
  ['its natural end', ['Profiler.start', 'HeapProfiler.startSampling'], ''],
])('a session is still open and profiling at %s', async (how, methods, end) => {
  for (let round = 0; round < ROUNDS; round++) {
    const seen = await runClean(
      ({ profiler, input, report }) => {
        const { Session } = require('node:inspector');
        const session = new Session();
        session.connect();
        for (const method of ['Profiler.enable', 'HeapProfiler.enable', ...input.methods]) session.post(method);
        profiler.startProfiling('ours');
        profiler.startTrackingHeapObjects();
        globalThis.kept = [session, profiler.takeSnapshot().export()];
        report('reached');
        new Function(input.end)();
      },
      { input: { methods, end } },
    );
    expect(seen).toBe('reached');
  }
});
