'use strict';

/** The package as npm would install it, which is what applications load: bundled, and the native parts in a package of their own. */

const fs = require('fs');
const path = require('path');
const { DIST, SOURCE, stagePlatform, stageRoot } = require('../../scripts/pack/stage');
const { hostTarget } = require('../../scripts/pack/targets');
const { NATIVE } = require('../../scripts/run');

/**
 * Lays it out, with the native parts that are built.
 * @returns {string} the folder of rs-profiler
 */
function installPacked() {
  const modules = path.join(DIST, 'installed', 'node_modules');
  fs.rmSync(modules, { recursive: true, force: true });
  const target = hostTarget();
  const folder = path.join(modules, SOURCE.name);
  fs.cpSync(stageRoot(), folder, { recursive: true });
  fs.cpSync(stagePlatform(target, { native: NATIVE }).folder, path.join(modules, '@rs-profiler', target.name), { recursive: true });
  return folder;
}

module.exports = { installPacked };
