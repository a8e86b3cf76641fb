'use strict';

/** The command line, `rs-profiler doctor` and `rs-profiler build-shim`, as a shell calls them. */

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const profiler = require('../..');
const { testIf } = require('../helpers/needs');
const { tempFolder } = require('../helpers/temp-folder');
const { findCompiler } = require('../../scripts/compiler');
const { bin, version } = require('../../package.json');

const CLI = path.join(__dirname, '..', '..', bin);
const ABI = Number(process.versions.modules);
const SHIM = `v8-shim.abi${ABI}.so`;
const TRIES = ['CPU profile', 'sampling heap profile', 'heap snapshot', 'heap snapshot by a forked child', 'functions of v8-profiler'];
/** Who takes longer hangs; no test asserts it. */
const HUNG_AFTER_MS = 90_000;
const { addon, capture } = profiler.capabilities();
const otherShim = fs.readdirSync(path.dirname(capture.shim)).find((name) => /^v8-shim\.abi\d+\.so$/.test(name) && name !== SHIM);

function call(args, { env = {}, nodeArgs = [], timeout } = {}) {
  const own = { ...process.env, CXX: '', RS_PROFILER_NATIVE_DIR: '', RS_PROFILER_SHIM_DIR: '', ...env };
  const options = { encoding: 'utf8', env: own, timeout };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgs, CLI, ...args], options);
  return { status, stdout, stderr };
}

/** What `doctor --json` says, with the states of its findings by name. */
function examine(options) {
  const { status, stdout, stderr } = call(['doctor', '--json'], options);
  const answer = JSON.parse(stdout);
  const states = Object.fromEntries(answer.findings.map(({ name, state }) => [name, state]));
  return { status, stderr, states, ...answer };
}

/** A native folder with the addon, and with a shim of some content. */
function nativeFolder(shim) {
  const folder = tempFolder();
  fs.copyFileSync(addon.path, path.join(folder, path.basename(addon.path)));
  if (shim) fs.copyFileSync(shim, path.join(folder, SHIM));
  return folder;
}

/** A program in a folder of its own. */
function program(text, name = 'program') {
  const file = path.join(tempFolder(), name);
  fs.writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}

describe('rs-profiler', () => {
  test('names its commands, and each its options, with examples', () => {
    const help = call(['--help']);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    for (const command of ['doctor', 'build-shim']) {
      expect(help.stdout).toContain(`  rs-profiler ${command}\n`);
      const { status, stdout } = call([command, '--help']);
      expect([status, stdout]).toEqual([0, expect.stringContaining(`Examples:\n  rs-profiler ${command}`)]);
      expect(stdout).toContain('--json');
    }
    expect(call(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each([
    [[], ''],
    [['profile'], 'there is no command \'profile\'. See rs-profiler --help.'],
    [['doctor', '--jsn'], 'Unknown option \'--jsn\'. See rs-profiler doctor --help.'],
    [['doctor', 'x'], 'doctor takes no arguments. See rs-profiler doctor --help.'],
    [['build-shim', 'x'], 'build-shim takes [--out DIR]. See rs-profiler build-shim --help.'],
    [['build-shim', '--out'], expect.stringMatching(/^Option '-o, --out <value>' argument missing\. See /)],
  ])('%j is a mistake: exit code 2, one line', (args, says) => {
    const { status, stderr } = call(args);
    expect([status, stderr.replace(/^rs-profiler: |\n$/g, '')]).toEqual([2, says]);
  });
});

describe('doctor', () => {
  test('in this checkout: what is installed, and that everything works', () => {
    const { status, stdout, stderr } = call(['doctor']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`rs-profiler ${version} in ${path.dirname(path.dirname(CLI))}\nNode ${process.version}, ABI ${ABI}, V8 `);
    expect(stdout).toContain(`ABI ${ABI} (Node ${process.versions.node.split('.')[0]}, this one)`);
    for (const name of TRIES) expect(stdout).toMatch(new RegExp(`^(ok|not here) +${name}`, 'm'));
    expect(stdout).toMatch(/\n\nEverything that can work on this Node does\.\n$/);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/\u001b/);
  });

  test('with an empty native folder: exit code 1, and what to do', () => {
    const folder = tempFolder();
    const { status, stdout } = call(['doctor'], { env: { RS_PROFILER_NATIVE_DIR: folder } });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^FAILED +addon +Cannot find module .*$/m);
    expect(stdout).toContain(`RS_PROFILER_NATIVE_DIR=${folder}\n`);
    expect(stdout.trimEnd().split('\n').pop()).toMatch(/npm run setup/);
  });

  test('ends, and says the same, when NODE_OPTIONS loads what keeps processes alive', () => {
    const file = path.join(tempFolder(), 'alive.js');
    fs.writeFileSync(file, 'setInterval(() => {}, 1000);');
    const env = { NODE_OPTIONS: `--require ${file}`, RS_PROFILER_NATIVE_DIR: tempFolder() };
    const { status, states } = examine({ env, timeout: HUNG_AFTER_MS });
    expect([status, states['heap snapshot']]).toEqual([1, 'fallback']);
  });

  test('without a shim: the command that makes one', () => {
    const { status, healthy, advice, states, installation } = examine({ env: { RS_PROFILER_NATIVE_DIR: nativeFolder() } });
    expect([status, healthy, installation.shims]).toEqual([1, false, []]);
    expect(states).toMatchObject({ addon: 'ok', 'shim for this Node': 'failed' });
    expect(Object.values(states).filter((state) => state === 'ok')).toHaveLength(1);
    expect(advice).toContain(`${CLI} build-shim`);
  });

  testIf(otherShim, 'there is no shim of another ABI')('with the shim of another ABI: which one, and which is wanted', () => {
    const folder = nativeFolder(path.join(path.dirname(capture.shim), otherShim));
    const { status, states, advice } = examine({ env: { RS_PROFILER_NATIVE_DIR: folder } });
    expect([status, states.addon, states['shim for this Node']]).toEqual([1, 'ok', 'failed']);
    expect(advice).toMatch(new RegExp(`ABI ${/abi(\d+)/.exec(otherShim)[1]}.*ABI ${ABI}`));
  });

  test('with a shim that ends the process: that it does', () => {
    const { command, args } = findCompiler();
    const source = path.join(tempFolder(), 'abort.cc');
    fs.writeFileSync(source, 'extern "C" void abort();\n__attribute__((constructor)) static void atLoad() { abort(); }\n');
    execFileSync(command, [...args, '-shared', '-fPIC', '-o', `${source}.so`, source]);
    const { status, states, capabilities, advice } = examine({ env: { RS_PROFILER_NATIVE_DIR: nativeFolder(`${source}.so`) } });
    expect([status, states, capabilities]).toEqual([1, { 'native parts': 'failed' }, null]);
    expect(advice).toBe('native parts: The process that tried it was ended by SIGABRT.');
  });

  // Node 18 has no permission model.
  if (Number(process.versions.node.split('.')[0]) >= 20) {
    const allowed = process.allowedNodeEnvironmentFlags;
    const model = [allowed.has('--permission') ? '--permission' : '--experimental-permission', '--allow-fs-read=*', '--no-warnings'];
    const addons = allowed.has('--allow-addons') ? ['--allow-addons'] : [];

    test('under the permission model, with addons and without', () => {
      const without = examine({ nodeArgs: model });
      expect(without.installation.permissions).toEqual({ read: true, write: false, child: false, worker: false });
      // Node before 22 has no option that allows addons, and allows them.
      const { status, states, findings } = addons.length ? examine({ nodeArgs: [...model, ...addons] }) : without;
      expect([status, states['CPU profile'], states['heap snapshot']]).toEqual([0, 'ok', 'ok']);
      expect(findings.find(({ name }) => /forked/.test(name)).detail).toMatch(/--allow-child-process/);
      if (addons.length) expect([without.status, without.advice]).toEqual([1, expect.stringMatching(/^Start Node with --allow-addons/)]);
    });
  }
});

describe('build-shim', () => {
  /** Folders in which nothing may be left. */
  const expectEmpty = (folder) => expect(fs.readdirSync(folder)).toEqual([]);

  /** A compiler that takes the shim that is there, for speed. */
  const copying = () => program(`case "$*" in *--version*) echo "g++ 12.2.0";; *) while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then cp "${capture.shim}" "$2"; fi; shift; done;; esac`);

  test('compiles one that works, and puts it where the package finds it, as doctor --json tells', () => {
    const env = { RS_PROFILER_NATIVE_DIR: nativeFolder() };
    const built = call(['build-shim', '--json'], { env });
    expect(built).toMatchObject({ status: 0, stderr: '' });
    const file = path.join(env.RS_PROFILER_NATIVE_DIR, SHIM);
    expect(JSON.parse(built.stdout)).toMatchObject({ path: file, abi: ABI, found: true });
    expect(fs.readdirSync(env.RS_PROFILER_NATIVE_DIR).sort()).toEqual([path.basename(addon.path), SHIM]);
    const { status, healthy, installation, capabilities, states, findings } = examine({ env });
    expect([status, healthy, capabilities.capture.shim]).toEqual([0, true, file]);
    expect(installation).toMatchObject({ version, node: { version: process.version, abi: ABI }, native: { from: 'environment' } });
    expect(installation.shims).toEqual([{ abi: ABI, node: Number(process.versions.node.split('.')[0]), path: file, chosen: true }]);
    expect(Object.keys(states)).toEqual(['addon', 'shim for this Node', ...TRIES]);
    const others = findings.filter(({ state }) => state !== 'ok').map(({ state, detail }) => [state, typeof detail]);
    expect(others.filter(([state, type]) => state !== 'unavailable' || type !== 'string')).toEqual([]);
  });

  test('puts it into a folder that is named, and says how it is found there', () => {
    const out = path.join(tempFolder(), 'new', 'shims');
    const { status, stdout } = call(['build-shim', '--out', out], { env: { RS_PROFILER_NATIVE_DIR: nativeFolder(), CXX: copying() } });
    expect([status, stdout]).toEqual([0, expect.stringContaining(`${SHIM}: tried, captures work\nSet RS_PROFILER_SHIM_DIR=${out} for `)]);
    expect(fs.readdirSync(out)).toEqual([SHIM]);
  });

  test('is done to its end when nobody hears what it says, and when another run makes the folder too', () => {
    const folder = tempFolder();
    const out = path.join(folder, 'shims');
    const quicker = path.join(folder, 'quicker.js');
    fs.writeFileSync(quicker, `const fs = require('fs');
      const { mkdirSync } = fs;
      fs.mkdirSync = (made, ...rest) => {
        if (made === ${JSON.stringify(out)}) mkdirSync(made);
        return mkdirSync(made, ...rest);
      };`);
    // Descriptor 4 is a pipe that nobody reads.
    const script = 'mkfifo pipe && exec 3<>pipe 4>pipe 3<&- && exec "$@" >&4';
    const args = [process.execPath, '--require', quicker, CLI, 'build-shim', '--out', out];
    const env = { ...process.env, CXX: copying(), RS_PROFILER_NATIVE_DIR: nativeFolder(), RS_PROFILER_SHIM_DIR: '' };
    const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', ...args], { cwd: folder, env, encoding: 'utf8' });
    expect([status, stderr, fs.readdirSync(out)]).toEqual([0, '', [SHIM]]);
  });

  test('does not keep one that does not work', () => {
    const junk = program('case "$*" in *--version*) echo "g++ 12.2.0";; *) while [ $# -gt 0 ]; do '
      + 'if [ "$1" = -o ]; then echo junk > "$2"; fi; shift; done;; esac');
    const out = tempFolder();
    const { status, stdout, stderr } = call(['build-shim', '--out', out, '--json'], { env: { CXX: junk } });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^rs-profiler: The shim was compiled and does not work, so it was not kept: .*\n$/);
    expectEmpty(out);
  });

  test.each([
    ['is not there', '/nowhere/c++', /^rs-profiler: No C\+\+20 compiler was found: install g\+\+ 10 .* CXX.*none \(tried \/nowhere\/c\+\+\)\.\n$/],
    ['is too old', () => program('echo "g++ 9.4.0"'), /No C\+\+20 compiler was found: .*g\+\+ 9\.4\.0, is too old\.\n$/],
    ['lacks a part', () => program('[ "$1" = --version ] && echo "g++ 12.2.0" && exit; echo "cannot execute cc1plus" >&2; exit 1'),
      /No C\+\+20 compiler was found: .*cannot execute cc1plus\)\.\n$/],
    ['cannot compile it', () => program('case "$*" in *--version*) echo "clang version 14.0.6";; *shim.cc*) '
      + 'printf "In file v8.h:\\nv8.h:1: error: no such type\\nmore\\n" >&2; exit 1;; esac'),
    /^rs-profiler: .*\(clang version 14\.0\.6\) could not compile the shim: v8\.h:1: error: no such type\n$/],
  ])('with a compiler that %s: one sentence, exit code 1', (what, compiler, says) => {
    const out = tempFolder();
    const CXX = typeof compiler === 'string' ? compiler : compiler();
    const { status, stderr } = call(['build-shim', '--out', out, '--json'], { env: { CXX } });
    expect([status, stderr]).toEqual([1, expect.stringMatching(says)]);
    expectEmpty(out);
  });

  test('without headers of this Node: where they were looked for, and how to name them', () => {
    // A Node that lies alone, and an npm that reaches nothing.
    const [node, out] = [tempFolder(), tempFolder()];
    fs.mkdirSync(path.join(node, 'bin'));
    fs.writeFileSync(path.join(node, 'bin', 'node'), '');
    fs.writeFileSync(path.join(node, 'alone.js'), `process.execPath = ${JSON.stringify(path.join(node, 'bin', 'node'))};`);
    const npm = program('echo "npm has no network here" >&2; exit 1', 'npm');
    const env = {
      npm_execpath: '', npm_config_nodedir: node, RS_PROFILER_CACHE: out, PATH: `${path.dirname(npm)}:${process.env.PATH}`,
    };
    const { status, stderr } = call(['build-shim', '--out', out], { env, nodeArgs: ['--require', path.join(node, 'alone.js')] });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^(?:fetching [^\n]*\n)?rs-profiler: The C\+\+ headers of Node v[^\n]* were not found: set [^\n]*npm_config_nodedir[^\n]*\n$/);
    expect(stderr).toContain(`in nodedir: ${node}`);
    expect(stderr).toContain('npm has no network here');
    expect(fs.existsSync(path.join(out, SHIM))).toBe(false);
  });

  test('into a place that takes no file: RS_PROFILER_SHIM_DIR is named', () => {
    const file = path.join(tempFolder(), 'file');
    fs.writeFileSync(file, '');
    for (const out of [path.join(file, 'below'), ...(fs.existsSync('/proc/self') ? ['/proc/new'] : [])]) {
      const { status, stderr } = call(['build-shim', '--out', out]);
      expect([status, stderr]).toEqual([1, expect.stringMatching(/ cannot be written to \(\w+\): .*--out.*RS_PROFILER_SHIM_DIR/)]);
    }
  });
});
