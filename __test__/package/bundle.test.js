'use strict';

/** The JavaScript of the package as it is published: bundled. */

const fs = require('node:fs');
const path = require('node:path');
const { isBuiltin } = require('node:module');

const { runClean } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');
const { BUNDLE, bundleJavaScript } = require('../../scripts/pack/bundle');

const ROOT = path.resolve(__dirname, '..', '..');
const FILES = ['binding.js', 'heapdump.js', 'heapdump.mjs', 'index.js', 'index.mjs'];

/** The package in a folder of its own, with the native parts of the checkout. */
let folder;

beforeAll(() => {
  folder = tempFolder();
  bundleJavaScript(folder, FILES);
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  fs.symlinkSync(path.join(ROOT, 'native'), path.join(folder, 'native'));
});

const read = (file) => fs.readFileSync(path.join(folder, file), 'utf8');

test('is one file with the code, and a line for each entry', () => {
  const names = fs.readdirSync(folder).filter((name) => /\.m?js$/.test(name)).sort();
  expect(names).toEqual([BUNDLE, 'heapdump.js', 'heapdump.mjs', 'index.js', 'index.mjs']);
});

test('is the same every time', () => {
  const again = tempFolder();
  bundleJavaScript(again, FILES);
  expect(fs.readFileSync(path.join(again, BUNDLE), 'utf8')).toBe(read(BUNDLE));
});

test('needs nothing but Node and the packages of the platforms, and names no place of the machine', () => {
  const asked = [...read(BUNDLE).matchAll(/\brequire(?:\.resolve)?\("([^"]+)"\)/g)].map(([, name]) => name);
  expect(asked).not.toEqual([]);
  expect(asked.filter((name) => !isBuiltin(name) && !name.startsWith('@rs-profiler/'))).toEqual([]);
  expect(read(BUNDLE)).not.toContain(ROOT);
});

test('has the names of the checkout, in their order', async () => {
  const keysOf = ({ input, report }) => report(Object.keys(require(input)));
  expect(await runClean(keysOf, { input: folder })).toEqual(await runClean(keysOf, { input: ROOT }));
});

test('loads no more than itself', async () => {
  const loaded = await runClean(
    ({ input, report }) => {
      const path = require('node:path');
      const before = process.moduleLoadList.length;
      require(input);
      const builtins = process.moduleLoadList.slice(before).map((name) => name.split(' ')[1]);
      const files = Object.keys(require.cache).filter((file) => file !== __filename).map((file) => path.basename(file));
      // Each of these takes as long to load as a good part of the package, or longer.
      report({ files, builtins: builtins.filter((name) => ['inspector', 'os', 'perf_hooks', 'v8', 'worker_threads'].includes(name)) });
    },
    { input: fs.realpathSync(folder) },
  );
  expect(loaded).toEqual({ files: ['index.js', BUNDLE, 'rs-profiler.node'], builtins: [] });
});

test('a capture of each kind works, and the entries share one state', async () => {
  const seen = await runClean(
    async ({ input, report }) => {
      const profiler = require(input);
      const heapdump = require(`${input}/heapdump`);
      profiler.startProfiling('one');
      const title = profiler.stopProfiling('one').title;
      const length = await new Promise((resolve) => profiler.takeSnapshot('two').export((error, text) => resolve(text.length)));
      profiler.startSamplingHeapProfiling();
      const { head } = profiler.stopSamplingHeapProfiling();
      const dumped = heapdump.writeSnapshot('dump.heapsnapshot');
      // One registry of copies per thread: two environments would be two copies of the package.
      const registry = globalThis[Symbol.for('rs-profiler.tracking')];
      report({ title, length: length > 0, head: Boolean(head), dumped, copies: registry.copies.length });
    },
    { input: folder },
  );
  expect(seen).toEqual({ title: 'one', length: true, head: true, dumped: true, copies: 1 });
});

test('import gives the same objects as require', async () => {
  const seen = await runClean(
    async ({ input, report }) => {
      const both = await Promise.all(['index', 'heapdump'].map((name) => import(`${input}/${name}.mjs`)));
      report(both.map((module, at) => module.default === require(`${input}/${['index', 'heapdump'][at]}.js`)));
    },
    { input: folder },
  );
  expect(seen).toEqual([true, true]);
});

test('rs-profiler/heapdump alone leaves `process` as it is', async () => {
  const seen = await runClean(
    ({ input, report }) => {
      const { writeSnapshot } = require(`${input}/heapdump`);
      report({ write: typeof writeSnapshot, profiler: typeof process.profiler, listeners: process.listenerCount('SIGUSR2') });
    },
    { input: folder },
  );
  expect(seen).toEqual({ write: 'function', profiler: 'undefined', listeners: 1 });
});

test('says what is missing when there are no native parts, and loads all the same', async () => {
  const bare = tempFolder();
  for (const name of fs.readdirSync(folder).filter((each) => each !== 'native')) fs.copyFileSync(path.join(folder, name), path.join(bare, name));
  const { value, error } = await runClean(({ input, codeOf, report }) => report(codeOf(() => require(input).takeSnapshot())), { input: bare });
  expect({ value, code: error.code }).toEqual({ value: undefined, code: 'ERR_RS_PROFILER_NATIVE_MISSING' });
});
