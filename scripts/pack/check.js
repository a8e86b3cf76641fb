'use strict';

/**
 * `npm run pack:check`: packs, installs the tarballs as a user would, in an empty folder with no compiler in the PATH and install scripts
 * off, and runs a smoke test: with the newest npm of every Node of the matrix, with pnpm and both lines of Yarn, and in a bundle of
 * esbuild.
 *
 * `--quick`, for CI: the parts in `native/` as they are, the oldest and the newest Node, npm and esbuild.
 * `--packed`: what is in `dist/` already.
 */

const fs = require('fs');
const path = require('path');
const { ALSO_SHIPPED, MATRIX, binaryFor } = require('../node-dist');
const { ROOT } = require('../run');
const { setup } = require('../setup');
const { checkBundle, checkInstall } = require('./consumer');
const { pack } = require('./index');
const { npmFor, pnpm, yarnBerry, yarnClassic } = require('./managers');
const { startRegistry } = require('./registry');
const { DIST } = require('./stage');
const { hostTarget } = require('./targets');

/** The tarballs that `npm run pack` has left in `dist/`. */
function alreadyPacked() {
  const { packages } = JSON.parse(fs.readFileSync(path.join(DIST, 'manifest.json'), 'utf8'));
  const file = (name) => path.join(DIST, packages[name].file);
  const platforms = Object.keys(packages).filter((name) => name.startsWith('@')).map((name) => [name.split('/')[1], file(name)]);
  return { root: file('rs-profiler'), platforms: Object.fromEntries(platforms) };
}

function packages({ quick, packed }) {
  if (packed) return alreadyPacked();
  setup({ allAbis: true });
  return quick ? pack({ targets: [hostTarget()], native: path.join(ROOT, 'native'), sbom: false }) : pack();
}

async function main() {
  const quick = process.argv.includes('--quick');
  const packed = packages({ quick, packed: process.argv.includes('--packed') });
  const majors = quick ? [MATRIX[0], MATRIX[MATRIX.length - 1]] : [...MATRIX, ...ALSO_SHIPPED];
  const runs = majors.map(({ major }) => [binaryFor(major), () => npmFor(major)]);
  // The other managers run on the Node that most use.
  const usual = binaryFor(24);
  if (!quick) runs.push(...[pnpm, yarnBerry, ...(packed.platforms['linux-x64-musl'] ? [yarnClassic] : [])].map((manager) => [usual, manager]));
  const registry = await startRegistry(packed);
  let failed = 0;
  const step = async (name, work) => {
    const start = Date.now();
    try {
      const said = await work();
      console.log(`ok     ${name}${said ? `: ${said}` : ''} (${Math.round((Date.now() - start) / 1000)} s)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name}: ${error.message}`);
    }
  };
  try {
    for (const [node, make] of runs) {
      const manager = make();
      await step(`Node ${node.version}, ${manager.name}`, () => checkInstall({ node: node.node, manager, registry, target: hostTarget() }));
    }
    await step(`Node ${usual.version}, esbuild`, () => checkBundle({ node: usual.node, manager: npmFor(24), registry, target: hostTarget() }));
  } finally {
    await registry.close();
  }
  console.log(`pack:check: ${runs.length + 1 - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
