'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const { PassThrough, Transform } = require('node:stream');

const profiler = require('../..');
const { runClean } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');
const { textOf, UserlandStream } = require('../helpers/streams');
const { walkTree, bytesByFunction } = require('../helpers/profiles');
const workload = require('../helpers/workload');

/** A profile in which `allocateThings` is certain to appear: about 5 MB, sampled every KiB. */
function record(...args) {
  profiler.startSamplingHeapProfiling(...args);
  const kept = workload.allocateThings(20000);
  const profile = profiler.stopSamplingHeapProfiling();
  expect(kept).toHaveLength(20000);
  return profile;
}

/** The bytes of `allocateThings` and of the constructor it calls, which V8 may have inlined. */
function allocatedIn(profile) {
  const bytes = bytesByFunction(profile);
  return (bytes.allocateThings || 0) + (bytes.RetainedThing || 0);
}

describe('startSamplingHeapProfiling and stopSamplingHeapProfiling', () => {
  test('work unbound; start returns undefined', () => {
    const { startSamplingHeapProfiling, stopSamplingHeapProfiling } = profiler;
    expect(startSamplingHeapProfiling()).toBeUndefined();
    expect(stopSamplingHeapProfiling()).toBeDefined();
  });

  test('a second start while one runs is ignored', () => {
    profiler.startSamplingHeapProfiling(1024, 16);
    expect(profiler.startSamplingHeapProfiling()).toBeUndefined();
    const kept = workload.allocateThings(20000);
    expect(allocatedIn(profiler.stopSamplingHeapProfiling())).toBeGreaterThan(kept.length * 100);
  });

  test('may follow each other', () => {
    for (let i = 0; i < 5; i++) {
      profiler.startSamplingHeapProfiling(32768, 8);
      expect(profiler.stopSamplingHeapProfiling().head.callFrame.functionName).toBe('(root)');
    }
  });

  test.each([
    ['first argument type must be uint32', [undefined, undefined]],
    ['first argument type must be uint32', ['1024', 16]],
    ['first argument type must be uint32', [-1, 16]],
    ['first argument type must be uint32', [1.5, 16]],
    ['first argument type must be uint32', [2 ** 32, 16]],
    ['first argument type must be number', [1024, '16']],
    ['first argument type must be number', [1024, undefined]],
  ])('%s: %p', (message, args) => {
    let error;
    try {
      profiler.startSamplingHeapProfiling(...args);
    } catch (caught) {
      error = caught;
    }
    expect(error.name).toBe('TypeError');
    expect(error.message).toBe(message);
  });

  test.each([[['text']], [[0]], [[-1]], [[1024, 16, 1]]])('arguments that are not two are ignored: %p', (args) => {
    profiler.startSamplingHeapProfiling(...args);
    expect(profiler.stopSamplingHeapProfiling()).toHaveProperty('head');
  });

  test('the depth limits the stacks', () => {
    const deepest = (node) => 1 + Math.max(0, ...node.children.map(deepest));
    const shallow = deepest(record(1024, 1).head);
    expect(shallow).toBeLessThan(5);
    expect(deepest(record(1024, 64).head)).toBeGreaterThan(shallow + 3);
  });
});

describe('SamplingHeapProfile', () => {
  let profile;

  beforeAll(() => {
    profile = record(1024, 32);
  });

  test('has head and nothing else', () => {
    expect(Object.keys(profile)).toEqual(['head']);
    const enumerated = [];
    for (const key in profile) enumerated.push(key);
    expect(enumerated).toEqual(['head', 'export']);
    expect(profile.constructor.name).toBe('SamplingHeapProfile');
    for (const key of ['delete', 'getHeader', 'title', 'uid', 'typeId']) expect(profile).not.toHaveProperty(key);
  });

  test('its nodes have their keys, lines counted from 1, and a root', () => {
    expect(profile.head.callFrame).toMatchObject({ functionName: '(root)', scriptId: 0, url: '' });
    for (const node of walkTree(profile.head)) {
      expect(Object.keys(node).sort()).toEqual(['callFrame', 'children', 'selfSize']);
      expect(Object.keys(node.callFrame).sort()).toEqual(
        ['columnNumber', 'functionName', 'lineNumber', 'scriptId', 'url'].sort(),
      );
      expect([typeof node.selfSize, typeof node.callFrame.scriptId]).toEqual(['number', 'number']);
    }
  });

  test('finds who allocated what is still alive', () => {
    const nodes = walkTree(profile.head).filter((node) => node.callFrame.functionName === 'allocateThings');
    expect(nodes.length).toBeGreaterThan(0);
    expect(nodes[0].callFrame.url).toBe(workload.file);
    const lines = fs.readFileSync(workload.file, 'utf8').split('\n');
    const line = lines.findIndex((text) => text.startsWith('function allocateThings('));
    expect(nodes[0].callFrame.lineNumber).toBe(line + 1);
    expect(allocatedIn(profile)).toBeGreaterThan(20000 * 100);
  });

  test('export calls a callback after it has returned, with (undefined, text)', async () => {
    const order = [];
    const args = await new Promise((resolve) => {
      const result = profile.export((...received) => {
        order.push('called');
        resolve(received);
      });
      order.push(['returned', result]);
    });
    expect(order).toEqual([['returned', undefined], 'called']);
    expect(args).toEqual([undefined, JSON.stringify(profile)]);
    expect(Object.keys(JSON.parse(args[1]))).toEqual(['head']);
  });

  test('export makes an ExportStream, or ends the given one', async () => {
    const stream = profile.export();
    expect(stream.constructor.name).toBe('ExportStream');
    expect(stream).toBeInstanceOf(Transform);
    expect(await textOf(stream)).toBe(JSON.stringify(profile));
    const receiver = new PassThrough();
    expect(profile.export(receiver)).toBe(receiver);
    expect(await textOf(receiver)).toBe(JSON.stringify(profile));
  });

  test('export can be piped to a file', async () => {
    const file = path.join(tempFolder(), 'a.heapprofile');
    await once(profile.export().pipe(fs.createWriteStream(file)), 'finish');
    expect(fs.readFileSync(file, 'utf8')).toBe(JSON.stringify(profile));
  });
});

describe('sampling heap profiles, where it differs from v8-profiler-next', () => {
  test('an interval of 0 is refused', () => {
    const attempt = () => profiler.startSamplingHeapProfiling(0, 16);
    expect(attempt).toThrow(RangeError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' }));
  });

  test('stopping what does not run throws', () => {
    const attempt = () => profiler.stopSamplingHeapProfiling();
    expect(attempt).toThrow(Error);
    expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_NOT_RUNNING' }));
    profiler.startSamplingHeapProfiling();
    profiler.stopSamplingHeapProfiling();
    expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_NOT_RUNNING' }));
  });

  test('a userland stream is a stream', async () => {
    const profile = record(1024, 16);
    const receiver = new UserlandStream();
    expect(profile.export(receiver)).toBe(receiver);
    await once(receiver, 'finish');
    expect(receiver.text).toBe(JSON.stringify(profile));
  });

  test('odd depths never end the process', async () => {
    const seen = await runClean(({ profiler, codeOf, report }) => {
      for (const depth of [0, -1, NaN, 1e9, 1.5, Infinity, 2 ** 40]) {
        const outcome = codeOf(() => profiler.startSamplingHeapProfiling(1024, depth));
        if (outcome.error && !String(outcome.error.code).startsWith('ERR_RS_PROFILER_')) report([depth, outcome]);
        codeOf(() => profiler.stopSamplingHeapProfiling());
      }
      report('survived');
    });
    expect(seen).toBe('survived');
  });
});
