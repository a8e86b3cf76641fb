'use strict';

const fs = require('node:fs');
const path = require('node:path');

const profiler = require('../..');
const { tempFolder } = require('../helpers/temp-folder');
const { bytesByFunction } = require('../helpers/profiles');
const { outcomeOf } = require('../helpers/outcome');
const workload = require('../helpers/workload');

/** Records while some megabytes are allocated that stay alive, again and again until the capture has ended. */
function captureWork(options) {
  const kept = [];
  const timer = setInterval(() => kept.push(workload.allocateThings(20000)), 5);
  const captured = profiler.captureSamplingHeapProfile({ durationMs: 30, intervalBytes: 1024, ...options });
  return captured.finally(() => {
    clearInterval(timer);
    kept.length = 0;
  });
}

function allocatedIn(profile) {
  const bytes = bytesByFunction(profile);
  return (bytes.allocateThings || 0) + (bytes.RetainedThing || 0);
}

describe('captureSamplingHeapProfile', () => {
  test('resolves with the profile that HeapProfiler.stopSampling would give', async () => {
    const profile = await captureWork();
    expect(Object.keys(profile)).toEqual(['head', 'samples']);
    expect(allocatedIn(profile)).toBeGreaterThan(20000 * 100);
    const { callFrame } = profile.head;
    expect([callFrame.functionName, callFrame.scriptId]).toEqual(['(root)', '0']);
    const ids = new Set();
    (function visit(node) {
      ids.add(node.id);
      node.children.forEach(visit);
    })(profile.head);
    expect(profile.samples.length).toBeGreaterThan(0);
    for (const sample of profile.samples) {
      expect(Object.keys(sample).sort()).toEqual(['nodeId', 'ordinal', 'size']);
    }
    // V8 14 itself gives a few samples of nodes that are not in the tree.
    const known = profile.samples.filter((sample) => ids.has(sample.nodeId));
    expect(known.length).toBeGreaterThan(0.95 * profile.samples.length);
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
  });

  test('writes a file and tells about it', async () => {
    const file = path.join(tempFolder(), 'a.heapprofile');
    const result = await captureWork({ path: file });
    expect(result).toEqual({
      path: file,
      bytes: fs.statSync(file).size,
      nodes: expect.any(Number),
      samples: expect.any(Number),
      durationMs: expect.any(Number),
      engine: 'native',
      engineReason: expect.any(String),
    });
    const written = JSON.parse(fs.readFileSync(file, 'utf8'));
    expect(written.samples).toHaveLength(result.samples);
    expect(allocatedIn(written)).toBeGreaterThan(20000 * 100);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['a.heapprofile']);
  });

  test('gives a file in a folder a name of its own', async () => {
    const folder = tempFolder();
    const result = await captureWork({ path: folder });
    expect(path.dirname(result.path)).toBe(folder);
    expect(path.basename(result.path)).toMatch(
      new RegExp(`^Heap\\.\\d{8}\\.\\d{6}\\.${process.pid}\\.\\d+\\.\\d+\\.heapprofile$`),
    );
  });

  test('without a duration, the signal ends it and it resolves', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const profile = await captureWork({ durationMs: undefined, signal: controller.signal });
    expect(allocatedIn(profile)).toBeGreaterThan(20000 * 100);
  });

  test('with a duration, the signal cancels it, and the next one can start', async () => {
    const folder = tempFolder();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const options = { durationMs: 60000, signal: controller.signal, path: folder };
    const { error } = await outcomeOf(captureWork(options));
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', isError: true });
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(await captureWork()).toHaveProperty('head');
  });

  test('the stack depth limits the tree', async () => {
    const deepest = (node) => 1 + Math.max(0, ...node.children.map(deepest));
    expect(deepest((await captureWork({ stackDepth: 1 })).head)).toBeLessThan(5);
  });

  test('only one at a time: the second is busy, and so is a capture beside startSamplingHeapProfiling', async () => {
    const first = captureWork();
    await new Promise(setImmediate);
    expect((await outcomeOf(captureWork())).error.code).toBe('ERR_RS_PROFILER_BUSY');
    expect(await first).toHaveProperty('samples');

    profiler.startSamplingHeapProfiling();
    expect((await outcomeOf(captureWork())).error.code).toBe('ERR_RS_PROFILER_BUSY');
    expect(profiler.stopSamplingHeapProfiling()).toHaveProperty('head');
  });

  test('stopSamplingHeapProfiling does not end it', async () => {
    const captured = captureWork();
    await new Promise(setImmediate);
    expect(() => profiler.stopSamplingHeapProfiling()).toThrow(
      expect.objectContaining({ code: 'ERR_RS_PROFILER_NOT_RUNNING' }),
    );
    expect(await captured).toHaveProperty('head');
  });

  test.each([
    [undefined],
    [{}],
    [{ durationMs: 0.5 }],
    [{ durationMs: 5, intervalBytes: 0 }],
    [{ durationMs: 5, intervalBytes: '1024' }],
    [{ durationMs: 5, stackDepth: 0 }],
    [{ durationMs: 5, stackDepth: -1 }],
    [{ durationMs: 5, path: {} }],
    [{ signal: 'text' }],
  ])('rejects %p', async (options) => {
    const { error } = await outcomeOf(profiler.captureSamplingHeapProfile(options));
    expect(error).toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT', isError: true });
  });

  test('rejects with the error of the system where it cannot write, and can start again', async () => {
    const file = path.join(tempFolder(), 'no', 'such', 'a.heapprofile');
    const { error } = await outcomeOf(captureWork({ path: file }));
    expect(error).toMatchObject({ code: 'ENOENT', syscall: expect.any(String), isError: true });
    expect(await captureWork()).toHaveProperty('head');
  });
});
