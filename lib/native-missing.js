'use strict';
// What to do when an addon cannot be loaded.

const binding = require('../binding');
const { makeError } = require('./errors');

/** By where it was looked for: a sentence that says what to do. */
function advice({ from, platform, packageName }, reason) {
  // Node's permission model, and `--no-addons`, forbid addons in these words.
  if (/addons is disabled/.test(reason)) return 'Start Node with --allow-addons, or without --no-addons.';
  const checkout = 'In a checkout run `npm run setup`';
  if (from === 'environment') return `RS_PROFILER_NATIVE_DIR names that folder. ${checkout}, or unset the variable to use what is installed.`;
  if (from === 'checkout') return `${checkout}.`;
  if (from === 'package') return `Install rs-profiler again on this machine, so that ${packageName} is the one for it.`;
  if (!packageName) return `No package is made for ${platform}. ${checkout}, which needs a Rust toolchain and a C++ compiler.`;
  return `The package ${packageName}, an optional dependency, is not installed. Install rs-profiler again on this machine with optional `
    + 'dependencies (no --omit=optional, --no-optional or --ignore-optional; node_modules and some lock files of another '
    + `system lack it), or add ${packageName} of the same version to your dependencies. ${checkout}.`;
}

/**
 * The error of an addon that cannot be loaded.
 * @param {string} what 'native addon' or 'analysis addon'
 * @param {string} file where it was looked for
 * @param {string} reason why it could not be loaded
 */
function nativeMissing(what, file, reason) {
  const said = `${reason}`.split('\n')[0].replace(/\.$/, '');
  return makeError('NATIVE_MISSING', `The ${what} of rs-profiler cannot be loaded from ${file}: ${said}. ${advice(binding.locate(), said)} `
    + 'See `npx rs-profiler doctor`.');
}

module.exports = { nativeMissing };
