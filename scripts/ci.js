'use strict';

/**
 * What `.ci/run` runs: every step, all of them even when one fails. It ends with what failed, the seconds of each step, their
 * sum, and a last line `N passed, N failed`. A step without tests of its own counts as one.
 */

const { spawnSync } = require('child_process');
const { ON_OTHER_NODES, add, judge, runJest } = require('./jest-run');
const { MATRIX, binaryFor } = require('./node-dist');
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

/** A tier on the running Node. */
function tier(name) {
  return [`${name}, Node ${process.version}`, () => runJest(process.execPath, [`__test__/${name}/`])];
}

/** What is tested on each other Node of the matrix. */
function onOtherNode({ major }) {
  return [`v8 and smoke, Node ${major}`, () => runJest(binaryFor(major).node, ON_OTHER_NODES)];
}

const STEPS = [
  // All shims: the test that one of another ABI is refused needs one.
  ['setup', () => (setup({ allAbis: true }), OK)],
  ['cargo fmt', check('cargo', 'fmt', '--all', '--check')],
  ['cargo clippy', check('cargo', 'clippy', '--workspace', '--all-targets', '--', '-D', 'warnings')],
  ['cargo deny', check('cargo', 'deny', '--locked', 'check', 'bans', 'licenses', 'sources')],
  ['eslint', check(process.execPath, 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0')],
  ['tsc', check('npm', 'run', '--silent', 'typecheck')],
  ['pack:check --quick', check(process.execPath, 'scripts/pack/check.js', '--quick')],
  ['cargo test', cargoTest],
  tier('unit'),
  tier('package'),
  tier('v8'),
  tier('faults'),
  ...MATRIX.filter(({ abi }) => abi !== Number(process.versions.modules)).map(onOtherNode),
];

const secondsSince = (start) => Math.round((Date.now() - start) / 1000);

const begin = Date.now();
const sum = { passed: 0, failed: 0, skipped: 0 };
const notPassed = [];
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
  for (const test of counts.failedNames || []) notPassed.push(`failed in "${name}": ${test}`);
  for (const test of counts.skippedNames || []) notPassed.push(`skipped in "${name}": ${test}`);
  const word = counts.failed ? 'FAILED' : 'ok    ';
  summary.push(`${word} ${name}: ${counts.passed} passed, ${counts.failed} failed (${secondsSince(start)} s)`);
}
console.log(`\n${[...notPassed, ...summary].join('\n')}`);
console.log(`total: ${secondsSince(begin)} s`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 ? 1 : 0;
