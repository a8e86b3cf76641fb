'use strict';

/** Counts of test runs, and the tiers of the Jest suite run with a chosen Node binary. */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { ROOT } = require('./run');

/** In CI a skipped test is a failed one: what CI's machine lacks belongs into `.ci/deps`. */
const SKIP_FAILS = /^(1|true)$/i.test(process.env.CI || '');

/** The tiers that need no hours, by the folder of `__test__` that holds them. The fourth is `soak`. */
const TIERS = Object.freeze(['unit', 'v8', 'faults', 'package']);

/**
 * What the Nodes of the matrix run that are not the one at hand: all that touches V8, and that the package loads and works. CI
 * runs it with `BRIEF`, `npm run test:matrix` all of it.
 */
const ON_OTHER_NODES = Object.freeze(['__test__/v8/', '__test__/package/smoke.test.js']);

/** The environment of a run that leaves out what one Node shows for all: see __test__/helpers/brief.js. */
const BRIEF = Object.freeze({ RS_PROFILER_BRIEF: '1' });

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {Counts & { skippedNames: string[], failedNames: string[] }} Result
 */

/** Adds the counts of one run to a sum. */
function add(sum, counts) {
  for (const key of ['passed', 'failed', 'skipped']) sum[key] += counts[key];
  return sum;
}

/** How the name of a test, or of its group, says why it was skipped: see helpers/needs.js. */
const REASON = / \[skipped: ([^\]]*)\]/;

/** Skipped tests for people, each with why. What has no reason in its name was left out by Jest's arguments. */
function skippedLines(names) {
  const lines = names.filter((name) => REASON.test(name)).map((name) => `skipped: ${name.replace(REASON, '')}: ${REASON.exec(name)[1]}`);
  const others = names.length - lines.length;
  if (others > 0) lines.push(`skipped: ${others} tests: the arguments did not ask for them`);
  return lines;
}

/** Moves skipped tests to the failed ones where a skip is a failure. */
function judge(counts) {
  if (!SKIP_FAILS) return counts;
  return { ...counts, failed: counts.failed + counts.skipped, skipped: 0 };
}

/** The names of the tests of one state, each with its file. */
function namesOf(result, ...states) {
  return result.testResults.flatMap(({ name, assertionResults }) => assertionResults
    .filter(({ status }) => states.includes(status))
    .map(({ fullName }) => `${path.relative(ROOT, name)}: ${fullName}`));
}

function readCounts(file, status) {
  let result;
  try {
    result = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    // Jest ended before it could report.
    return { passed: 0, failed: 1, skipped: 0, skippedNames: [], failedNames: ['Jest ended without a result'] };
  }
  const unloaded = result.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
  const counts = {
    passed: result.numPassedTests,
    // A file that could not be loaded has no tests that could fail.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
    skippedNames: namesOf(result, 'pending', 'skipped', 'todo', 'disabled'),
    failedNames: [
      ...unloaded.map(({ name }) => `${path.relative(ROOT, name)}: could not be loaded`), ...namesOf(result, 'failed'),
    ],
  };
  if (counts.failed === 0 && (status !== 0 || counts.passed === 0)) {
    counts.failed = 1;
    counts.failedNames.push(counts.passed === 0 ? 'no test passed' : `Jest ended with ${status}`);
  }
  return counts;
}

/**
 * Runs the Jest suite with one Node binary, which is also the `node` that the tests' child processes find in the PATH.
 * @param {string} node path of the binary
 * @param {string[]} [args] further arguments for Jest
 * @param {NodeJS.ProcessEnv} [env] added to the environment
 * @returns {Result}
 */
function runJest(node, args = [], env = {}) {
  const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-jest-'));
  const file = path.join(folder, 'result.json');
  const PATH = `${path.dirname(node)}${path.delimiter}${process.env.PATH}`;
  try {
    const all = [jest, ...args, '--json', `--outputFile=${file}`];
    const options = { cwd: ROOT, env: { ...process.env, PATH, ...env }, stdio: ['ignore', 'inherit', 'inherit'] };
    const { status } = spawnSync(node, all, options);
    return judge(readCounts(file, status));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { BRIEF, ON_OTHER_NODES, TIERS, add, judge, runJest, skippedLines };
