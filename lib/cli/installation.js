'use strict';
// What is installed, for `rs-profiler doctor`: looks at files, and loads nothing.

const fs = require('fs');
const path = require('path');
const binding = require('../../binding');
const { version } = require('../../package.json');
const { majorOf } = require('../../scripts/node-dist');

const SHIM = /^v8-shim\.abi(\d+)\.so$/;
const VARIABLES = ['RS_PROFILER_NATIVE_DIR', 'RS_PROFILER_SHIM_DIR', 'RS_PROFILER_FORK', 'NODE_OPTIONS'];

/** What a function gives, or null where it throws: a file that is not there, or that may not be read. */
function orNull(look) {
  try {
    return look();
  } catch {
    return null;
  }
}

/** The shims in a folder, by ABI. */
function shimsIn(folder) {
  const names = (orNull(() => fs.readdirSync(folder)) ?? []).filter((name) => SHIM.test(name));
  return names.map((name) => {
    const abi = Number(SHIM.exec(name)[1]);
    return { abi, node: majorOf(abi) ?? null, path: path.join(folder, name) };
  }).sort((a, b) => a.abi - b.abi);
}

/** What Node's permission model allows; null where it is not on, or not there. */
function permissions() {
  const { permission } = process;
  if (!permission) return null;
  const has = (scope) => permission.has(scope);
  return { read: has('fs.read'), write: has('fs.write'), child: has('child'), worker: has('worker') };
}

/** Why the version of the platform's package is wrong; undefined where it is right or where there is none. */
function wrongVersion(native) {
  if (native.packageVersion === null || native.packageVersion === version) return undefined;
  return `Install both anew, in one go: ${native.packageName} has version ${native.packageVersion}, rs-profiler ${version}.`;
}

/** What is installed, as plain data. */
function installation() {
  const { from, folder, platform, packageName = null } = binding.locate();
  const abi = Number(process.versions.modules);
  const chosen = binding.shimPath(abi);
  const versionIn = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).version;
  const packageVersion = from === 'package' ? orNull(() => versionIn(path.join(folder, 'package.json'))) : null;
  return {
    version,
    root: binding.root,
    node: { version: process.version, abi, v8: process.versions.v8, platform, path: process.execPath },
    native: { from, folder, packageName, packageVersion },
    shims: binding.shimFolders().flatMap(shimsIn).map((shim) => ({ ...shim, chosen: shim.path === chosen })),
    permissions: permissions(),
    environment: Object.fromEntries(VARIABLES.map((name) => [name, process.env[name] || null])),
  };
}

module.exports = { installation, wrongVersion };
