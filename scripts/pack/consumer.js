'use strict';

/** A project that installs the packages and uses them, in a folder of its own with almost nothing in the PATH. */

const assert = require('assert');
const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');
const { ROOT } = require('../run');
const { SOURCE } = require('./stage');
const { TARGETS } = require('./targets');

const SMOKE = path.join(__dirname, 'smoke');
const ENDS_AFTER_MS = 300_000;

/** Runs Node; what it printed on stderr is in the error when it fails. */
async function runNode({ node, folder, env }, args) {
  try {
    return await promisify(execFile)(node, args, { cwd: folder, env, maxBuffer: 1 << 28, timeout: ENDS_AFTER_MS });
  } catch (error) {
    throw new Error(`node ${args.join(' ')} ended with ${error.code ?? error.signal}\n${error.stdout}${error.stderr}`);
  }
}

/** Calls `work` with a project in an empty folder: `{ node, folder, env }`. */
async function inProject({ node, manager, registry }, work) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-consumer-'));
  try {
    const bin = path.join(folder, '.path');
    const home = path.join(folder, '.home');
    for (const each of [bin, home]) fs.mkdirSync(each);
    // Node and a shell: no compiler, no Rust, no Python.
    fs.symlinkSync(node, path.join(bin, 'node'));
    fs.symlinkSync('/bin/sh', path.join(bin, 'sh'));
    const env = { PATH: bin, HOME: home, TMPDIR: os.tmpdir(), CI: 'true', ...manager.env(registry.url) };
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
    const project = { node, folder, env };
    await runNode(project, [manager.script, ...manager.install(`${SOURCE.name}@${SOURCE.version}`)]);
    for (const name of fs.readdirSync(SMOKE)) fs.copyFileSync(path.join(SMOKE, name), path.join(folder, name));
    return await work(project);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The platform packages that were installed are the one for this machine. */
function checkPlatforms(folder, target, { ignoresLibc }) {
  const home = path.join(folder, 'node_modules', '@rs-profiler');
  if (!fs.existsSync(home)) return;
  const fitting = TARGETS.filter(({ os: system, cpu, libc }) => system === target.os && cpu === target.cpu && (ignoresLibc || libc === target.libc));
  assert.deepStrictEqual(fs.readdirSync(home).sort(), fitting.map(({ name }) => name).sort());
}

/** The typings, as TypeScript finds them by the manifest: files of CommonJS and ES modules, and a bundler's resolution. */
async function checkTypes(project) {
  const kinds = { 'node16-cts': ['node16', 'types.cts'], 'node16-mts': ['node16', 'types.mts'], bundler: ['bundler', 'types.ts'] };
  const text = fs.readFileSync(path.join(SMOKE, 'types.ts'), 'utf8');
  for (const [name, [resolution, file]] of Object.entries(kinds)) {
    fs.writeFileSync(path.join(project.folder, file), text);
    const config = path.join(project.folder, `tsconfig.${name}.json`);
    fs.writeFileSync(config, JSON.stringify({
      compilerOptions: {
        module: resolution === 'bundler' ? 'esnext' : 'node16', moduleResolution: resolution, target: 'es2022', lib: ['es2022'], strict: true,
        noEmit: true, types: ['node'], typeRoots: [path.join(ROOT, 'node_modules', '@types')], skipLibCheck: false,
      },
      files: [file],
    }));
    await runNode(project, [path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', config]);
  }
}

/** Whether forked snapshots are to be had on a platform. */
const forks = ({ os: system, libc }) => (system === 'linux' && libc === 'glibc' ? 'fork' : 'inline');

/** Installs with a package manager and runs everything. */
function checkInstall({ node, manager, registry, target }) {
  return inProject({ node, manager, registry }, async (project) => {
    checkPlatforms(project.folder, target, manager);
    const flags = manager.node ?? [];
    const { stdout } = await runNode(project, [...flags, 'smoke.js', forks(target), target.name, ...(manager.node ? ['no-cli'] : [])]);
    if (manager.node) {
      // ES modules and the typings go through a resolution that Yarn patches into the tools it starts itself.
      const said = await runNode(project, [manager.script, 'rs-profiler', 'doctor', '--json']);
      assert.strictEqual(JSON.parse(said.stdout).healthy, true);
      return '';
    }
    await runNode(project, ['smoke.mjs']);
    assert.ok(fs.existsSync(path.join(project.folder, 'node_modules', '.bin', 'rs-profiler')));
    await checkTypes(project);
    return `addon of ${/@rs-profiler[^"]*/.exec(stdout)?.[0]}`;
  });
}

/** Bundles the smoke test with esbuild, the platform packages external, and runs it without the root package. */
function checkBundle({ node, manager, registry, target }) {
  return inProject({ node, manager, registry }, async (project) => {
    const output = path.join(project.folder, 'bundle', 'app.js');
    const { warnings } = await require('esbuild').build({
      entryPoints: [path.join(project.folder, 'smoke.js')], absWorkingDir: project.folder, bundle: true, platform: 'node', target: 'node18',
      external: ['@rs-profiler/*'], outfile: output, logLevel: 'silent',
    });
    const odd = warnings.filter(({ text }) => !/require\.resolve/.test(text));
    assert.deepStrictEqual(odd, []);
    fs.rmSync(path.join(project.folder, 'node_modules', 'rs-profiler'), { recursive: true });
    await runNode(project, [output, forks(target), target.name, 'bundled']);
    return `${Math.round(fs.statSync(output).size / 1024)} KB`;
  });
}

module.exports = { checkBundle, checkInstall, forks, inProject, runNode };
