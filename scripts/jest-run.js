'use strict';

/** Counts of test runs, and Jest run with a chosen Node binary. */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { ROOT } = require('./run');

/** In CI a skipped test is a failed one: what CI's machine lacks belongs into `.ci/deps`. */
const SKIP_FAILS = /^(1|true)$/i.test(process.env.CI || '');

/** With more failing files than these, it is not the machine's load. */
const MOST_REPEATED = 3;

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

/** What Jest wrote of a run: its counts, and the files in which something failed. */
function readResult(file, status) {
  let result;
  try {
    result = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    // Jest ended before it could report.
    return { counts: { passed: 0, failed: 1, skipped: 0 }, failures: [] };
  }
  const counts = {
    passed: result.numPassedTests,
    // A file that could not be loaded has no tests that could fail.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
  if (counts.failed === 0 && (status !== 0 || counts.passed === 0)) counts.failed = 1;
  const failures = result.testResults.filter((each) => each.status === 'failed').map((each) => ({
    file: each.name,
    passed: each.assertionResults.filter((test) => test.status === 'passed').length,
    text: each.message.trim(),
  }));
  return { counts, failures };
}

function jestOnce(command, args, env) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-jest-'));
  const file = path.join(folder, 'result.json');
  try {
    const all = [...args, '--json', `--outputFile=${file}`];
    const { status } = spawnSync(command, all, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
    return readResult(file, status);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** What failed in the runs of this process, for the end of a long output. */
const failureTexts = [];

/**
 * Runs a command that ends in Jest, its output shown, and counts. Where few files fail, these run once more, one at a time: what
 * passes then is counted as passed, and told in {@link failureTexts} as what it is, a test that does not stand load.
 * @param {string} command
 * @param {string[]} args arguments up to Jest's own
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Counts}
 */
function countJest(command, args, env = process.env) {
  const first = jestOnce(command, args, env);
  const { counts, failures } = first;
  if (failures.length > 0 && failures.length <= MOST_REPEATED) {
    console.log(`\n${failures.length} files failed; they run once more, alone`);
    const second = jestOnce(command, [...args, '--runInBand', '--runTestsByPath', ...failures.map(({ file }) => file)], env);
    for (const { file, passed, text } of failures) {
      const again = second.failures.find((each) => each.file === file);
      counts.passed -= passed;
      failureTexts.push(`${again || second.counts.failed ? 'FAILED twice' : 'failed, then passed alone'}: ${file}\n${text}`);
    }
    counts.failed = second.counts.failed;
    counts.passed += second.counts.passed;
  } else {
    failureTexts.push(...failures.map(({ file, text }) => `FAILED: ${file}\n${text}`));
  }
  return judge(counts);
}

/**
 * Runs the Jest suite with one Node binary, which is also the `node` that the tests' child processes find in the PATH.
 * @param {string} node path of the binary
 * @param {string[]} [args] further arguments for Jest
 * @param {'all' | 'node' | 'capture'} [tier] which tests, see jest.config.js
 * @returns {Counts}
 */
function runJest(node, args = [], tier = 'all') {
  const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const env = { ...process.env, RS_PROFILER_TESTS: tier, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  return countJest(node, [jest, ...args], env);
}

module.exports = { add, countJest, failureTexts, judge, runJest };
