'use strict';

/**
 * What `.ci/run` runs: every check, all of them even when one fails, and a last line `N passed, N failed`. A check without
 * tests of its own counts as one.
 */

const { spawnSync } = require('child_process');
const { add, countJest, failureTexts, judge } = require('./jest-run');
const { runMatrix } = require('./matrix');
const { ROOT } = require('./run');
const { setup } = require('./setup');

const OK = { passed: 1, failed: 0, skipped: 0 };
const FAILED = { passed: 0, failed: 1, skipped: 0 };

/** A command as one check. */
function check(command, ...args) {
  return () => (spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' }).status === 0 ? OK : FAILED);
}

/** `cargo test`, counted by its `test result` lines. */
function cargoTest() {
  const args = ['test', '--workspace', '--no-fail-fast', '--color=never'];
  const stdio = ['ignore', 'pipe', 'inherit'];
  const { status, stdout } = spawnSync('cargo', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio });
  process.stdout.write(stdout || '');
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const results = /^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm;
  for (const [, passed, failed, ignored] of (stdout || '').matchAll(results)) {
    add(counts, { passed: Number(passed), failed: Number(failed), skipped: Number(ignored) });
  }
  if (counts.failed === 0 && (status !== 0 || counts.passed === 0)) counts.failed = 1;
  return judge(counts);
}

const STEPS = [
  // All shims: the test that one of another ABI is refused needs one.
  ['setup', () => (setup({ allAbis: true }), OK)],
  ['cargo fmt', check('cargo', 'fmt', '--all', '--check')],
  ['cargo clippy', check('cargo', 'clippy', '--workspace', '--all-targets', '--', '-D', 'warnings')],
  ['eslint', check(process.execPath, 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0')],
  ['tsc', check('npm', 'run', '--silent', 'typecheck')],
  ['cargo test', cargoTest],
  ['supply chain', check(process.execPath, 'scripts/supply-chain.js', '--check')],
  ['pack:check', check(process.execPath, 'scripts/pack/check.js', '--quick')],
  ['npm test', () => countJest('npm', ['test', '--'])],
  // npm test has just tested this very version.
  ['matrix', () => runMatrix({ except: process.version, tiers: true })],
];

const sum = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
for (const [name, step] of STEPS) {
  console.log(`\n##### ${name}`);
  const start = Date.now();
  let counts;
  try {
    counts = step();
  } catch (error) {
    console.error(error.message);
    counts = FAILED;
  }
  add(sum, counts);
  const seconds = Math.round((Date.now() - start) / 1000);
  const word = counts.failed ? 'FAILED' : 'ok    ';
  summary.push(`${word} ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`);
}
if (failureTexts.length > 0) console.log(`\n##### what failed\n${failureTexts.join('\n\n')}`);
console.log(`\n${summary.join('\n')}`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 ? 1 : 0;
