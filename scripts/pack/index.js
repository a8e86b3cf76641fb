'use strict';

/**
 * `npm run pack`: makes the packages in `dist/`: `rs-profiler`, `@rs-profiler/<platform>` for every platform that this machine can
 * build, and the aliases, with lists of what is in them (SBOM), a manifest and SHA256SUMS. It refuses when a part is missing.
 *
 * `--target=NAME[,NAME]` chooses platforms; `--root-only`; `--host` packs the parts in `native/` as they are, for tests;
 * `--complete` packs nothing, and fails when `dist/` lacks the package of a platform that the root package names.
 */

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { NATIVE, main } = require('../run');
const { setup } = require('../setup');
const { sourceDate } = require('./addons');
const { writeRootSbom, writeRustSbom } = require('./sbom');
const { ALIASES, DIST, SOURCE, commit, stageAlias, stagePlatform, stageRoot, tarball } = require('./stage');
const { TARGETS, buildable, hostTarget } = require('./targets');

/** Bytes that a tarball may have. */
const LIMITS = { root: 1e6, platform: 6e6 };

/** Prints the size of a tarball; more than allowed is an error. */
function checkSize(name, { size, unpackedSize }, limit) {
  const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(`${name}: ${mb(size)} packed, ${mb(unpackedSize)} unpacked (limit ${mb(limit)} packed)`);
  if (size > limit) throw new Error(`${name} has ${mb(size)}, more than the ${mb(limit)} that it may have.`);
}

/**
 * Makes the tarballs.
 * @param {{ targets?: import('./targets').Target[], native?: string, sbom?: boolean }} [options]
 *   `native`: a folder with ready parts for the one target
 * @returns {{ root: string, platforms: { [name: string]: string } }} paths of the tarballs
 */
function pack({ targets = buildable(), native, sbom = true } = {}) {
  fs.rmSync(path.join(DIST, 'stage'), { recursive: true, force: true });
  fs.mkdirSync(DIST, { recursive: true });
  const manifest = { version: SOURCE.version, commit: commit(), sourceDateEpoch: Number(sourceDate()), packages: {} };
  const platforms = {};
  const add = (name, made, limit, more = {}) => {
    checkSize(name, made, limit);
    const sha256 = crypto.createHash('sha256').update(fs.readFileSync(made.file)).digest('hex');
    manifest.packages[name] = { file: path.basename(made.file), sha256, size: made.size, unpackedSize: made.unpackedSize, ...more };
    return made.file;
  };
  // What fails sooner comes first: a platform takes minutes.
  const rootFolder = stageRoot();
  if (sbom) writeRootSbom(rootFolder, DIST);
  const root = add(SOURCE.name, tarball(rootFolder), LIMITS.root);
  for (const name of ALIASES) add(`@rs-profiler/${name}`, tarball(stageAlias(name)), LIMITS.root);
  for (const target of targets) {
    const { folder, tools } = stagePlatform(target, { native });
    if (sbom) writeRustSbom(target, folder);
    platforms[target.name] = add(`@rs-profiler/${target.name}`, tarball(folder), LIMITS.platform, { tools });
  }
  fs.writeFileSync(path.join(DIST, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const sums = Object.values(manifest.packages).map(({ file, sha256 }) => `${sha256}  ${file}\n`).sort();
  fs.writeFileSync(path.join(DIST, 'SHA256SUMS'), sums.join(''));
  return { root, platforms };
}

/** The tarballs of a whole release that are not in a folder. */
function missingTarballs(folder = DIST) {
  const names = [SOURCE.name, ...[...TARGETS.map(({ name }) => name), ...ALIASES].map((name) => `rs-profiler-${name}`)];
  return names.map((name) => `${name}-${SOURCE.version}.tgz`).filter((file) => !fs.existsSync(path.join(folder, file)));
}

/** The targets that the command line names. */
function chosen(args) {
  if (args.includes('--root-only')) return [];
  const names = args.map((arg) => /^--target=(.+)$/.exec(arg)?.[1]).find(Boolean)?.split(',');
  const unknown = names?.find((name) => !TARGETS.some((target) => target.name === name));
  if (unknown) throw new Error(`There is no target ${unknown}; there are ${TARGETS.map(({ name }) => name).join(', ')}.`);
  return names && TARGETS.filter(({ name }) => names.includes(name));
}

module.exports = { LIMITS, missingTarballs, pack };

if (require.main === module) {
  main(() => {
    const args = process.argv.slice(2);
    if (args.includes('--complete')) {
      const missing = missingTarballs();
      if (missing.length) throw new Error(`A release is not complete without ${missing.join(', ')}.`);
      return;
    }
    const targets = chosen(args);
    if (!args.includes('--host')) return void pack({ targets });
    setup();
    pack({ targets: [hostTarget()], native: NATIVE, sbom: false });
  });
}
