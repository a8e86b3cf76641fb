'use strict';
// The native environment of this copy of the module. Each thread and each loaded copy has its own.

const fs = require('fs');
const binding = require('../binding');
const { makeError, native } = require('./errors');

let loaded;
let environment;
let failure;

/** The addon, or the reason why it cannot be loaded. Loaded once. */
function addon() {
  if (!loaded) {
    try {
      loaded = { exports: binding.loadAddon() };
    } catch (error) {
      // The stack was full: that passes.
      if (error instanceof RangeError) throw error;
      loaded = { reason: String(error && error.message) };
    }
  }
  return loaded;
}

/** Loads a shim; its errors say what to do. */
function loadShim(made, shim, abi) {
  try {
    return native(() => made.loadShim(shim, Number(abi)));
  } catch (error) {
    error.message += '. Run `node scripts/build-shims.js` in the rs-profiler package, with this Node, to make it anew.';
    throw error;
  }
}

function open() {
  const { exports, reason } = addon();
  if (!exports) {
    throw makeError('NATIVE_MISSING', `The native addon of rs-profiler cannot be loaded from ${binding.addonPath()}: `
      + `${reason}. In a checkout run \`npm run setup\`; else install rs-profiler again for ${process.platform}-${process.arch}.`);
  }
  const abi = process.versions.modules;
  const shim = binding.shimPath(abi);
  if (!fs.existsSync(shim)) {
    throw makeError('UNSUPPORTED_NODE', `rs-profiler has no V8 shim for Node ${process.version} (ABI ${abi}): ${shim} does `
      + 'not exist. Run `node scripts/build-shims.js` in the rs-profiler package, which needs a C++ compiler, or use Node '
      + '18, 20, 22, 24 or 26.');
  }
  const made = new exports.NativeEnvironment();
  const v8 = loadShim(made, shim, abi);
  return { environment: made, shim, v8 };
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

module.exports = { describe, getEnvironment };
