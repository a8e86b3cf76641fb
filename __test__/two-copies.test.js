'use strict';

/** Several loaded copies of the package in one thread: they never meet. */

const fs = require('node:fs');
const path = require('node:path');

const { runClean } = require('./helpers/child');
const { start } = require('./helpers/framework');
const { tempFolder } = require('./helpers/temp-folder');

const BUSY = 'ERR_RS_PROFILER_BUSY';

/** Source of a function that loads the package anew, the native part included. */
const input = `
  const own = require('path').dirname(main);
  for (const file of Object.keys(require.cache)) if (file.startsWith(own)) delete require.cache[file];
  if (require.main) require.main.children.length = 0;
  return require(main);`;

describe('two copies in one thread', () => {
  test('have registries, names, uids and settings of their own', async () => {
    const seen = await runClean(
      ({ main, input, codeOf, report }) => {
        const load = () => new Function('require', 'main', input)(require, main);
        const a = load();
        const b = load();
        a.setGenerateType(1);
        a.startProfiling('same name');
        b.startProfiling('same name');
        a.startProfiling('only a');
        const refused = codeOf(() => a.setSamplingInterval(500)).error.message;
        const inB = [b.stopProfiling('only a'), b.stopProfiling('same name').title, b.stopProfiling('same name')];
        const idleB = [codeOf(() => b.stopProfiling()).error.code, codeOf(() => b.setSamplingInterval(500)).value];
        const inA = [a.stopProfiling('same name').title, a.stopProfiling().title];
        const sa = a.takeSnapshot('in a');
        const sb = b.takeSnapshot('in b');
        report({
          apart: a !== b && a.profiles !== b.profiles && a.snapshots !== b.snapshots,
          processProfiler: process.profiler === b,
          inA,
          inB: inB.map(String),
          idleB,
          refused: /no profiles being recorded/.test(refused),
          uids: [Object.keys(a.profiles), Object.keys(b.profiles)],
          formats: ['nodes' in a.profiles[0], 'head' in b.profiles[0]],
          titles: [a, b].map((copy) => Object.values(copy.snapshots).map((snapshot) => snapshot.title)),
          deleted: [sa.delete() === a.snapshots, sb.getNode(0).id],
          foreign: codeOf(() => Object.getPrototypeOf(sa).compare.call({}, sb)).error.code,
        });
      },
      { input },
    );
    expect(seen).toEqual({
      apart: true,
      processProfiler: true,
      inA: ['same name', 'only a'],
      inB: ['undefined', 'same name', 'undefined'],
      idleB: ['ERR_RS_PROFILER_NOT_RUNNING', 'undefined'],
      refused: true,
      uids: [['0', '1'], ['0']],
      formats: [true, true],
      titles: [['in a'], ['in b']],
      deleted: [true, 1],
      foreign: 'ERR_RS_PROFILER_INVALID_ARGUMENT',
    });
  });

  test('only one may sample the heap: V8 has one such profiler for both', async () => {
    const seen = await runClean(
      ({ main, input, codeOf, report }) => {
        const load = () => new Function('require', 'main', input)(require, main);
        const a = load();
        const b = load();
        a.startSamplingHeapProfiling();
        const errors = [codeOf(() => b.startSamplingHeapProfiling()), codeOf(() => b.stopSamplingHeapProfiling())];
        const head = a.stopSamplingHeapProfiling().head.callFrame.functionName;
        b.startSamplingHeapProfiling();
        const other = codeOf(() => a.startSamplingHeapProfiling()).error;
        const last = b.stopSamplingHeapProfiling().head.callFrame.functionName;
        report({ codes: errors.map(({ error }) => error.code), head, other: other.code, last });
      },
      { input },
    );
    expect(seen).toEqual({ codes: [BUSY, 'ERR_RS_PROFILER_NOT_RUNNING'], head: '(root)', other: BUSY, last: '(root)' });
  });

  test('one is replaced while it captures, and both go on', async () => {
    const seen = await runClean(
      async ({ main, input, workload, report }) => {
        const load = () => new Function('require', 'main', input)(require, main);
        const a = load();
        a.warmUp();
        a.startProfiling('old');
        a.startTrackingHeapObjects();
        const snapshot = a.takeSnapshot('old');
        const stream = snapshot.export();
        const b = load();
        b.startProfiling('new');
        b.startTrackingHeapObjects();
        b.getHeapStats();
        workload.spin(20);
        b.stopTrackingHeapObjects();
        const other = b.takeSnapshot('new');
        other.delete();
        snapshot.delete();
        b.deleteAllSnapshots();
        let length = 0;
        for await (const chunk of stream) length += chunk.length;
        const titles = [a.stopProfiling().title, b.stopProfiling().title];
        a.coolDown();
        report({ titles, length: length > 1e5, stats: a.getHeapStats() > 0 });
      },
      { input },
    );
    expect(seen).toEqual({ titles: ['old', 'new'], length: true, stats: true });
  });

  test('copies that are given up while they capture are collected, the last one works on', async () => {
    const seen = await runClean(
      async ({ main, input, sleep, report }) => {
        const load = () => new Function('require', 'main', input)(require, main);
        const kept = load();
        kept.startProfiling('kept');
        const gone = [];
        for (let round = 0; round < 12; round++) {
          await (async () => {
            const copy = load();
            gone.push(new WeakRef(copy));
            copy.startProfiling('lost');
            copy.startProfiling('stopped');
            copy.stopProfiling('stopped');
            if (round % 3 === 0) copy.warmUp();
            if (round % 3 === 1) copy.startSamplingHeapProfiling();
            if (round % 4 === 2) globalThis.stream = copy.takeSnapshot().export();
          })();
          process.profiler = globalThis.stream = null;
          await sleep(1);
          global.gc();
          await sleep(1);
        }
        for (let round = 0; round < 20; round++) {
          load();
          process.profiler = null;
          await sleep(1);
          global.gc();
        }
        const profile = kept.stopProfiling('kept');
        kept.startSamplingHeapProfiling();
        const head = kept.stopSamplingHeapProfiling().head.callFrame.functionName;
        report({ collected: gone.filter((ref) => !ref.deref()).length > 6, samples: profile.samples.length > 0, head });
      },
      { input, nodeArgs: ['--expose-gc'] },
    );
    expect(seen).toEqual({ collected: true, samples: true, head: '(root)' });
  });
});

describe('Jest', () => {
  function isolated() {
    let copy;
    jest.isolateModules(() => {
      copy = require('..');
    });
    return copy;
  }

  test('isolateModules gives copies that never meet', () => {
    const a = isolated();
    const b = isolated();
    expect(a).not.toBe(b);
    a.startProfiling('isolated');
    b.startProfiling('isolated');
    expect(b.stopProfiling().title).toBe('isolated');
    expect(() => b.stopProfiling()).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_NOT_RUNNING' }));
    expect(a.stopProfiling('isolated').samples.length).toBeGreaterThan(0);
    expect([Object.keys(a.profiles), Object.keys(b.profiles)]).toEqual([['0'], ['0']]);
  });

  test('resetModules leaves a running profile to the copy that started it', () => {
    const a = isolated();
    a.startProfiling('before the reset');
    jest.resetModules();
    const b = require('..');
    b.startProfiling('after the reset');
    expect(b.stopProfiling().title).toBe('after the reset');
    expect(a.stopProfiling().title).toBe('before the reset');
  });

  test('errors of every copy are Errors of the test, those of the native part too', () => {
    const { stopSamplingHeapProfiling, stopProfiling, writeHeapSnapshot } = isolated();
    for (const call of [stopSamplingHeapProfiling, stopProfiling]) {
      let error;
      try {
        call();
      } catch (caught) {
        error = caught;
      }
      expect(error).toBeInstanceOf(Error);
    }
    return expect(writeHeapSnapshot('/no such folder/a.heapsnapshot')).rejects.toBeInstanceOf(Error);
  });
});

test('two files of one Jest process, which both leave profiles running, do not meet', () => {
  const folder = tempFolder();
  for (const name of ['one', 'other']) {
    fs.writeFileSync(path.join(folder, `${name}.test.js`), `const profiler = require(${JSON.stringify(path.resolve(__dirname, '..'))});
test('${name}', () => {
  expect([profiler.profiles, profiler.snapshots].map(Object.keys)).toEqual([[], []]);
  profiler.startProfiling('left running');
  expect(profiler.takeSnapshot('kept').nodesCount).toBeGreaterThan(1000);
  profiler.startProfiling('done');
  profiler.stopProfiling('done');
  expect(Object.keys(profiler.profiles)).toHaveLength(1);
});`);
  }
  const jest = path.join(path.dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');
  const { status, output } = start(jest, ['--rootDir', folder, '--config', '{"transform":{}}', '--runInBand']);
  expect(output).toMatch(/Tests: +2 passed, 2 total/);
  expect(status).toBe(0);
});
