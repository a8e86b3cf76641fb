'use strict';
// The only file that knows where the native parts lie and how to load them: in the folder that RS_PROFILER_NATIVE_DIR
// names, in `native` of this package (a checkout), or in the package of the platform, an optional dependency.

const fs = require('fs');
const path = require('path');

const ADDON = 'rs-profiler.node';
const ANALYSIS = 'rs-profiler-analysis.node';

/** What a checkout builds, and `rs-profiler build-shim`. */
const OWN = path.join(__dirname, 'native');

/** Where the package of each platform lies. Static strings, for bundlers; they throw when it is not installed. */
const HOMES = {
  'linux-x64-gnu': () => require.resolve('@rs-profiler/linux-x64-gnu/package.json'),
  'linux-x64-musl': () => require.resolve('@rs-profiler/linux-x64-musl/package.json'),
  'linux-arm64-gnu': () => require.resolve('@rs-profiler/linux-arm64-gnu/package.json'),
  'linux-arm64-musl': () => require.resolve('@rs-profiler/linux-arm64-musl/package.json'),
  'darwin-x64': () => require.resolve('@rs-profiler/darwin-x64/package.json'),
  'darwin-arm64': () => require.resolve('@rs-profiler/darwin-arm64/package.json'),
  'win32-x64': () => require.resolve('@rs-profiler/win32-x64/package.json'),
};

/** The C library of this process, by what is mapped into it; null outside Linux and where that cannot be read. */
function libc() {
  try {
    if (process.platform !== 'linux') return null;
    return /\/ld-musl-|\/libc\.musl-/.test(fs.readFileSync('/proc/self/maps', 'utf8')) ? 'musl' : 'glibc';
  } catch {
    return null;
  }
}

let wanted;

/** The name of this platform, as the packages have it. */
function platformName() {
  wanted ??= [process.platform, process.arch, ...(process.platform === 'linux' ? [libc() === 'musl' ? 'musl' : 'gnu'] : [])].join('-');
  return wanted;
}

/**
 * Where the native parts are looked for.
 * @returns {{ from: 'environment' | 'checkout' | 'package' | 'nowhere', folder: string, platform: string, packageName?: string }}
 *   `packageName` is undefined where no package is made for the platform
 */
function locate() {
  const override = process.env.RS_PROFILER_NATIVE_DIR;
  if (override) return { from: 'environment', folder: path.resolve(override), platform: platformName() };
  const platform = platformName();
  const packageName = HOMES[platform] && `@rs-profiler/${platform}`;
  if (fs.existsSync(path.join(OWN, ADDON))) return { from: 'checkout', folder: OWN, platform, packageName };
  try {
    return { from: 'package', folder: path.dirname(HOMES[platform]()), platform, packageName };
  } catch {
    return { from: 'nowhere', folder: OWN, platform, packageName };
  }
}

/**
 * Path of the shim for a Node ABI (`process.versions.modules`), in RS_PROFILER_SHIM_DIR, in what `build-shim` made, or beside the
 * addon. The file need not exist.
 */
function shimPath(abi) {
  const name = `v8-shim.abi${abi}.so`;
  const { from, folder } = locate();
  const folders = [process.env.RS_PROFILER_SHIM_DIR, ...(from === 'package' ? [OWN] : []), folder].filter(Boolean);
  return folders.map((each) => path.join(each, name)).find((file) => fs.existsSync(file)) ?? path.join(folder, name);
}

/** Path of the addon, one for all Node versions. */
function addonPath() {
  return path.join(locate().folder, ADDON);
}

/** Path of the analysis addon, one for all Node versions. */
function analysisPath() {
  return path.join(locate().folder, ANALYSIS);
}

/** An addon of an installed platform package, by strings that bundlers can follow; `try` lets them pass over those that are not installed. */
function loadPackaged(platform, name) {
  try {
    switch (`${platform}/${name}`) {
      case `linux-x64-gnu/${ADDON}`: return require('@rs-profiler/linux-x64-gnu/rs-profiler.node');
      case `linux-x64-gnu/${ANALYSIS}`: return require('@rs-profiler/linux-x64-gnu/rs-profiler-analysis.node');
      case `linux-x64-musl/${ADDON}`: return require('@rs-profiler/linux-x64-musl/rs-profiler.node');
      case `linux-x64-musl/${ANALYSIS}`: return require('@rs-profiler/linux-x64-musl/rs-profiler-analysis.node');
      case `linux-arm64-gnu/${ADDON}`: return require('@rs-profiler/linux-arm64-gnu/rs-profiler.node');
      case `linux-arm64-gnu/${ANALYSIS}`: return require('@rs-profiler/linux-arm64-gnu/rs-profiler-analysis.node');
      case `linux-arm64-musl/${ADDON}`: return require('@rs-profiler/linux-arm64-musl/rs-profiler.node');
      case `linux-arm64-musl/${ANALYSIS}`: return require('@rs-profiler/linux-arm64-musl/rs-profiler-analysis.node');
      case `darwin-x64/${ADDON}`: return require('@rs-profiler/darwin-x64/rs-profiler.node');
      case `darwin-x64/${ANALYSIS}`: return require('@rs-profiler/darwin-x64/rs-profiler-analysis.node');
      case `darwin-arm64/${ADDON}`: return require('@rs-profiler/darwin-arm64/rs-profiler.node');
      case `darwin-arm64/${ANALYSIS}`: return require('@rs-profiler/darwin-arm64/rs-profiler-analysis.node');
      case `win32-x64/${ADDON}`: return require('@rs-profiler/win32-x64/rs-profiler.node');
      case `win32-x64/${ANALYSIS}`: return require('@rs-profiler/win32-x64/rs-profiler-analysis.node');
      default: throw new Error(`no package holds ${name} for ${platform}`);
    }
  } catch (error) {
    error.message = `@rs-profiler/${platform}: ${error.message}`;
    throw error;
  }
}

function load(name) {
  const { from, folder, platform } = locate();
  return from === 'package' ? loadPackaged(platform, name) : require(path.join(folder, name));
}

/** Loads the addon. Throws what Node throws. */
const loadAddon = () => load(ADDON);

/** Loads the analysis addon. Throws what Node throws. */
const loadAnalysis = () => load(ANALYSIS);

module.exports = { OWN, addonPath, analysisPath, libc, loadAddon, loadAnalysis, locate, shimPath };
