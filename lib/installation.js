'use strict';
// What is installed, for `rs-profiler doctor`: looks, and loads the addons; captures nothing.

const fs = require('fs');
const path = require('path');
const binding = require('../binding');
const { version } = require('../package.json');

const SHIM = /^v8-shim\.abi(\d+)\.so$/;

function sizeOf(file) {
  try {
    return fs.statSync(file).size;
  } catch {
    return null;
  }
}

/** An addon: where it is, how big, and whether it can be loaded. */
function partOf(file, load) {
  const part = { path: file, bytes: sizeOf(file) };
  try {
    load();
    return { ...part, loads: true };
  } catch (error) {
    return { ...part, loads: false, reason: `${error.message}`.split('\n')[0] };
  }
}

/** The shims in a folder, by ABI. */
function shimsIn(folder) {
  let names = [];
  try {
    names = fs.readdirSync(folder);
  } catch {
    // There is no such folder.
  }
  return names.filter((name) => SHIM.test(name))
    .map((name) => ({ abi: SHIM.exec(name)[1], path: path.join(folder, name) }))
    .sort((a, b) => a.abi - b.abi);
}

function versionIn(folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}

/** What is installed, as plain data. */
function installation() {
  const { from, folder, platform, packageName = null } = binding.locate();
  const folders = [process.env.RS_PROFILER_SHIM_DIR, from !== 'environment' && binding.OWN, folder].filter(Boolean);
  const fitting = binding.shimPath(process.versions.modules);
  return {
    version,
    root: path.dirname(require.resolve('../package.json')),
    node: process.version,
    abi: process.versions.modules,
    platform,
    native: { from, folder, package: packageName, packageVersion: from === 'package' ? versionIn(folder) : null },
    addon: partOf(binding.addonPath(), binding.loadAddon),
    analysis: partOf(binding.analysisPath(), binding.loadAnalysis),
    shims: [...new Set(folders)].flatMap(shimsIn).map((shim) => ({ ...shim, fits: shim.path === fitting })),
    environment: {
      RS_PROFILER_NATIVE_DIR: process.env.RS_PROFILER_NATIVE_DIR ?? null,
      RS_PROFILER_SHIM_DIR: process.env.RS_PROFILER_SHIM_DIR ?? null,
    },
  };
}

module.exports = { installation };
