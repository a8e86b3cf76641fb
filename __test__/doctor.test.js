'use strict';

/** `rs-profiler doctor` and `rs-profiler build-shim`, as a shell calls them. */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { tempFolder } = require('./helpers/temp-folder');
const { addonPath, analysisPath, shimPath } = require('../binding');

const CLI = path.join(__dirname, '..', require('../package.json').bin['rs-profiler']);
const ABI = process.versions.modules;

function call(args, env = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { env: { ...process.env, ...env }, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A native folder with the addons, and what else is named. */
function nativeFolder(...more) {
  const folder = tempFolder();
  for (const file of [addonPath(), analysisPath(), ...more]) fs.copyFileSync(file, path.join(folder, path.basename(file)));
  return folder;
}

test('doctor says what is installed, tries it out, and ends well', () => {
  const { status, stdout, stderr } = call(['doctor']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(`Node ${process.version}, ABI ${ABI}`);
  expect(stdout).toContain(`ABI ${ABI} (this Node)`);
  expect(stdout).not.toContain('FAILED');
  for (const name of ['CPU profile', 'heap snapshot in the process', 'analysis']) expect(stdout).toMatch(new RegExp(`^ok +${name}`, 'm'));
});

test('doctor --json has the same as data', () => {
  const { status, stdout } = call(['doctor', '--json']);
  const { healthy, installation, capabilities, findings } = JSON.parse(stdout);
  expect([status, healthy]).toEqual([0, true]);
  expect(installation).toMatchObject({ node: process.version, abi: ABI, addon: { loads: true }, analysis: { loads: true } });
  expect(installation.shims.filter(({ fits }) => fits)).toEqual([{ abi: ABI, path: shimPath(ABI), fits: true }]);
  expect(capabilities.capture.shim).toBe(shimPath(ABI));
  expect(findings.every(({ state }) => state !== 'failed')).toBe(true);
});

test('doctor without native parts: exit code 1, and what to do', () => {
  const { status, stdout } = call(['doctor'], { RS_PROFILER_NATIVE_DIR: tempFolder() });
  expect(status).toBe(1);
  expect(stdout).toMatch(/FAILED +capture addon/);
  expect(stdout).toMatch(/FAILED +analysis addon/);
  expect(stdout).toContain('unset the variable');
});

test('doctor without a shim for this Node names the command that makes one', () => {
  const { status, stdout } = call(['doctor'], { RS_PROFILER_NATIVE_DIR: nativeFolder() });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^ok +capture addon/m);
  expect(stdout).toContain('npx rs-profiler build-shim');
});

test('build-shim compiles one that RS_PROFILER_SHIM_DIR brings to use', () => {
  const native = nativeFolder();
  const output = path.join(tempFolder(), 'shims');
  const env = { RS_PROFILER_NATIVE_DIR: native };
  const built = call(['build-shim', '--output', output, '--json'], env);
  expect({ status: built.status, stderr: built.stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(built.stdout)).toMatchObject({ path: path.join(output, `v8-shim.abi${ABI}.so`), abi: Number(ABI), loaded: true });
  expect(fs.readdirSync(output)).toEqual([`v8-shim.abi${ABI}.so`]);
  expect(call(['doctor'], { ...env, RS_PROFILER_SHIM_DIR: output }).status).toBe(0);
});

test('build-shim without a compiler, with headers of another ABI, and into a file, says so', () => {
  const output = tempFolder();
  const missing = call(['build-shim', '--output', output], { CXX: 'no-such-compiler' });
  expect(missing.status).toBe(1);
  expect(missing.stderr).toMatch(/No C\+\+ compiler was found .*no-such-compiler/);
  const include = tempFolder();
  fs.writeFileSync(path.join(include, 'node_version.h'), '#define NODE_MAJOR_VERSION 11\n#define NODE_MODULE_VERSION 67\n');
  const other = call(['build-shim', '--output', output, '--headers', include]);
  expect(other.status).toBe(1);
  expect(other.stderr).toContain('ABI 67');
  const none = call(['build-shim', '--headers', tempFolder()]);
  expect(none.status).toBe(2);
  expect(fs.readdirSync(output)).toEqual([]);
  const file = path.join(tempFolder(), 'file');
  fs.writeFileSync(file, '');
  const refused = call(['build-shim', '--output', path.join(file, 'below')]);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('--output');
});
