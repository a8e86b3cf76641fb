'use strict';

/**
 * What `.ci/run` runs: every step, all of them even when one fails. It ends with what failed, the seconds of each step, the
 * seconds of all, and a last line `N passed, N failed`. A step without tests of its own counts as one.
 */

const { spawn } = require('child_process');
const { BRIEF, ON_OTHER_NODES, add, judge, runJest } = require('./jest-run');
const { MATRIX, binaryFor } = require('./node-dist');
const { ROOT } = require('./run');

const OK = { passed: 1, failed: 0, skipped: 0 };
const FAILED = { passed: 0, failed: 1, skipped: 0 };

/**
 * For cargo: what is built once needs no preparation for the next time, nobody debugs it, and nobody waits for its last percents of
 * speed. Releases are built with optimisation over all crates (`npm run pack`).
 */
const ONCE = {
  CARGO_INCREMENTAL: '0', CARGO_PROFILE_DEV_DEBUG: '0', CARGO_PROFILE_RELEASE_LTO: 'off', CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
};

/** Runs a command of a lane. What it says is given when it has ended: another lane says something meanwhile. */
function runQuietly(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...ONCE }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', ({ message }) => resolve({ succeeded: false, output: `${output}${message}\n` }));
    child.on('close', (code) => resolve({ succeeded: code === 0, output }));
  });
}

/** A command as one check. */
function check(command, ...args) {
  return async () => {
    const { succeeded, output } = await runQuietly(command, args);
    return { output, counts: succeeded ? OK : FAILED };
  };
}

/** `cargo test`, counted by its `test result` lines. */
async function cargoTest() {
  const { succeeded, output } = await runQuietly('cargo', ['test', '--workspace', '--no-fail-fast', '--color=never']);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const results = /^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm;
  for (const [, passed, failed, ignored] of output.matchAll(results)) {
    add(counts, { passed: Number(passed), failed: Number(failed), skipped: Number(ignored) });
  }
  if (counts.failed === 0 && (!succeeded || counts.passed === 0)) counts.failed = 1;
  return { output, counts: judge(counts) };
}

/**
 * Builds and checks, in two lanes that run beside each other: each ends with long work for one processor, which is linking. The
 * tests come when both are through.
 */
const LANES = [
  [
    // All shims: the test that one of another ABI is refused needs one.
    ['setup', check(process.execPath, 'scripts/setup.js', '--all')],
    ['eslint', check(process.execPath, 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0')],
    ['tsc', check('npm', 'run', '--silent', 'typecheck')],
    ['supply chain', check(process.execPath, 'scripts/supply-chain.js', '--check')],
    ['pack:check --quick', check(process.execPath, 'scripts/pack/check.js', '--quick')],
  ],
  [
    ['cargo fmt', check('cargo', 'fmt', '--all', '--check')],
    ['cargo deny', check('cargo', 'deny', '--locked', 'check', 'bans', 'licenses', 'sources')],
    ['cargo clippy', check('cargo', 'clippy', '--workspace', '--all-targets', '--', '-D', 'warnings')],
    ['cargo test', cargoTest],
  ],
];

/** A tier on the running Node. */
function tier(name) {
  return [`${name}, Node ${process.version}`, () => runJest(process.execPath, [`__test__/${name}/`])];
}

/** What is tested on each other Node of the matrix. */
function onOtherNode({ major }) {
  return [`v8 and smoke, Node ${major}`, () => runJest(binaryFor(major).node, ON_OTHER_NODES, BRIEF)];
}

/** The tests, one tier after the other: each uses all processors. */
const TESTS = [
  tier('unit'),
  tier('package'),
  tier('v8'),
  tier('faults'),
  ...MATRIX.filter(({ abi }) => abi !== Number(process.versions.modules)).map(onOtherNode),
];

const secondsSince = (start) => Math.round((Date.now() - start) / 1000);
const sum = { passed: 0, failed: 0, skipped: 0 };
const notPassed = [];
const summary = [];

/** Notes what came of a step that began at `start`. */
function note(name, counts, start) {
  add(sum, counts);
  for (const test of counts.failedNames || []) notPassed.push(`failed in "${name}": ${test}`);
  for (const test of counts.skippedNames || []) notPassed.push(`skipped in "${name}": ${test}`);
  const word = counts.failed ? 'FAILED' : 'ok    ';
  summary.push(`${word} ${name}: ${counts.passed} passed, ${counts.failed} failed (${secondsSince(start)} s)`);
}

async function runLane(steps) {
  for (const [name, step] of steps) {
    console.log(`started: ${name}`);
    const start = Date.now();
    const { output, counts } = await step();
    console.log(`\n##### ${name}\n${output}`);
    note(name, counts, start);
  }
}

function runTest([name, test]) {
  console.log(`\n##### ${name}`);
  const start = Date.now();
  let counts;
  try {
    counts = test();
  } catch (error) {
    console.error(error.message);
    counts = FAILED;
  }
  note(name, counts, start);
}

async function main() {
  const start = Date.now();
  await Promise.all(LANES.map(runLane));
  TESTS.forEach(runTest);
  console.log(`\n${[...notPassed, ...summary].join('\n')}`);
  console.log(`total: ${secondsSince(start)} s`);
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed > 0 ? 1 : 0;
}

main();
