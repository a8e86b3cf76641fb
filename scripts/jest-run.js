'use strict';

/** Counts of test runs, and Jest run with a chosen Node binary. */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { ROOT } = require('./run');

/** In CI a skipped test is a failed one: what CI's machine lacks belongs into `.ci/deps`. */
const SKIP_FAILS = /^(1|true)$/i.test(process.env.CI || '');

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/** Adds the counts of one run to a sum. */
function add(sum, counts) {
  for (const key of Object.keys(sum)) sum[key] += counts[key];
  return sum;
}

/** Moves skipped tests to the failed ones where a skip is a failure. */
function judge(counts) {
  if (!SKIP_FAILS) return counts;
  return { passed: counts.passed, failed: counts.failed + counts.skipped, skipped: 0 };
}

function readCounts(file, status) {
  let result;
  try {
    result = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    // Jest ended before it could report.
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const counts = {
    passed: result.numPassedTests,
    // A file that could not be loaded has no tests that could fail.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
  if (counts.failed === 0 && (status !== 0 || counts.passed === 0)) counts.failed = 1;
  return counts;
}

/**
 * Runs a command that ends in Jest, its output shown, and counts.
 * @param {string} command
 * @param {string[]} args arguments up to Jest's own
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Counts}
 */
function countJest(command, args, env = process.env) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-jest-'));
  const file = path.join(folder, 'result.json');
  try {
    const all = [...args, '--json', `--outputFile=${file}`];
    const { status } = spawnSync(command, all, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
    return judge(readCounts(file, status));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the Jest suite with one Node binary, which is also the `node` that the tests' child processes find in the PATH.
 * @param {string} node path of the binary
 * @param {string[]} [args] further arguments for Jest
 * @returns {Counts}
 */
function runJest(node, args = []) {
  const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  return countJest(node, [jest, ...args], env);
}

module.exports = { add, countJest, judge, runJest };
