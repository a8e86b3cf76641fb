'use strict';

/** The originals' names, put on this package by the overrides of npm: dependencies that require them get it. */

const { execFile, spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { promisify } = require('node:util');

const { ROOT, copyOfThisPackage, install, pack, startRegistry, writePackage } = require('../helpers/own-registry');
const surface = require('../helpers/surface');
const { tempFolder } = require('../helpers/temp-folder');

const { version } = require('../../package.json');
const alias = require('../../aliases/heapdump/package.json');

/** A package as others wrote it, that has the originals as its dependencies. */
const DEPENDENT = {
  manifest: {
    name: 'uses-originals',
    version: '1.0.0',
    main: 'index.js',
    dependencies: { heapdump: '^0.3.15', 'v8-profiler': '^5.7.0', 'v8-profiler-next': '^1.10.0' },
  },
  files: {
    'index.js': `exports.heapdump = require('heapdump');
      exports.profilers = [require('v8-profiler'), require('v8-profiler-next')];`,
    'index.mjs': `import heapdump, { writeSnapshot } from 'heapdump';
      import * as namespace from 'heapdump';
      import { createRequire } from 'node:module';
      const required = createRequire(import.meta.url)('heapdump');
      console.log(JSON.stringify({
        isDefault: heapdump === required, same: writeSnapshot === required.writeSnapshot, names: Object.keys(namespace).sort(),
      }));
      heapdump.configure({ signal: false });`,
  },
};

let app;
let registry;

beforeAll(async () => {
  const folder = tempFolder();
  const [own, dependent] = ['rs-profiler', 'uses-originals'].map((name) => path.join(folder, name));
  copyOfThisPackage(own);
  writePackage(dependent, DEPENDENT.manifest, DEPENDENT.files);
  registry = await startRegistry(await pack([own, path.join(ROOT, 'aliases', 'heapdump'), dependent], folder));
  app = path.join(folder, 'app');
  const overrides = {
    heapdump: `npm:@rs-profiler/heapdump@^${version}`,
    'v8-profiler': `npm:rs-profiler@^${version}`,
    'v8-profiler-next': `npm:rs-profiler@^${version}`,
  };
  writePackage(app, { name: 'app', version: '1.0.0', dependencies: { 'uses-originals': '1.0.0' }, overrides }, {});
  await install(app, registry);
});

afterAll(() => registry?.close());

/** What the given script of the app prints as JSON. */
async function printed(script) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, script, { cwd: app });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('the alias has the version of the package, and depends on exactly that', () => {
  expect(alias.version).toBe(version);
  expect(alias.dependencies).toEqual({ 'rs-profiler': version });
});

test('none of the originals was asked for', () => {
  expect(new Set(registry.asked)).toEqual(new Set(['uses-originals', '@rs-profiler/heapdump', 'rs-profiler']));
});

test('a dependency that requires v8-profiler or v8-profiler-next gets this package, and its profiles', async () => {
  const seen = await printed(['-p', `
    const { heapdump, profilers } = require('uses-originals');
    heapdump.configure({ signal: false });
    JSON.stringify(profilers.map((profiler) => {
      profiler.startProfiling('by alias', true);
      const { title, samples } = profiler.stopProfiling('by alias');
      return { keys: Object.keys(profiler), title, sampled: samples.length > 0 };
    }))`]);
  const keys = expect.arrayContaining(surface.compatible);
  expect(seen).toEqual(new Array(2).fill({ keys, title: 'by alias', sampled: true }));
});

test('SIGUSR2 makes a dependency that requires heapdump write a snapshot', async () => {
  const cwd = tempFolder();
  const script = `
    require(${JSON.stringify(path.join(app, 'node_modules', 'uses-originals'))});
    setInterval(() => {}, 1000);
    console.log('ready');`;
  const child = spawn(process.execPath, ['-e', script], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGUSR2');
    const dumps = () => fs.readdirSync(cwd).filter((name) => name.endsWith('.heapsnapshot'));
    while (dumps().length === 0 && child.exitCode === null && child.signalCode === null) await sleep(20);
    expect(dumps()).toEqual([expect.stringMatching(/^heapdump-\d+\.\d+\.heapsnapshot$/)]);
    const { snapshot, nodes } = JSON.parse(fs.readFileSync(path.join(cwd, dumps()[0]), 'utf8'));
    expect(nodes).toHaveLength(snapshot.node_count * snapshot.meta.node_fields.length);
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
});

test('ES modules import heapdump by default and by name', async () => {
  const seen = await printed([path.join('node_modules', 'uses-originals', 'index.mjs')]);
  expect(seen).toEqual({ isDefault: true, same: true, names: ['configure', 'default', 'writeSnapshot'] });
});

describe('the typings of the aliases', () => {
  const tsc = require.resolve('typescript/bin/tsc');
  const types = ['--types', 'node', '--typeRoots', path.join(ROOT, 'node_modules', '@types')];
  // The typings themselves are checked by `npm run typecheck`; here it is what a consumer gets of them.
  const common = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--lib', 'es2022', ...types];
  const text = `
    import heapdump from 'heapdump';
    import * as namespace from 'heapdump';
    import { writeSnapshot } from 'heapdump';
    import * as profiler from 'v8-profiler';
    import next from 'v8-profiler-next';
    const written: boolean = heapdump.writeSnapshot((error: Error | null, name: string | undefined) => [error, name]);
    namespace.writeSnapshot('a.heapsnapshot', () => written);
    writeSnapshot();
    profiler.startProfiling('a', true);
    const profile: profiler.CpuProfile = profiler.stopProfiling();
    const snapshot: import('v8-profiler-next').Snapshot = next.takeSnapshot(profile.title);
    snapshot.delete();
    // @ts-expect-error typed
    heapdump.writeSnapshot(5);`;

  test.each([
    ['CommonJS', 'ts', ['--module', 'commonjs', '--moduleResolution', 'node10', '--esModuleInterop', 'false']],
    ['CommonJS with esModuleInterop', 'ts', ['--module', 'commonjs', '--moduleResolution', 'node10', '--esModuleInterop']],
    ['node16', 'ts', ['--module', 'node16', '--moduleResolution', 'node16']],
    ['node16, ES module', 'mts', ['--module', 'node16', '--moduleResolution', 'node16']],
    ['bundler', 'ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ])('serve %s', async (_, extension, options) => {
    const name = `consumer.${extension}`;
    // Of the app's dependencies, as npm has laid them out.
    fs.writeFileSync(path.join(app, name), text);
    const { stdout, code } = await promisify(execFile)(process.execPath, [tsc, ...common, ...options, name], { cwd: app }).catch((error) => error);
    expect({ stdout, code }).toEqual({ stdout: '', code: undefined });
  });
});
