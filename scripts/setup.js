'use strict';

/**
 * `npm run setup`: the one preparation behind `npm run demo`, `npm test` and the rest. From a fresh clone it installs the
 * development packages, builds the addon, the shim and the page of the HTML report; when nothing changed it finds that out in about a second.
 * It uses nothing but Node itself, because it runs before anything is installed.
 */

const fs = require('fs');
const path = require('path');
const { buildAddon } = require('./build-addon');
const { buildReport } = require('./build-report');
const { buildShims } = require('./build-shims');
const { MATRIX } = require('./node-dist');
const { ROOT, main, npm } = require('./run');

function modified(...parts) {
  try {
    return fs.statSync(path.join(ROOT, ...parts)).mtimeMs;
  } catch {
    return -1;
  }
}

/** Installs the development packages when the lock file is newer than what is installed. */
function installPackages() {
  if (modified('package-lock.json') <= modified('node_modules', '.package-lock.json')) return false;
  console.log('installing the development packages');
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  npm(args, { cwd: ROOT, stdio: 'inherit' });
  return true;
}

/**
 * Prepares the working copy.
 * @param {{ allAbis?: boolean }} [options] allAbis: build the shims of the whole matrix
 */
function setup(options = {}) {
  const work = [
    installPackages(),
    buildAddon(),
    buildShims(options.allAbis ? MATRIX.map((entry) => entry.abi) : undefined) > 0,
    buildReport(),
  ];
  if (work.some(Boolean)) console.log('setup: done');
}

module.exports = { setup };

if (require.main === module) main(() => setup({ allAbis: process.argv.includes('--all') }));
