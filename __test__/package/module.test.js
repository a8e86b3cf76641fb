'use strict';

const fs = require('node:fs');
const path = require('node:path');

const profiler = require('../..');
const { run, runClean } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');
const surface = require('../helpers/surface');

describe('the exported object', () => {
  test('begins with the keys of v8-profiler-next, in its order', () => {
    expect(Object.keys(profiler).slice(0, surface.compatible.length)).toEqual(surface.compatible);
  });

  test('keeps its classes to itself', () => {
    for (const name of ['Snapshot', 'CpuProfile', 'SamplingHeapProfile', 'ExportStream']) {
      expect(profiler).not.toHaveProperty(name);
    }
  });

  test.each(['snapshots', 'profiles'])('%s is a live getter without a setter', (key) => {
    const descriptor = Object.getOwnPropertyDescriptor(profiler, key);
    expect(descriptor).toMatchObject({ set: undefined, enumerable: true, configurable: true });
    expect(typeof descriptor.get).toBe('function');
    expect(profiler[key]).toBe(profiler[key]);
  });

  test.each(['snapshots', 'profiles'])('assigning to %s is ignored in sloppy code, refused in strict code', (key) => {
    const before = profiler[key];
    new Function('object', 'key', 'object[key] = {};')(profiler, key);
    expect(profiler[key]).toBe(before);
    expect(() => {
      profiler[key] = {};
    }).toThrow(TypeError);
  });

  test('everything else is a function', () => {
    for (const [key, value] of Object.entries(profiler)) {
      if (key !== 'snapshots' && key !== 'profiles') expect([key, typeof value]).toEqual([key, 'function']);
    }
  });

  test('is also process.profiler', async () => {
    expect(process.profiler).toBe(profiler);
    expect(await runClean(({ profiler, report }) => report(process.profiler === profiler))).toBe(true);
  });

  test('loading it prints nothing, starts nothing and lets the process end', async () => {
    const started = await runClean(({ profiler, report }) => {
      report([Object.keys(profiler.profiles).length, Object.keys(profiler.snapshots).length]);
    });
    expect(started).toEqual([0, 0]);
  });

  test('its functions work unbound', () => {
    const { startProfiling, stopProfiling, setSamplingInterval, collectSample, deleteAllProfiles } = profiler;
    const { getHeapObjectId, startTrackingHeapObjects, stopTrackingHeapObjects, getHeapStats } = profiler;
    setSamplingInterval(1000);
    startProfiling('unbound');
    collectSample();
    expect(stopProfiling('unbound').title).toBe('unbound');
    deleteAllProfiles();
    startTrackingHeapObjects();
    expect(typeof getHeapStats()).toBe('number');
    stopTrackingHeapObjects();
    expect(typeof getHeapObjectId({})).toBe('number');
  });
});

describe('the exported object, where it differs from v8-profiler-next', () => {
  test('goes on with the older calls of v8-profiler and the promise-based ones', () => {
    const rest = Object.keys(profiler).slice(surface.compatible.length);
    expect(rest.slice(0, surface.older.length)).toEqual(surface.older);
    expect(rest.slice(surface.older.length).sort()).toEqual([...surface.modern].sort());
  });
});

describe('the package, where it differs from v8-profiler-next', () => {
  /** A folder in which `rs-profiler` can be required and imported by its name. */
  function projectFolder() {
    const folder = tempFolder();
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(path.resolve(__dirname, '..', '..'), path.join(folder, 'node_modules', 'rs-profiler'), 'dir');
    return folder;
  }

  /** What a module of the given text reports, run in a project folder. */
  async function runModule(name, text) {
    const cwd = projectFolder();
    fs.writeFileSync(path.join(cwd, name), text);
    const result = await run(
      ({ input, report }) => {
        const { spawnSync } = require('node:child_process');
        const child = spawnSync(process.execPath, [input], { encoding: 'utf8' });
        report({ status: child.status, signal: child.signal, stderr: child.stderr, out: child.stdout });
      },
      { cwd, input: name },
    );
    expect(result.report).toMatchObject({ status: 0, signal: null, stderr: '' });
    return JSON.parse(result.report.out);
  }

  test('has every function as a named export under native ESM', async () => {
    const seen = await runModule(
      'named.mjs',
      `import profiler, { startProfiling, stopProfiling, writeHeapSnapshot } from 'rs-profiler';
       import * as namespace from 'rs-profiler';
       import { createRequire } from 'node:module';
       const required = createRequire(import.meta.url)('rs-profiler');
       startProfiling('esm');
       const title = stopProfiling('esm').title;
       const same = Object.keys(required).filter((key) => typeof required[key] === 'function')
         .every((key) => namespace[key] === required[key]);
       console.log(JSON.stringify({
         title, same, isDefault: profiler === required, isProcess: process.profiler === profiler,
         modern: typeof writeHeapSnapshot, profiles: Object.keys(profiler.profiles).length,
       }));`,
    );
    expect(seen).toEqual({
      title: 'esm',
      same: true,
      isDefault: true,
      isProcess: true,
      modern: 'function',
      profiles: 1,
    });
  });

  test('has the sub-path rs-profiler/heapdump in both module systems', async () => {
    const seen = await runModule(
      'heapdump.mjs',
      `import heapdump, { writeSnapshot } from 'rs-profiler/heapdump';
       import { createRequire } from 'node:module';
       const required = createRequire(import.meta.url)('rs-profiler/heapdump');
       console.log(JSON.stringify([heapdump === required, writeSnapshot === required.writeSnapshot]));`,
    );
    expect(seen).toEqual([true, true]);
  });

  test('can be required by its name, and answers for its package.json', async () => {
    const seen = await runModule(
      'required.cjs',
      `const profiler = require('rs-profiler');
       const { name } = require('rs-profiler/package.json');
       console.log(JSON.stringify([name, profiler === require('rs-profiler'), typeof profiler.takeSnapshot]));`,
    );
    expect(seen).toEqual(['rs-profiler', true, 'function']);
  });
});
