'use strict';

/**
 * `npm run pack:check`: packs, installs the tarballs as a user would, in an empty folder with no compiler in the PATH and install scripts
 * off, and uses what was installed: with the newest npm of every Node of the matrix, with pnpm and Yarn, and bundled by esbuild,
 * webpack and Next. Bundlers and package managers come from npm. The figures of a full run stand in `benchmark/pack-check-last.md` when the
 * working copy was exactly a commit, else in `coverage/pack-check-last.md`.
 *
 * `--quick`, for CI: the parts in `native/` as they are, this Node with the npm of this machine, and esbuild; without network.
 * `--packed`: what is in `dist/` already. `--only=TEXT`: the checks whose Node or tool has it in its name.
 */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { MATRIX, binaryFor } = require('../node-dist');
const { table, writeReport } = require('../report');
const { NATIVE } = require('../run');
const { untilNow, workingCopy } = require('../working-copy');
const { checkEsbuild, checkEsbuildInside, checkNext, checkWebpack } = require('./bundlers');
const { checkInstall } = require('./consumer');
const { lookInto } = require('./contents');
const { LIMITS, pack } = require('./index');
const { npmFor, npmHere, pnpm, pnpmOld, yarn, yarnClassic } = require('./managers');
const { startRegistry } = require('./registry');
const { DIST, SOURCE } = require('./stage');
const { TARGETS, hostTarget } = require('./targets');

/** The other managers and the bundlers run on the Node that most use. */
const USUAL = 24;

/** The tarballs that `npm run pack` has left in `dist/`. */
function alreadyPacked() {
  const { packages } = JSON.parse(fs.readFileSync(path.join(DIST, 'manifest.json'), 'utf8'));
  const file = (name) => path.join(DIST, packages[name].file);
  const there = TARGETS.filter(({ name }) => packages[`@rs-profiler/${name}`]);
  return { root: file(SOURCE.name), platforms: Object.fromEntries(there.map(({ name }) => [name, file(`@rs-profiler/${name}`)])) };
}

function packages({ quick, packed }) {
  if (packed) return alreadyPacked();
  return quick ? pack({ targets: [hostTarget()], native: NATIVE, sbom: false }) : pack();
}

/** What is run: `[Node, with what, work]`; `work` gets what every check needs and says a word about what it saw. */
function planOf(quick) {
  const install = (make) => (options) => checkInstall({ ...options, manager: make() });
  const inside = (check, make) => (options) => check({ ...options, manager: make() });
  if (quick) {
    const here = { node: process.execPath, version: process.versions.node };
    return [
      [here, 'npm of this machine', install(npmHere)],
      [here, 'esbuild, package outside', inside(checkEsbuild, npmHere)],
      [here, 'esbuild, package inside', inside(checkEsbuildInside, npmHere)],
    ];
  }
  const usual = binaryFor(USUAL);
  const usualNpm = () => npmFor(USUAL);
  const managers = [pnpm, pnpmOld, yarnClassic, () => yarn('pnp'), () => yarn('node-modules')];
  return [
    ...MATRIX.map(({ major }) => [binaryFor(major), npmFor(major).name, install(() => npmFor(major))]),
    ...managers.map((make) => [usual, make().name, install(make)]),
    [usual, 'esbuild, package outside', inside(checkEsbuild, usualNpm)],
    [usual, 'esbuild, package inside', inside(checkEsbuildInside, usualNpm)],
    [usual, 'webpack, package outside', inside(checkWebpack, usualNpm)],
    [usual, 'Next with Turbopack, package outside', inside(checkNext.bind(null, 'turbopack'), usualNpm)],
    [usual, 'Next with webpack, package outside', inside(checkNext.bind(null, 'webpack'), usualNpm)],
  ];
}

const mb = (bytes) => (bytes / 1e6).toFixed(2);

/** Looks into every tarball: a row of the table for each, and what is wrong. */
function lookAt({ root, platforms }) {
  const rows = [];
  const faults = [];
  for (const file of [root, ...Object.values(platforms)]) {
    const { name, packed, unpacked, files, faults: found } = lookInto(file);
    const limit = file === root ? LIMITS.root : LIMITS.platform;
    rows.push([name, files, mb(packed), mb(limit), mb(unpacked)]);
    if (packed > limit) faults.push(`${name} has ${mb(packed)} MB, more than ${mb(limit)}`);
    faults.push(...found.map((fault) => `${name}: ${fault}`));
  }
  return { rows, faults };
}

/** One check after the other: rows of the table, and what failed. */
async function runPlan(plan, common) {
  const rows = [];
  const faults = [];
  for (const [{ node, version }, what, work] of plan) {
    const start = Date.now();
    const seconds = () => Math.round((Date.now() - start) / 1000);
    try {
      const said = await work({ ...common, node });
      rows.push([`v${version}`, what, 'ok', said, seconds()]);
    } catch (error) {
      rows.push([`v${version}`, what, 'FAILED', '', seconds()]);
      faults.push(`Node ${version}, ${what}: ${error.message}`);
    }
    console.log(rows.at(-1).join('  '));
  }
  return { rows, faults };
}

function report(sizes, checks, copy) {
  writeReport('pack-check-last.md', copy, [
    '# Last check of the packages',
    '',
    `${new Date().toISOString().slice(0, 10)}, commit ${copy.commit}, ${os.cpus().length} cores, ${os.type()} ${os.release()}: \`npm run pack:check\`. Installed by name from a`,
    'registry of its own, with install scripts off and neither compiler nor Rust in the `PATH`, then used: profiles, snapshots (file,',
    'slow stream, forked), what is read of them, also by the command line, `heapdump`, `import`, typings.',
    '',
    ...table(['Node', 'with', 'result', 'seen', 'seconds'], checks.rows),
    '',
    ...table(['package', 'files', 'MB packed', 'allowed', 'MB unpacked'], sizes.rows),
    '',
  ]);
}

async function main() {
  const quick = process.argv.includes('--quick');
  const packed = process.argv.includes('--packed');
  const copy = workingCopy();
  if (!quick && !packed) require('../setup').setup({ allAbis: true });
  const made = packages({ quick, packed });
  const only = process.argv.map((arg) => /^--only=(.+)$/.exec(arg)?.[1]).find(Boolean) ?? '';
  const plan = planOf(quick).filter(([{ version }, what]) => `v${version} ${what}`.includes(only));
  const sizes = lookAt(made);
  const registry = await startRegistry(made);
  let checks;
  try {
    checks = await runPlan(plan, { registry, target: hostTarget() });
  } finally {
    await registry.close();
  }
  const faults = [...sizes.faults, ...checks.faults];
  const whole = !quick && !packed && !only && faults.length === 0;
  report(sizes, checks, whole ? untilNow(copy) : { ...copy, folder: 'coverage' });
  for (const fault of faults) console.log(`\nFAILED ${fault}`);
  console.log(`\npack:check: ${plan.length + sizes.rows.length} checks, ${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
