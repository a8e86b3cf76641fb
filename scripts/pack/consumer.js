'use strict';

/** A project that installs the packages and uses them, in a folder of its own with almost nothing in the PATH. */

const assert = require('assert');
const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');
const { npm } = require('../run');
const { SOURCE } = require('./stage');
const { TARGETS } = require('./targets');
const { checkTypes } = require('./types');

const SMOKE = path.join(__dirname, 'smoke');
/** Beside Node: a shell, and what the commands in `.bin` that pnpm writes ask for. No compiler, no Rust, no Python. */
const TOOLS = ['sh', 'dirname', 'sed', 'uname'];
/** Only ends what hangs. */
const ENDS_AFTER_MS = 600_000;

/**
 * @typedef {object} Project
 * @property {string} node
 * @property {string} folder
 * @property {NodeJS.ProcessEnv} env
 * @property {import('./managers').Manager} manager
 */

/** Where a program lies that is in the PATH here. */
function inPath(name) {
  const found = process.env.PATH.split(path.delimiter).map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
  if (!found) throw new Error(`${name} is not in the PATH: the check needs it.`);
  return found;
}

/** Runs a program in a project; what it printed is in the error when it fails. */
async function runIn({ folder, env }, program, args, options = {}) {
  try {
    return await promisify(execFile)(program, args, { cwd: folder, env, maxBuffer: 1 << 28, timeout: ENDS_AFTER_MS, ...options });
  } catch (error) {
    throw new Error(`${path.basename(program)} ${args.join(' ')} ended with ${error.code ?? error.signal}\n${error.stdout}${error.stderr}`);
  }
}

/** Runs the project's Node; with Plug'n'Play the manager starts it. */
function runNode(project, args, options) {
  const { manager: { plugAndPlay, script }, node } = project;
  return runIn(project, node, plugAndPlay ? [script, 'node', ...args] : args, options);
}

/** Runs the project's package manager. */
function runManager(project, args) {
  const { manager: { script, program }, node } = project;
  return program ? runIn(project, program, args) : runIn(project, node, [script, ...args]);
}

/**
 * Calls `work` with a project in an empty folder that has the packages, and before them `peers`, from npm.
 * @template T
 * @param {{ node: string, manager: import('./managers').Manager, registry: { url: string }, peers?: string[] }} options
 * @param {(project: Project) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function inProject({ node, manager, registry, peers = [] }, work) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-consumer-')));
  try {
    const bin = path.join(folder, '.path');
    const home = path.join(folder, '.home');
    for (const each of [bin, home]) fs.mkdirSync(each);
    fs.symlinkSync(node, path.join(bin, 'node'));
    for (const name of TOOLS) fs.symlinkSync(inPath(name), path.join(bin, name));
    const env = { PATH: bin, HOME: home, TMPDIR: os.tmpdir(), CI: 'true', ...manager.env(registry.url, home) };
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
    if (peers.length > 0) {
      npm(['install', '--save-exact', ...peers, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
    }
    const project = { node, folder, env, manager };
    await runManager(project, manager.install(`${SOURCE.name}@${SOURCE.version}`));
    for (const name of fs.readdirSync(SMOKE)) fs.copyFileSync(path.join(SMOKE, name), path.join(folder, name));
    return await work(project);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The platform packages that were installed are the one for this machine. */
function checkPlatforms({ folder, manager }, target) {
  const home = path.join(folder, 'node_modules', '@rs-profiler');
  if (!fs.existsSync(home)) return;
  const fitting = TARGETS.filter(({ os: system, cpu, libc }) => system === target.os && cpu === target.cpu && (manager.ignoresLibc || libc === target.libc));
  assert.deepStrictEqual(fs.readdirSync(home).sort(), fitting.map(({ name }) => name).sort());
}

/** Whether forked snapshots are to be had on a platform. */
const forks = ({ os: system, libc }) => (system === 'linux' && libc === 'glibc' ? 'fork' : 'inline');

/** Runs the command of the package, by what the package manager made for `npx` and its like. */
async function runCommand(project, args) {
  if (project.manager.plugAndPlay) return runManager(project, ['run', SOURCE.name, ...args]);
  return runIn(project, path.join(project.folder, 'node_modules', '.bin', SOURCE.name), args);
}

/** What the command says of the installation, and of a snapshot that the smoke test has left. */
async function checkCommand(project) {
  const { healthy, advice, installation } = JSON.parse((await runCommand(project, ['doctor', '--json'])).stdout);
  assert.strictEqual(healthy, true, advice);
  assert.strictEqual(installation.native.from, 'package');
  assert.strictEqual(installation.native.packageVersion, SOURCE.version);
  const { stdout } = await runCommand(project, ['heap', 'summary', 'later.heapsnapshot', '--json']);
  const { summary, statistics } = JSON.parse(stdout);
  assert.strictEqual(statistics.total, summary.totalSize);
}

/** Without the native parts a snapshot is not opened, and the sentence says what helps. */
async function checkWithoutAddon(project) {
  const source = `require('rs-profiler').openHeapSnapshot('later.heapsnapshot').then(() => 'opened', ({ code, message }) => [code, message])
    .then((said) => console.log(JSON.stringify(said)))`;
  const env = { ...project.env, RS_PROFILER_NATIVE_DIR: path.join(project.folder, '.home') };
  const { stdout } = await runNode({ ...project, env }, ['-e', source]);
  const [code, message] = JSON.parse(stdout);
  assert.strictEqual(code, 'ERR_RS_PROFILER_NATIVE_MISSING');
  assert.match(message, /does not exist\. Or unset RS_PROFILER_NATIVE_DIR\.$/);
}

/** Installs with a package manager and runs everything. */
function checkInstall({ node, manager, registry, target }) {
  return inProject({ node, manager, registry }, async (project) => {
    checkPlatforms(project, target);
    const { stdout } = await runNode(project, ['smoke.js', forks(target), target.name]);
    await runNode(project, ['smoke.mjs']);
    await checkCommand(project);
    await checkWithoutAddon(project);
    // TypeScript needs a patch by Yarn where there is no node_modules; what it finds is the same.
    if (!manager.plugAndPlay) checkTypes(project.folder, SMOKE);
    return path.relative(project.folder, JSON.parse(stdout).shim);
  });
}

module.exports = { checkInstall, forks, inProject, runIn, runNode };
