'use strict';

/** How the native parts are found when they come as a package: in a copy of the package with a node_modules of its own. */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { tempFolder } = require('./helpers/temp-folder');
const binding = require('../binding');
const { TARGETS, hostTarget } = require('../scripts/pack/targets');

const ROOT = path.join(__dirname, '..');
const ABI = process.versions.modules;
const SHIM = `v8-shim.abi${ABI}.so`;
const { name: HOST } = hostTarget();

/** The package without its native folder, as it is installed. */
function installed() {
  const project = fs.realpathSync(tempFolder());
  const home = path.join(project, 'node_modules', 'rs-profiler');
  fs.mkdirSync(home, { recursive: true });
  for (const name of ['binding.js', 'index.js', 'package.json', 'lib']) fs.cpSync(path.join(ROOT, name), path.join(home, name), { recursive: true });
  return { project, home };
}

/** Adds a platform package with the parts of this checkout. */
function addPlatform(project, name, parts = [binding.addonPath(), binding.analysisPath(), binding.shimPath(ABI)]) {
  const folder = path.join(project, 'node_modules', '@rs-profiler', name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: `@rs-profiler/${name}`, version: '0.1.0' }));
  for (const file of parts) fs.copyFileSync(file, path.join(folder, path.basename(file)));
  return folder;
}

/** What a process says that uses the package. */
function run(home, text, env = {}) {
  const rest = { ...process.env };
  for (const name of ['RS_PROFILER_NATIVE_DIR', 'RS_PROFILER_SHIM_DIR']) delete rest[name];
  const script = `const home = ${JSON.stringify(home)}; const profiler = require(home); const say = (value) => console.log(JSON.stringify(value)); ${text}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { env: { ...rest, ...env }, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

const CAPABILITIES = 'say(profiler.capabilities());';

test('the package of the platform has everything that is needed', () => {
  const { project, home } = installed();
  const folder = addPlatform(project, HOST);
  addPlatform(project, 'darwin-arm64', []);
  const seen = run(home, `
    const profile = () => { profiler.startProfiling('p'); return profiler.stopProfiling('p').title; };
    const located = require(home + '/binding').locate();
    profiler.captureCpuProfile({ durationMs: 5 }).then((raw) => profiler.openCpuProfile(raw)).then((analysis) => {
      analysis.close();
      say([profile(), located.from, profiler.capabilities().addon.path, profiler.capabilities().capture.shim]);
    });`);
  expect(seen).toEqual(['p', 'package', path.join(folder, 'rs-profiler.node'), path.join(folder, SHIM)]);
});

test('no package: require works, and the error names the package', () => {
  const { home } = installed();
  const { addon, capture } = run(home, CAPABILITIES);
  expect(addon.loaded).toBe(false);
  expect(capture.reason).toContain(`@rs-profiler/${HOST}, an optional dependency, is not installed`);
  const said = run(home, 'profiler.openCpuProfile({ nodes: [] }).catch(({ code, message }) => say([code, message]));');
  expect(said).toEqual(['ERR_RS_PROFILER_NATIVE_MISSING', expect.stringContaining(`@rs-profiler/${HOST}`)]);
});

test('only the package of another platform: the same', () => {
  const { project, home } = installed();
  addPlatform(project, TARGETS.find(({ name }) => name !== HOST).name);
  expect(run(home, CAPABILITIES).capture.reason).toContain(`@rs-profiler/${HOST}, an optional dependency, is not installed`);
});

test('a damaged addon: the error names the package and what is wrong', () => {
  const { project, home } = installed();
  const folder = addPlatform(project, HOST);
  fs.writeFileSync(path.join(folder, 'rs-profiler.node'), 'no library');
  expect(run(home, CAPABILITIES).capture.reason).toMatch(/@rs-profiler\/.* Install rs-profiler again on this machine/);
});

test('RS_PROFILER_NATIVE_DIR comes before the package, and no more than that folder is looked at', () => {
  const { project, home } = installed();
  addPlatform(project, HOST);
  const empty = tempFolder();
  const { addon } = run(home, CAPABILITIES, { RS_PROFILER_NATIVE_DIR: empty });
  expect(addon).toMatchObject({ loaded: false, path: path.join(empty, 'rs-profiler.node') });
});

test('a shim: RS_PROFILER_SHIM_DIR, then what build-shim put into the package, then that of the platform', () => {
  const { project, home } = installed();
  const packaged = addPlatform(project, HOST);
  const [own, elsewhere] = [path.join(home, 'native'), tempFolder()];
  fs.mkdirSync(own);
  const used = (env) => run(home, CAPABILITIES, env).capture.shim;
  expect(used()).toBe(path.join(packaged, SHIM));
  fs.copyFileSync(binding.shimPath(ABI), path.join(own, SHIM));
  expect(used()).toBe(path.join(own, SHIM));
  expect(used({ RS_PROFILER_SHIM_DIR: elsewhere })).toBe(path.join(own, SHIM));
  fs.copyFileSync(binding.shimPath(ABI), path.join(elsewhere, SHIM));
  expect(used({ RS_PROFILER_SHIM_DIR: elsewhere })).toBe(path.join(elsewhere, SHIM));
});

test('binding.js knows the packages that are made, by strings that a bundler finds', () => {
  const text = fs.readFileSync(path.join(ROOT, 'binding.js'), 'utf8');
  for (const { name } of TARGETS) {
    for (const file of ['package.json', 'rs-profiler.node', 'rs-profiler-analysis.node']) expect(text).toContain(`('@rs-profiler/${name}/${file}')`);
  }
  expect(new Set(text.match(/@rs-profiler\/[a-z0-9-]+(?=\/)/g)).size).toBe(TARGETS.length);
});

test('shims leave open nothing but V8, Node, and what Node brings along', () => {
  const { faultsOf } = require('../scripts/pack/binaries');
  expect(faultsOf(binding.shimPath(ABI), hostTarget())).toEqual([]);
  // The check can fail: the addons of a checkout are linked for this machine.
  expect(faultsOf(binding.addonPath(), { ...hostTarget(), glibc: '2.2' }).join()).toContain('needs glibc');
});

test('two builds are compared file by file, and by how they are packed', () => {
  const { differences } = require('../scripts/pack/compare');
  const folder = tempFolder();
  const make = (name, files, seconds) => {
    const home = path.join(folder, name);
    fs.mkdirSync(path.join(home, 'package'), { recursive: true });
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(home, 'package', file), text);
    const tarball = path.join(folder, `${name}.tgz`);
    const args = ['--sort=name', `--mtime=@${seconds}`, '-czf', tarball, '-C', home, 'package'];
    expect(spawnSync('tar', args, { env: { ...process.env, GZIP: '-n' } }).status).toBe(0);
    return tarball;
  };
  const first = make('first', { 'a.node': '1', LICENSE: 'x' }, 1);
  expect(differences(first, make('same', { 'a.node': '1', LICENSE: 'x' }, 1))).toEqual([]);
  expect(differences(first, make('other', { 'a.node': '2', LICENSE: 'x', more: '' }, 1))).toEqual(['package/a.node', 'package/more']);
  expect(differences(first, make('later', { 'a.node': '1', LICENSE: 'x' }, 2))).toEqual(['first.tgz itself: same files, packed differently']);
});
