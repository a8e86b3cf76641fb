'use strict';

/**
 * Runs a function in a Node process of its own, so that a crash is one failed test and not the end of the run.
 *
 * The function travels as source text: it sees nothing of the test file but what its one argument holds.
 */

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** A child that says nothing for this long is taken for hung and killed; no test asserts it. */
const HUNG_AFTER_MS = 90_000;

/**
 * The text that makes the `context` of a child. What a function receives:
 *   profiler, heapdump  the package, loaded when first read
 *   main, heapdumpMain  the paths of both
 *   input               the JSON value given by the test
 *   report(value)       hands a JSON value to the test, at once
 *   codeOf(fn)          what a call does: { value } or { error: { name, code, message, isError } }
 *   sleep(ms)           a promise
 *   workload            helpers/workload.js
 */
function contextOf(input) {
  const main = require.resolve('../..');
  const heapdumpMain = require.resolve('../../heapdump');
  return `const context = {
  main: ${JSON.stringify(main)},
  heapdumpMain: ${JSON.stringify(heapdumpMain)},
  input: ${JSON.stringify(input === undefined ? null : input)},
  get profiler() { return require(context.main); },
  get heapdump() { return require(context.heapdumpMain); },
  get workload() { return require(${JSON.stringify(require.resolve('./workload'))}); },
  report(value) { require('fs').writeSync(3, JSON.stringify(value === undefined ? null : value) + '\\n'); },
  sleep(ms) { return new Promise((resolve) => setTimeout(resolve, ms)); },
  codeOf(fn) {
    try {
      return { value: String(fn()) };
    } catch (error) {
      const isError = error instanceof Error;
      return { error: { name: error.name, code: error.code, message: error.message, isError } };
    }
  },
};`;
}

/** The text of the script that the child runs. */
function scriptOf(fn, input) {
  return `'use strict';
${contextOf(input)}
const result = (${fn})(context);
if (result && typeof result.then === 'function') result.then(null, (error) => { throw error; });
`;
}

function sizesOf(folder) {
  const sizes = {};
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile()) sizes[entry.name] = fs.statSync(path.join(folder, entry.name)).size;
  }
  return sizes;
}

function parseReports(text) {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/**
 * Runs `fn` in a child process and resolves when it has ended.
 *
 * @param {Function} fn what to run; may be async
 * @param {object} [options]
 * @param {*} [options.input] a JSON value, `context.input` in the child
 * @param {object} [options.env] added to this process's environment; `undefined` removes a variable
 * @param {string[]} [options.nodeArgs] options for node, before the script
 * @param {string} [options.shell] a command of the shell that runs first, such as a limit: `ulimit -f 1024`
 * @param {string[]} [options.launcher] a program that runs node, with its arguments
 * @param {string} [options.cwd] the child's working directory. Default is a fresh empty folder, removed afterwards
 * @param {Function} [options.onReport] called with each reported value and the child process
 * @returns {Promise<{ code, signal, stdout, stderr, reports: Array, report, files: object }>}
 *   `files`: the names and sizes in the working directory when the child ended
 */
function run(fn, options = {}) {
  const scriptFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-child-'));
  const script = path.join(scriptFolder, 'script.js');
  const cwd = options.cwd || path.join(scriptFolder, 'cwd');
  if (!options.cwd) fs.mkdirSync(cwd);
  fs.writeFileSync(script, scriptOf(fn, options.input));

  // A folder of its own: the children of other tests are not waited for.
  const env = { ...process.env, XDG_RUNTIME_DIR: scriptFolder, ...options.env };
  for (const key of Object.keys(env)) if (env[key] === undefined) delete env[key];

  return new Promise((resolve, reject) => {
    const command = [process.execPath, ...(options.nodeArgs || []), script];
    if (options.launcher) command.unshift(...options.launcher);
    if (options.shell) command.unshift('/bin/sh', '-c', `${options.shell} && exec "$0" "$@"`);
    const child = spawn(command[0], command.slice(1), {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const texts = ['', '', '', ''];
    let told = 0;
    for (const fd of [1, 2, 3]) {
      child.stdio[fd].setEncoding('utf8');
      child.stdio[fd].on('data', (text) => {
        texts[fd] += text;
        watch();
        if (fd !== 3 || !options.onReport || !texts[3].endsWith('\n')) return;
        const reports = parseReports(texts[3]);
        for (const value of reports.slice(told)) options.onReport(value, child);
        told = reports.length;
      });
    }
    let guard;
    const watch = () => {
      clearTimeout(guard);
      guard = setTimeout(() => child.kill('SIGKILL'), HUNG_AFTER_MS);
    };
    watch();
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(guard);
      const reports = parseReports(texts[3]);
      const files = sizesOf(cwd);
      fs.rmSync(scriptFolder, { recursive: true, force: true });
      resolve({
        code,
        signal,
        stdout: texts[1],
        stderr: texts[2],
        reports,
        report: reports[reports.length - 1],
        files,
      });
    });
  });
}

/**
 * Runs `fn` in a child, expects a quiet end with exit code 0, and resolves with the last reported value.
 */
async function runClean(fn, options) {
  const { code, signal, stdout, stderr, report } = await run(fn, options);
  expect({ code, signal, stdout, stderr }).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  return report;
}

module.exports = { HUNG_AFTER_MS, contextOf, run, runClean };
