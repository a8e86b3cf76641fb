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
    if (!fs.existsSync(shim)) {
      throw makeError('UNSUPPORTED_NODE', `rs-profiler has no V8 shim for Node ${process.version} (ABI ${abi}): ${shim} does `
        + 'not exist. Run `npx rs-profiler build-shim` with this Node, which needs a C++ compiler, or use Node 18, 20, 22, '
        + '24, 25 or 26.');
    }
    error.message += '. Run `npx rs-profiler build-shim` with this Node to make it anew.';
    throw error;
  }
}

function open() {
  const { exports, reason } = addon();
  if (!exports) {
    // Loaded where it is needed: `require` of the package is measured.
    throw require('./native-missing').nativeMissing('native addon', binding.addonPath(), reason);
  }
  const abi = process.versions.modules;
  const shim = binding.shimPath(abi);
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
