'use strict';

/**
 * `npm run setup`: the one preparation behind `npm run demo`, `npm test` and the rest. From a fresh clone it checks what it
 * needs, installs the development packages, and builds the addon and the shim. When nothing changed it finds that out in less
 * than a second, and without cargo, a compiler or npm. It uses nothing but Node itself, because it runs before anything is
 * installed.
 */

const fs = require('fs');
const path = require('path');
const { buildAddon, isAddonCurrent } = require('./build-addon');
const { buildShims, isShimCurrent } = require('./build-shims');
const { MATRIX } = require('./node-dist');
const { checkPrerequisites } = require('./prerequisites');
const { ROOT, main, npm } = require('./run');

function modified(...parts) {
  try {
    return fs.statSync(path.join(ROOT, ...parts)).mtimeMs;
  } catch {
    return -1;
  }
}

/** Whether the development packages are those of the lock file. */
function arePackagesCurrent() {
  return modified('package-lock.json') <= modified('node_modules', '.package-lock.json');
}

function installPackages() {
  console.log('installing the development packages');
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  npm(args, { cwd: ROOT, stdio: 'inherit' });
}

/**
 * Prepares the working copy: finds out what there is to do, checks what that needs, does it.
 * @param {{ allAbis?: boolean }} [options] allAbis: build the shims of the whole matrix
 */
function setup(options = {}) {
  const abis = options.allAbis ? MATRIX.map((entry) => entry.abi) : [Number(process.versions.modules)];
  const packages = !arePackagesCurrent();
  const addon = !isAddonCurrent();
  const shims = abis.filter((abi) => !isShimCurrent(abi));
  if (!packages && !addon && shims.length === 0) return;
  checkPrerequisites({ packages, addon, shims });
  if (packages) installPackages();
  const isAddonNew = addon && buildAddon();
  const isShimNew = buildShims(shims) > 0;
  if (packages || isAddonNew || isShimNew) console.log('setup: done');
}

module.exports = { setup };

if (require.main === module) main(() => setup({ allAbis: process.argv.includes('--all') }));
