'use strict';

/**
 * `npm run test:matrix`: what differs by Node (the tiers v8 and faults, and that the package loads) on every Node of the matrix, one after
 * the other.
 *
 * `--only=20,22` chooses majors; all other arguments go to Jest.
 */

const { ON_OTHER_NODES, add, runJest } = require('./jest-run');
const { MATRIX, binaryFor } = require('./node-dist');
const { main } = require('./run');
const { setup } = require('./setup');

function describe(counts) {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/**
 * Runs the matrix.
 * @param {number[]} majors
 * @param {string[]} args Jest's
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
function runMatrix(majors, args) {
  setup({ allAbis: true });
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const summary = [];
  for (const major of majors) {
    const { node, version } = binaryFor(major);
    console.log(`\n=== Node ${version}`);
    const start = Date.now();
    const counts = runJest(node, args);
    add(sum, counts);
    summary.push(`Node ${version}: ${describe(counts)} (${Math.round((Date.now() - start) / 1000)} s)`);
    for (const name of [...counts.failedNames, ...counts.skippedNames]) summary.push(`  not passed: ${name}`);
  }
  console.log(`\n${summary.join('\n')}\nmatrix: ${describe(sum)}`);
  return sum;
}

main(() => {
  const args = process.argv.slice(2);
  const at = args.findIndex((arg) => arg.startsWith('--only='));
  const only = at < 0 ? undefined : args.splice(at, 1)[0].slice('--only='.length).split(',').map(Number);
  const majors = MATRIX.map(({ major }) => major).filter((major) => !only || only.includes(major));
  if (runMatrix(majors, args.length > 0 ? args : [...ON_OTHER_NODES, '__test__/faults/']).failed > 0) process.exitCode = 1;
});
