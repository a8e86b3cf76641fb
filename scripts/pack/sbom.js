'use strict';

/** Lists of what is in the packages (SBOM, CycloneDX), written by cargo-cyclonedx and by npm. */

const fs = require('fs');
const path = require('path');
const { ROOT, npm, run } = require('../run');
const { sourceDate } = require('./addons');
const { cyclonedx } = require('./tools');

/** Without what differs from one run to the next, and without this machine's paths. */
function settled(text) {
  const bom = JSON.parse(text.replaceAll(`${ROOT}/`, '').replaceAll(ROOT, '.'));
  delete bom.serialNumber;
  bom.metadata.timestamp = new Date(Number(sourceDate()) * 1000).toISOString();
  return `${JSON.stringify(bom, null, 1)}\n`;
}

/** Writes the list of the addon's crates into the folder of a platform package. */
function writeRustSbom(target, folder) {
  const name = `rs-profiler-sbom-${process.pid}`;
  const env = { ...process.env, SOURCE_DATE_EPOCH: sourceDate() };
  const args = ['cyclonedx', '--format', 'json', '--target', target.rust, '--no-build-deps', '--override-filename', name, '-q'];
  const made = [ROOT, path.join(ROOT, 'crates', 'core')].map((home) => path.join(home, `${name}.json`));
  try {
    run(cyclonedx(), args, { cwd: ROOT, env });
    fs.writeFileSync(path.join(folder, 'rs-profiler.node.cdx.json'), settled(fs.readFileSync(made[0], 'utf8')));
  } finally {
    for (const file of made) fs.rmSync(file, { force: true });
  }
}

/** Writes the list of the root package beside the tarballs: npm makes it from the manifest that is published. */
function writeRootSbom(folder, output) {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--omit', 'dev', '--omit', 'optional'];
  const lock = path.join(folder, 'package-lock.json');
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = manifest;
  try {
    const packages = { '': { name, version, license } };
    fs.writeFileSync(lock, JSON.stringify({ name, version, lockfileVersion: 3, requires: true, packages }));
    fs.writeFileSync(path.join(output, 'rs-profiler.cdx.json'), settled(npm(args, { cwd: folder })));
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

module.exports = { writeRootSbom, writeRustSbom };
