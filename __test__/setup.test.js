'use strict';

/** `npm run setup`: what is up to date is left alone. It works on a copy of the native folder, which other tests have loaded. */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { tempFolder } = require('./helpers/temp-folder');

const ROOT = path.resolve(__dirname, '..');
const SHIM = `v8-shim.abi${process.versions.modules}.so`;

let native;

function setup() {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/setup.js'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, RS_PROFILER_NATIVE_DIR: native },
  });
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  return { stdout, stderr };
}

/** Everything that set-up makes, with what changes when it is made anew: name to inode and times. */
function made() {
  const more = ['lib/report/dist/page.html', 'node_modules/.package-lock.json', 'package-lock.json', 'Cargo.lock'].map((name) => path.join(ROOT, name));
  const files = [...fs.readdirSync(native).map((name) => path.join(native, name)), ...more];
  return Object.fromEntries(files.map((file) => {
    const { ino, mtimeMs, ctimeMs } = fs.statSync(file);
    return [path.basename(file), [ino, mtimeMs, ctimeMs]];
  }));
}

beforeAll(() => {
  native = path.join(tempFolder(), 'native');
  fs.cpSync(process.env.RS_PROFILER_NATIVE_DIR || path.join(ROOT, 'native'), native, { recursive: true });
  setup();
});

test('a second one makes, installs and compiles nothing, and says nothing', () => {
  const before = made();
  expect(Object.keys(before)).toEqual(expect.arrayContaining(['rs-profiler.node', 'rs-profiler-analysis.node', SHIM, `${SHIM}.stamp`, 'page.html']));
  const { stdout, stderr } = setup();
  expect(stdout).toBe('');
  expect(stderr).not.toContain('Compiling');
  expect(made()).toEqual(before);
});

test('what is not up to date is made anew, and nothing else', () => {
  const before = made();
  fs.writeFileSync(path.join(native, `${SHIM}.stamp`), 'of other sources\n');
  fs.appendFileSync(path.join(native, 'rs-profiler.node'), 'damaged');
  const { stdout } = setup();
  expect(stdout).toMatch(/^compiling the V8 shim for Node ABI \d+ .*\nsetup: done\n$/);
  const after = made();
  const changed = Object.keys(after).filter((name) => String(after[name]) !== String(before[name]));
  expect(changed.sort()).toEqual(['rs-profiler.node', SHIM, `${SHIM}.stamp`].sort());
  expect(setup().stdout).toBe('');
  expect(made()).toEqual(after);
});
