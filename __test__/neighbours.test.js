'use strict';

/** Beside others who use V8's profilers in the same process. */

const fs = require('node:fs');

const { run, runClean } = require('./helpers/child');
const { hitsByFunction } = require('./helpers/profiles');
const { tempFolder } = require('./helpers/temp-folder');

describe('beside --cpu-prof', () => {
  test('both profiles are complete', async () => {
    const folder = tempFolder();
    const { code, signal, stderr, report } = await run(
      ({ profiler, workload, report }) => {
        for (let i = 0; i < 3; i++) {
          profiler.startProfiling('ours');
          workload.spin(80);
          report(profiler.stopProfiling('ours'));
        }
      },
      { nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${folder}`] },
    );
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
    expect(hitsByFunction(report).hotLeaf).toBeGreaterThan(10);
    const [file] = fs.readdirSync(folder);
    const theirs = JSON.parse(fs.readFileSync(`${folder}/${file}`, 'utf8'));
    expect(hitsByFunction(theirs).hotLeaf).toBeGreaterThan(3 * 10);
  });

  test('a profile that still runs at the end does no harm', async () => {
    const folder = tempFolder();
    const { code, signal, stderr } = await run(
      ({ profiler, workload }) => {
        profiler.startProfiling('open');
        workload.spin(30);
      },
      { nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${folder}`] },
    );
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
    expect(fs.readdirSync(folder)).toHaveLength(1);
  });
});

test('beside an open inspector, that of --inspect', async () => {
  const folder = tempFolder();
  const { code, signal, report } = await run(
    async ({ profiler, workload, report, input }) => {
      profiler.startProfiling('ours');
      workload.spin(80);
      const hits = profiler.stopProfiling('ours');
      const { isolation, nodes } = await profiler.writeHeapSnapshot(`${input}/ours.heapsnapshot`);
      report({ hits, isolation, nodes, listens: Boolean(require('inspector').url()) });
    },
    { input: folder, nodeArgs: ['--inspect=127.0.0.1:0'] },
  );
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(hitsByFunction(report.hits).hotLeaf).toBeGreaterThan(10);
  expect(report).toMatchObject({ isolation: 'fork', listens: true });
  expect(fs.readdirSync(folder)).toEqual(['ours.heapsnapshot']);
});

describe('beside an inspector session', () => {
  test('CPU profiles overlap in any order', async () => {
    const [ours, theirs] = await runClean(({ profiler, workload, report }) => {
      const { Session } = require('inspector');
      const session = new Session();
      session.connect();
      const profiles = [];
      session.post('Profiler.enable');
      profiler.startProfiling('first');
      session.post('Profiler.start');
      workload.spin(60);
      profiles.push(profiler.stopProfiling('first'));
      profiler.startProfiling('second');
      workload.spin(60);
      session.post('Profiler.stop', (error, result) => profiles.unshift(result.profile));
      workload.spin(60);
      profiles.push(profiler.stopProfiling('second'));
      session.disconnect();
      profiler.startProfiling('third');
      workload.spin(60);
      profiles.push(profiler.stopProfiling('third'));
      report([profiles.slice(1), profiles[0]]);
    });
    expect(ours.map((profile) => profile.title)).toEqual(['first', 'second', 'third']);
    for (const profile of [...ours, theirs]) expect(hitsByFunction(profile).hotLeaf).toBeGreaterThan(0);
  });

  test('a session that is disconnected while both profile takes nothing of ours along', async () => {
    const ours = await runClean(({ profiler, workload, report }) => {
      const { Session } = require('inspector');
      const session = new Session();
      session.connect();
      session.post('Profiler.enable');
      session.post('Profiler.start');
      profiler.startProfiling('kept');
      session.disconnect();
      workload.spin(60);
      report(profiler.stopProfiling('kept'));
    });
    expect(hitsByFunction(ours).hotLeaf).toBeGreaterThan(0);
  });

  test('heap snapshots follow each other, and tracking by the inspector goes on', async () => {
    const seen = await runClean(({ profiler, report }) => {
      const { Session } = require('inspector');
      const session = new Session();
      session.connect();
      let chunks = 0;
      session.on('HeapProfiler.addHeapSnapshotChunk', () => chunks++);
      session.post('HeapProfiler.enable');
      session.post('HeapProfiler.startTrackingHeapObjects');
      const snapshot = profiler.takeSnapshot('ours');
      session.post('HeapProfiler.takeHeapSnapshot');
      let length = 0;
      snapshot.export((error, text) => {
        length = JSON.parse(text).snapshot.node_count;
      });
      session.post('HeapProfiler.stopTrackingHeapObjects');
      snapshot.delete();
      session.post('HeapProfiler.takeHeapSnapshot');
      report([chunks > 0, length === snapshot.nodesCount]);
    });
    expect(seen).toEqual([true, true]);
  });
});

describe('beside another user of the sampling heap profiler, of which V8 has one per thread', () => {
  test('the second one is told that it is busy, and can start when the first has ended', async () => {
    const seen = await runClean(async ({ profiler, codeOf, report }) => {
      const { Session } = require('inspector');
      const session = new Session();
      session.connect();
      session.post('HeapProfiler.startSampling');
      const { error } = codeOf(() => profiler.startSamplingHeapProfiling());
      const captured = await profiler.captureSamplingHeapProfile({ durationMs: 5 }).catch(({ code }) => code);
      const nothing = codeOf(() => profiler.stopSamplingHeapProfiling()).error;
      let theirs;
      session.post('HeapProfiler.stopSampling', (failure, result) => {
        theirs = Boolean(result.profile.head);
      });
      profiler.startSamplingHeapProfiling();
      const ours = Boolean(profiler.stopSamplingHeapProfiling().head);
      report([error.code, error.isError, captured, nothing.code, theirs, ours]);
    });
    expect(seen).toEqual([
      'ERR_RS_PROFILER_BUSY',
      true,
      'ERR_RS_PROFILER_BUSY',
      'ERR_RS_PROFILER_NOT_RUNNING',
      true,
      true,
    ]);
  });

  test('theirs beside ours ends neither the process nor our profile', async () => {
    const seen = await runClean(({ profiler, codeOf, report }) => {
      const { Session } = require('inspector');
      const session = new Session();
      session.connect();
      profiler.startSamplingHeapProfiling(1024, 16);
      session.post('HeapProfiler.startSampling', () => {});
      session.post('HeapProfiler.stopSampling', () => {});
      // V8 has stopped the one profiler there is; ours can only say so.
      const { value, error } = codeOf(() => profiler.stopSamplingHeapProfiling());
      profiler.startSamplingHeapProfiling();
      const again = Boolean(profiler.stopSamplingHeapProfiling().head);
      report([value === '[object Object]' || error.code.startsWith('ERR_RS_PROFILER_'), again]);
    });
    expect(seen).toEqual([true, true]);
  });

  test('an ordinary second start of our own is still ignored', async () => {
    const seen = await runClean(({ profiler, codeOf, report }) => {
      profiler.startSamplingHeapProfiling();
      const second = codeOf(() => profiler.startSamplingHeapProfiling());
      report([second.value, Boolean(profiler.stopSamplingHeapProfiling().head)]);
    });
    expect(seen).toEqual(['undefined', true]);
  });
});
