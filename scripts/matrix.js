'use strict';

/**
 * `npm run test:matrix`: the Jest suite on every Node of the matrix, one after the other.
 *
 * `--only=20,22` chooses majors, `--except=v20.20.2` leaves out a version that was already tested, `--tiers` leaves out what
 * `.ci/run` does, which has to end in time: the versions in the middle run the tests of capture, the oldest and the newest all that
 * can depend on the version. All other arguments go to Jest.
 */

const { add, runJest } = require('./jest-run');
const { MATRIX, binaryFor } = require('./node-dist');
const { main } = require('./run');
const { setup } = require('./setup');

function describe(counts) {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/**
 * Runs the matrix.
 * @param {{ only?: number[], except?: string, tiers?: boolean, args?: string[] }} [options]
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
function runMatrix({ only, except, tiers = false, args = [] } = {}) {
  setup({ allAbis: true });
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const summary = [];
  for (const { major } of MATRIX) {
    if (only && !only.includes(major)) continue;
    const { node, version } = binaryFor(major);
    if (except && except.replace(/^v/, '') === version) {
      summary.push(`Node ${version}: left out, already tested`);
      continue;
    }
    const tier = !tiers ? 'all' : [MATRIX[0], MATRIX.at(-1)].some((end) => end.major === major) ? 'node' : 'capture';
    console.log(`\n=== Node ${version}, tests: ${tier}`);
    const counts = runJest(node, args, tier);
    add(sum, counts);
    summary.push(`Node ${version}, tests: ${tier}: ${describe(counts)}`);
  }
  console.log(`\n${summary.join('\n')}\nmatrix: ${describe(sum)}`);
  return sum;
}

module.exports = { runMatrix };

if (require.main === module) {
  main(() => {
    const args = process.argv.slice(2);
    const take = (name) => {
      const at = args.findIndex((arg) => arg.startsWith(`--${name}=`));
      return at < 0 ? undefined : args.splice(at, 1)[0].slice(name.length + 3);
    };
    const only = take('only');
    const tiers = args.includes('--tiers');
    const options = { only: only && only.split(',').map(Number), except: take('except'), tiers, args: args.filter((arg) => arg !== '--tiers') };
    if (runMatrix(options).failed > 0) process.exitCode = 1;
  });
}
