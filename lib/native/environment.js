'use strict';
// The native environment of this copy of the module. Each thread and each loaded copy has its own.

const fs = require('fs');
const path = require('path');
const binding = require('../../binding');
const { makeError, native } = require('./errors');
const { MATRIX } = require('./nodes');
const { joinTracking } = require('./tracking');
const { longStrings } = require('./v8-flags');

let loaded;
let environment;
let failure;

/** The folder that RS_PROFILER_NATIVE_DIR names may have anybody's library under this name. */
const isOurs = (exports) => typeof exports?.NativeEnvironment === 'function';

/** The addon, or the reason why it cannot be loaded. Loaded once. */
function addon() {
  if (!loaded) {
    try {
      const exports = binding.loadAddon();
      loaded = isOurs(exports) ? { exports } : { reason: 'it is not the addon of rs-profiler' };
    } catch (error) {
      // The stack was full: that passes.
      if (error instanceof RangeError) throw error;
      loaded = { reason: String(error && error.message), code: error && error.code };
    }
  }
  return loaded;
}

/** The command that compiles a shim. The short form is for those who installed the package. */
function buildCommand() {
  if (binding.locate().from === 'package') return '`npx rs-profiler build-shim`';
  return `\`node ${path.join(binding.root, 'bin', 'rs-profiler.js')} build-shim\``;
}

/** Why there is no addon, and first what helps. */
function missingAddon({ code, reason }) {
  if (code === 'ERR_DLOPEN_DISABLED') {
    return process.permission
      ? 'Start Node with --allow-addons: its permission model keeps it from loading native addons, such as that of rs-profiler.'
      : 'Start Node without --no-addons, in NODE_OPTIONS too: it keeps it from loading native addons, such as that of rs-profiler.';
  }
  const { from, platform, packageName } = binding.locate();
  const addonPath = binding.addonPath();
  const setUp = `Run \`npm run setup\` in ${binding.root}`;
  const again = 'Install rs-profiler again on this machine';
  if (from === 'package') return `${again}: the native addon of ${packageName}, ${addonPath}, cannot be loaded (${reason}).`;
  if (from === 'nowhere' && packageName) {
    return `${again}, with optional dependencies: its package ${packageName} is not installed. Options such as --omit=optional, `
      + `and node_modules or a lock file of another system, leave it out. In a checkout: run \`npm run setup\` in ${binding.root}.`;
  }
  if (from === 'nowhere') return `${setUp}, which needs Rust and a C++ compiler: no package is made for ${platform}.`;
  if (!fs.existsSync(addonPath)) {
    return `${setUp}: the native addon of rs-profiler, ${addonPath}, does not exist. Or unset RS_PROFILER_NATIVE_DIR.`;
  }
  return `${setUp}, which builds the native addon of rs-profiler anew for ${process.platform}-${process.arch}: `
    + `${addonPath} cannot be loaded (${reason}).`;
}

/** Why there is no shim, and first what helps. */
function missingShim(shim, abi) {
  const served = MATRIX.filter((node) => fs.existsSync(binding.shimPath(node.abi))).map(({ major }) => major);
  const others = served.length > 0 ? `, or use Node ${served.join(', ')}` : '';
  return `Run ${buildCommand()} with Node ${process.version}, which needs a C++20 compiler${others}: rs-profiler `
    + `has no native part for the V8 of this Node (ABI ${abi}), ${shim} does not exist.`;
}

/**
 * Loads the first shim that fits: one of another version of this package may lie in a folder that outlives an update. When none
 * does, the error is that of the first.
 */
function loadFirst(made, files, abi) {
  let first;
  for (const file of files) {
    try {
      return { shim: file, v8: loadShim(made, file, abi) };
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

/** Loads a shim; its errors say what to do. */
function loadShim(made, file, abi) {
  try {
    return native(() => made.loadShim({ path: file, abi: Number(abi), longStrings: longStrings() }));
  } catch (error) {
    error.message += `. Run ${buildCommand()} with Node ${process.version}, to make it anew.`;
    throw error;
  }
}

function open() {
  const exports = getAddon();
  const abi = process.versions.modules;
  const shims = binding.shimPaths(abi);
  if (shims.length === 0) throw makeError('UNSUPPORTED_NODE', missingShim(binding.shimPath(abi), abi));
  const made = new exports.NativeEnvironment();
  const loadedShim = loadFirst(made, shims, abi);
  joinTracking(made);
  return { environment: made, ...loadedShim };
}

/**
 * The addon itself, for what needs no V8 and so no shim.
 * @throws {Error} ERR_RS_PROFILER_NATIVE_MISSING
 */
function getAddon() {
  const { exports } = addon();
  if (!exports) throw makeError('NATIVE_MISSING', missingAddon(addon()));
  return exports;
}

/**
 * The native environment.
 * @throws {Error} ERR_RS_PROFILER_NATIVE_MISSING, ERR_RS_PROFILER_UNSUPPORTED_NODE
 */
function getEnvironment() {
  if (failure) throw makeError(failure.code, failure.message);
  if (!environment) {
    try {
      environment = open();
    } catch (error) {
      if (!/^ERR_RS_PROFILER_/.test(error.code)) throw error;
      failure = { code: error.code.replace('ERR_RS_PROFILER_', ''), message: error.message };
      throw error;
    }
  }
  return environment.environment;
}

/** Makes the environment if it can be made, without a throw: `{ addon, shim, v8, error }`. */
function describe() {
  let error;
  try {
    getEnvironment();
  } catch (caught) {
    error = caught;
  }
  return { addon: addon(), shim: environment && environment.shim, v8: environment && environment.v8, error };
}

module.exports = { describe, getAddon, getEnvironment };
