'use strict';

/** The module as native ESM sees it, and as compiled ESM does. */

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { promisify } = require('node:util');

const profiler = require('../..');
const surface = require('../helpers/surface');
const { tempFolder } = require('../helpers/temp-folder');

const urlOf = (file) => JSON.stringify(pathToFileURL(path.resolve(__dirname, '..', '..', file)).href);
const pathOf = (file) => JSON.stringify(path.resolve(__dirname, '..', '..', file));

/** What a module of the given text prints as JSON, run in a folder of its own. */
async function printedBy(name, text) {
  const cwd = tempFolder();
  fs.writeFileSync(path.join(cwd, name), text);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [name], { cwd });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('native ESM', () => {
  test('exports every key by name, and the object as default', async () => {
    const { names, same, isDefault } = await printedBy(
      'names.mjs',
      `import * as all from ${urlOf('index.mjs')};
       import { createRequire } from 'node:module';
       const required = createRequire(import.meta.url)(${pathOf('index.js')});
       const names = Object.keys(all);
       const same = names.filter((name) => name !== 'default').every((name) => all[name] === required[name]);
       console.log(JSON.stringify({ names, same, isDefault: all.default === required }));`,
    );
    expect(names.sort()).toEqual([...surface.compatible, ...surface.older, ...surface.modern, 'default'].sort());
    expect(names.sort()).toEqual([...Object.keys(profiler), 'default'].sort());
    expect({ same, isDefault }).toEqual({ same: true, isDefault: true });
  });

  test('shares its state with require: what one starts, the other stops', async () => {
    const seen = await printedBy(
      'shared.mjs',
      `import { startProfiling, profiles, snapshots, takeSnapshot } from ${urlOf('index.mjs')};
       import { createRequire } from 'node:module';
       const required = createRequire(import.meta.url)(${pathOf('index.js')});
       startProfiling('by import');
       const profile = required.stopProfiling('by import');
       const listed = profiles[profile.uid] === profile;
       profile.delete();
       const snapshot = takeSnapshot('by import');
       const found = required.snapshots[snapshot.uid] === snapshot && snapshots === required.snapshots;
       snapshot.delete();
       console.log(JSON.stringify({
         title: profile.title, listed, found, left: Object.keys(profiles).length + Object.keys(snapshots).length,
       }));`,
    );
    expect(seen).toEqual({ title: 'by import', listed: true, found: true, left: 0 });
  });

  test('the promise-based calls work at the top level of a module', async () => {
    const seen = await printedBy(
      'await.mjs',
      `import fs from 'node:fs';
       import { captureCpuProfile, captureSamplingHeapProfile, createHeapSnapshotStream, writeHeapSnapshot }
         from ${urlOf('index.mjs')};
       const [cpu, heap] = await Promise.all([
         captureCpuProfile({ durationMs: 20 }), captureSamplingHeapProfile({ durationMs: 20 }),
       ]);
       const { path, bytes } = await writeHeapSnapshot();
       let length = 0;
       for await (const chunk of createHeapSnapshotStream()) length += chunk.length;
       console.log(JSON.stringify({
         cpu: Object.keys(cpu), heap: Object.keys(heap), written: fs.statSync(path).size === bytes, read: length > 0,
       }));`,
    );
    expect(seen).toEqual({
      cpu: ['nodes', 'startTime', 'endTime', 'samples', 'timeDeltas'],
      heap: ['head', 'samples'],
      written: true,
      read: true,
    });
  });

  test('a profile shows functions of ES modules under their file URL', async () => {
    const { url, own } = await printedBy(
      'hot.mjs',
      `import { setSamplingInterval, startProfiling, stopProfiling } from ${urlOf('index.mjs')};
       function hotInModule() {
         const end = Date.now() + 100;
         let value = 0;
         while (Date.now() < end) value += Math.sqrt(value + 1);
         return value;
       }
       setSamplingInterval(500);
       startProfiling('hot');
       hotInModule();
       const find = (node) => (node.functionName === 'hotInModule' ? node : node.children.map(find).find(Boolean));
       const found = find(stopProfiling('hot').head);
       console.log(JSON.stringify({ url: found && found.url, own: import.meta.url }));`,
    );
    expect(url).toBe(own);
  });
});

describe('compiled ESM', () => {
  test('finds named, namespace and default imports, as TypeScript and Babel write them', async () => {
    const seen = await printedBy(
      'compiled.cjs',
      `'use strict';
       // What both compilers put before the code of a module.
       const interopDefault = (module) => (module && module.__esModule ? module : { default: module });
       const interopStar = (module) => {
         if (module && module.__esModule) return module;
         const all = {};
         for (const key of Object.keys(module)) {
           Object.defineProperty(all, key, { enumerable: true, get: () => module[key] });
         }
         return Object.defineProperty(all, 'default', { enumerable: true, value: module });
       };
       const named = require(${pathOf('index.js')});
       const { default: profiler } = interopDefault(named);
       const all = interopStar(named);
       (0, named.startProfiling)('named');
       const title = (0, all.stopProfiling)('named').title;
       console.log(JSON.stringify({
         title, isDefault: profiler === named && all.default === named, withoutInterop: named.default === named,
         live: all.profiles === named.profiles,
       }));`,
    );
    expect(seen).toEqual({ title: 'named', isDefault: true, withoutInterop: true, live: true });
  });

  test('finds the default export of rs-profiler/heapdump with and without interop', async () => {
    const seen = await printedBy(
      'heapdump.cjs',
      `'use strict';
       const interopDefault = (module) => (module && module.__esModule ? module : { default: module });
       const heapdump = require(${pathOf('heapdump.js')});
       console.log(JSON.stringify({
         interop: interopDefault(heapdump).default === heapdump, withoutInterop: heapdump.default === heapdump,
         keys: Object.keys(heapdump),
       }));`,
    );
    expect(seen).toEqual({ interop: true, withoutInterop: true, keys: ['writeSnapshot'] });
  });
});
