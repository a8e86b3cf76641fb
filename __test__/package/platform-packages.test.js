'use strict';

/** How the native parts are found when they come as a package: in a copy of the package with a node_modules of its own. */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const binding = require('../../binding');
const { faultsOf } = require('../../scripts/pack/binaries');
const { missingTarballs } = require('../../scripts/pack/index');
const { ABIS, ALIASES, packageFaults } = require('../../scripts/pack/stage');
const { TARGETS, hostTarget, manifestOf } = require('../../scripts/pack/targets');
const { tempFolder } = require('../helpers/temp-folder');

const ROOT = path.join(__dirname, '..', '..');
const SOURCE = require('../../package.json');
const ABI = process.versions.modules;
const SHIM = `v8-shim.abi${ABI}.so`;
const TARGET = hostTarget();
const HOST = TARGET.name;

/** The package without its native folder, as it is installed. */
function installed() {
  const project = fs.realpathSync(tempFolder());
  const home = path.join(project, 'node_modules', 'rs-profiler');
  fs.mkdirSync(home, { recursive: true });
  for (const name of ['binding.js', 'index.js', 'package.json', 'lib']) {
    fs.cpSync(path.join(ROOT, name), path.join(home, name), { recursive: true });
  }
  return { project, home };
}

/** Adds a platform package with the parts of this checkout. */
function addPlatform(project, name, parts = [binding.addonPath(), binding.shimPath(ABI)]) {
  const folder = path.join(project, 'node_modules', '@rs-profiler', name);
  fs.mkdirSync(folder, { recursive: true });
  const target = TARGETS.find((each) => each.name === name);
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifestOf(target, SOURCE)));
  for (const file of parts) fs.copyFileSync(file, path.join(folder, path.basename(file)));
  return folder;
}

/** What a process says that uses the package. */
function run(home, text, env = {}) {
  const rest = { ...process.env };
  for (const name of ['RS_PROFILER_NATIVE_DIR', 'RS_PROFILER_SHIM_DIR']) delete rest[name];
  const first = `const home = ${JSON.stringify(home)}; const profiler = require(home);`;
  const script = `${first} const say = (value) => console.log(JSON.stringify(value)); ${text}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { env: { ...rest, ...env }, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

const CAPABILITIES = 'say(profiler.capabilities());';
const ADDON = 'say(profiler.capabilities().addon);';

/** What `takeSnapshot`, which needs the addon, is refused with. */
const REFUSAL = 'try { profiler.takeSnapshot(); } catch ({ code, message }) { say([code, message]); }';

describe('an installed package', () => {
  test('the package of the platform has everything that is needed', () => {
    const { project, home } = installed();
    const folder = addPlatform(project, HOST);
    addPlatform(project, 'darwin-arm64', []);
    const seen = run(home, `
      const { addon, capture } = profiler.capabilities();
      profiler.startProfiling('p');
      say([profiler.stopProfiling('p').title, require(home + '/binding').locate().from, addon.path, capture.shim]);`);
    expect(seen).toEqual(['p', 'package', path.join(folder, 'rs-profiler.node'), path.join(folder, SHIM)]);
  });

  test.each([
    ['no package', []],
    ['only the package of another platform', [TARGETS.find(({ name }) => name !== HOST).name]],
  ])('%s: require works, and the error names the package and what to do', (what, others) => {
    const { project, home } = installed();
    for (const name of others) addPlatform(project, name);
    const [code, message] = run(home, REFUSAL);
    expect(code).toBe('ERR_RS_PROFILER_NATIVE_MISSING');
    expect(message).toMatch(/^Install rs-profiler again on this machine, with optional dependencies/);
    expect(message).toContain(`its package @rs-profiler/${HOST} is not installed`);
    expect(run(home, ADDON).loaded).toBe(false);
  });

  test('a damaged addon: the error names the package and what is wrong', () => {
    const { project, home } = installed();
    const folder = addPlatform(project, HOST);
    fs.writeFileSync(path.join(folder, 'rs-profiler.node'), 'no library');
    const [code, message] = run(home, REFUSAL);
    expect(code).toBe('ERR_RS_PROFILER_NATIVE_MISSING');
    expect(message).toMatch(/^Install rs-profiler again on this machine: .* cannot be loaded \(.+\)/);
    expect(message).toContain(`@rs-profiler/${HOST}`);
  });

  test('RS_PROFILER_NATIVE_DIR comes before the package, and no more than that folder is looked at', () => {
    const { project, home } = installed();
    addPlatform(project, HOST);
    const empty = tempFolder();
    const addon = run(home, ADDON, { RS_PROFILER_NATIVE_DIR: empty });
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
    // What an older version of the package has left does not keep the newer one from its own.
    fs.writeFileSync(path.join(elsewhere, SHIM), 'of another version');
    expect(used({ RS_PROFILER_SHIM_DIR: elsewhere })).toBe(path.join(own, SHIM));
    fs.writeFileSync(path.join(own, SHIM), 'of another version');
    expect(used({ RS_PROFILER_SHIM_DIR: elsewhere })).toBe(path.join(packaged, SHIM));
    fs.writeFileSync(path.join(packaged, SHIM), 'damaged');
    const { capture } = run(home, CAPABILITIES, { RS_PROFILER_SHIM_DIR: elsewhere });
    expect(capture).toMatchObject({ available: false, reason: expect.stringContaining(path.join(elsewhere, SHIM)) });
  });

  test('relative names in the environment stay what they are when the process goes elsewhere', () => {
    const { home } = installed();
    const folder = path.dirname(binding.addonPath());
    const env = { RS_PROFILER_NATIVE_DIR: path.relative(process.cwd(), folder) };
    const seen = run(home, `
      const fs = require('fs');
      const gone = fs.mkdtempSync(require('path').join(require('os').tmpdir(), 'gone-'));
      process.chdir(gone);
      fs.rmdirSync(gone);
      say(profiler.capabilities().addon);`, env);
    expect(seen).toEqual({ loaded: true, path: binding.addonPath() });
  });
});

describe('what is packed', () => {
  test('binding.js knows the packages that are made, by strings that a bundler finds', () => {
    const text = fs.readFileSync(path.join(ROOT, 'binding.js'), 'utf8');
    for (const { name } of TARGETS) {
      for (const file of ['package.json', 'rs-profiler.node']) expect(text).toContain(`('@rs-profiler/${name}/${file}')`);
    }
    expect(new Set(text.match(/@rs-profiler\/[a-z0-9-]+(?=\/)/g)).size).toBe(TARGETS.length);
  });

  test('no package has an install script, or lets npm run node-gyp', () => {
    const fields = TARGETS.map((target) => manifestOf(target, SOURCE));
    for (const field of fields) expect(field).toMatchObject({ gypfile: false, version: SOURCE.version });
    expect(fields.filter((field) => 'scripts' in field)).toEqual([]);
    expect(SOURCE.gypfile).toBe(false);
    expect(Object.keys(SOURCE.scripts).filter((name) => /^install$|^prepare|^(pre|post)(install|pack|publish)/.test(name))).toEqual([]);
  });

  test('a shim leaves open nothing but V8, Node, and what Node brings along', () => {
    expect(faultsOf(binding.shimPath(ABI), TARGET)).toEqual([]);
  });

  test('a library is refused that asks for a newer glibc, that is for another processor, or that holds a path', () => {
    const addon = binding.addonPath();
    const other = TARGET.cpu === 'x64' ? 'arm64' : 'x64';
    expect(faultsOf(addon, { ...TARGET, glibc: '2.2' }).join()).toContain('needs glibc');
    expect(faultsOf(addon, { ...TARGET, cpu: other }).join()).toContain(`is not for ${other}`);
    const file = path.join(tempFolder(), SHIM);
    fs.writeFileSync(file, Buffer.concat([fs.readFileSync(binding.shimPath(ABI)), Buffer.from(`${ROOT}/x`)]));
    expect(faultsOf(file, TARGET).join()).toContain(`holds the path ${ROOT}`);
  });

  test('a package that lacks the addon or a shim is refused', () => {
    const folder = tempFolder();
    const other = ABIS.find((abi) => abi !== Number(ABI));
    fs.copyFileSync(binding.shimPath(ABI), path.join(folder, SHIM));
    expect(packageFaults(folder, TARGET, [Number(ABI), other])).toEqual([
      'rs-profiler.node is missing', `v8-shim.abi${other}.so is missing`,
    ]);
  });

  test('a release that lacks a tarball is not complete', () => {
    const folder = tempFolder();
    const all = missingTarballs(folder);
    expect(all).toHaveLength(1 + TARGETS.length + ALIASES.length);
    for (const name of all.slice(1)) fs.writeFileSync(path.join(folder, name), '');
    expect(missingTarballs(folder)).toEqual([`rs-profiler-${SOURCE.version}.tgz`]);
  });
});
