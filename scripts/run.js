'use strict';

/** Runs other programs for the scripts of this folder; every failure becomes an Error that says what was run. */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

/**
 * Runs a program and gives its standard output.
 * @param {string} command
 * @param {string[]} args
 * @param {import('child_process').SpawnSyncOptions} [options] `stdio: 'inherit'` shows the output instead
 * @returns {string}
 */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.error) throw Object.assign(new Error(`${command}: ${result.error.message}`), { code: result.error.code });
  if (result.status !== 0) {
    const end = result.status === null ? `was ended by ${result.signal}` : `ended with ${result.status}`;
    const said = (result.stderr || '').trim();
    throw new Error(`${[command, ...args].join(' ')} ${end}${said ? `\n${said}` : ''}`);
  }
  return result.stdout || '';
}

/**
 * Runs npm: the one that started this script, or the one in the PATH.
 * @param {string[]} args
 * @param {import('child_process').SpawnSyncOptions} [options]
 * @returns {string}
 */
function npm(args, options) {
  const started = process.env.npm_execpath;
  if (started && path.basename(started) === 'npm-cli.js' && fs.existsSync(started)) {
    return run(process.execPath, [started, ...args], options);
  }
  const windows = process.platform === 'win32';
  return run(windows ? 'npm.cmd' : 'npm', args, { shell: windows, ...options });
}

/**
 * Unpacks a package of npm, of which nothing is run.
 * @param {string} spec name and version or range
 * @param {string} folder takes its files
 */
function unpackFromNpm(spec, folder) {
  fs.mkdirSync(folder, { recursive: true });
  const options = ['--loglevel=error', '--fetch-retries=1', '--ignore-scripts', '--pack-destination', folder];
  npm(['pack', spec, ...options], { cwd: folder });
  const name = fs.readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (!name) throw new Error(`npm pack ${spec} left no tarball`);
  const tarball = path.join(folder, name);
  run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  fs.unlinkSync(tarball);
}

/**
 * Replaces a file in one step. Its old content stays intact for a process that has it mapped.
 * @param {string} file
 * @param {string | Buffer} content
 */
function replaceFile(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temp = `${file}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(temp, content);
    fs.renameSync(temp, file);
  } finally {
    fs.rmSync(temp, { force: true });
  }
}

/**
 * Calls the main function of a script; an error is printed without its stack and becomes exit code 1.
 * @param {() => void} body
 */
function main(body) {
  try {
    body();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** The repository's root and the folder of built native parts. */
const ROOT = path.resolve(__dirname, '..');
const NATIVE = path.resolve(process.env.RS_PROFILER_NATIVE_DIR || path.join(ROOT, 'native'));

module.exports = { ROOT, NATIVE, run, npm, unpackFromNpm, replaceFile, main };
