'use strict';
// The only file that knows where the native parts lie and how to load them.

const path = require('path');

/** Folder of the addon and the V8 shims. RS_PROFILER_NATIVE_DIR overrides it. */
function nativeDir() {
  return process.env.RS_PROFILER_NATIVE_DIR || path.join(__dirname, 'native');
}

/** Path of the shim for a Node ABI (`process.versions.modules`). The file need not exist. */
function shimPath(abi) {
  return path.join(nativeDir(), `v8-shim.abi${abi}.so`);
}

/** Path of the addon, one for all Node versions. */
function addonPath() {
  return path.join(nativeDir(), 'rs-profiler.node');
}

/** Loads the addon. Throws what Node throws. */
function loadAddon() {
  // A static string for bundlers that follow it; the override is resolved at run time.
  if (!process.env.RS_PROFILER_NATIVE_DIR) return require('./native/rs-profiler.node');
  return require(addonPath());
}

module.exports = { addonPath, loadAddon, root: __dirname, shimPath };
