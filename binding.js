'use strict';
// The only file that knows where the native parts lie and how to load them: in the folder that RS_PROFILER_NATIVE_DIR
// names, in `native` of this package (a checkout), or in the package of the platform, an optional dependency.

const fs = require('fs');
const path = require('path');

const ADDON = 'rs-profiler.node';

/** What a checkout builds, and where `rs-profiler build-shim` puts a shim. Beside the bundle, where this is bundled. */
const OWN = path.join(__dirname, 'native');

/** What relative names in the environment are relative to: the process may go elsewhere later, and folders may be deleted. */
const STARTED_IN = startFolder();

function startFolder() {
  try {
    return process.cwd();
  } catch {
    return path.parse(__dirname).root;
  }
}

/** The platforms that a package is made for. */
const PLATFORMS = [
  'linux-x64-gnu', 'linux-x64-musl', 'linux-arm64-gnu', 'linux-arm64-musl', 'darwin-x64', 'darwin-arm64', 'win32-x64',
];

// Static strings, for bundlers; right inside `try`, so that they pass over the packages that are not installed.

/** The folder of the platform's package; undefined when it is not installed. */
function homeOf(platform) {
  try {
    switch (platform) {
      case 'linux-x64-gnu': return path.dirname(require.resolve('@rs-profiler/linux-x64-gnu/package.json'));
      case 'linux-x64-musl': return path.dirname(require.resolve('@rs-profiler/linux-x64-musl/package.json'));
      case 'linux-arm64-gnu': return path.dirname(require.resolve('@rs-profiler/linux-arm64-gnu/package.json'));
      case 'linux-arm64-musl': return path.dirname(require.resolve('@rs-profiler/linux-arm64-musl/package.json'));
      case 'darwin-x64': return path.dirname(require.resolve('@rs-profiler/darwin-x64/package.json'));
      case 'darwin-arm64': return path.dirname(require.resolve('@rs-profiler/darwin-arm64/package.json'));
      case 'win32-x64': return path.dirname(require.resolve('@rs-profiler/win32-x64/package.json'));
      default: return undefined;
    }
  } catch {
    return undefined;
  }
}

/** The addon of the platform's package. */
function loadPackaged(platform) {
  try {
    switch (platform) {
      case 'linux-x64-gnu': return require('@rs-profiler/linux-x64-gnu/rs-profiler.node');
      case 'linux-x64-musl': return require('@rs-profiler/linux-x64-musl/rs-profiler.node');
      case 'linux-arm64-gnu': return require('@rs-profiler/linux-arm64-gnu/rs-profiler.node');
      case 'linux-arm64-musl': return require('@rs-profiler/linux-arm64-musl/rs-profiler.node');
      case 'darwin-x64': return require('@rs-profiler/darwin-x64/rs-profiler.node');
      case 'darwin-arm64': return require('@rs-profiler/darwin-arm64/rs-profiler.node');
      case 'win32-x64': return require('@rs-profiler/win32-x64/rs-profiler.node');
      default: throw new Error(`there is no package for ${platform}`);
    }
  } catch (error) {
    // Node tells who required it in further lines.
    error.message = error.message.split('\n')[0];
    throw error;
  }
}

/** The C library of this process, by what is mapped into it; null outside Linux and where that cannot be read. */
function libc() {
  if (process.platform !== 'linux') return null;
  try {
    // musl is one file, under one of these names; that of glibc is libc.so.6.
    return /\/(ld-musl-.*|libc\.musl-.*|libc\.so)$/m.test(fs.readFileSync('/proc/self/maps', 'utf8')) ? 'musl' : 'glibc';
  } catch {
    return null;
  }
}

let ownPlatform;

/** The name of this platform, as the packages have it. */
function platformName() {
  if (ownPlatform) return ownPlatform;
  const machine = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return (ownPlatform = machine);
  // Node's permission model may forbid to read what is mapped: then the package that is installed tells.
  const found = libc() ?? (!homeOf(`${machine}-gnu`) && homeOf(`${machine}-musl`) ? 'musl' : 'glibc');
  return (ownPlatform = `${machine}-${found === 'musl' ? 'musl' : 'gnu'}`);
}

/**
 * Where the native parts are looked for.
 * @returns {{ from: 'environment' | 'checkout' | 'package' | 'nowhere', folder: string, platform: string, packageName?: string }}
 *   `packageName`: the package of this platform, installed or not; undefined where none is made for it
 */
function locate() {
  const platform = platformName();
  const found = { platform, packageName: PLATFORMS.includes(platform) ? `@rs-profiler/${platform}` : undefined };
  const override = process.env.RS_PROFILER_NATIVE_DIR;
  if (override) return { from: 'environment', folder: path.resolve(STARTED_IN, override), ...found };
  if (fs.existsSync(path.join(OWN, ADDON))) return { from: 'checkout', folder: OWN, ...found };
  const home = homeOf(platform);
  return home ? { from: 'package', folder: home, ...found } : { from: 'nowhere', folder: OWN, ...found };
}

/** Where shims are looked for: RS_PROFILER_SHIM_DIR, what `rs-profiler build-shim` made, beside the addon. */
function shimFolders() {
  const { from, folder } = locate();
  const folders = [process.env.RS_PROFILER_SHIM_DIR, from === 'environment' ? undefined : OWN, folder].filter(Boolean);
  return [...new Set(folders.map((each) => path.resolve(STARTED_IN, each)))];
}

const shimName = (abi) => `v8-shim.abi${abi}.so`;

/** The shims that there are for a Node ABI (`process.versions.modules`), the first to take first. */
function shimPaths(abi) {
  return shimFolders().map((folder) => path.join(folder, shimName(abi))).filter((file) => fs.existsSync(file));
}

/** Path of the first of them; where there is none, of that beside the addon. */
function shimPath(abi) {
  return shimPaths(abi)[0] ?? path.join(locate().folder, shimName(abi));
}

/** Path of the addon, one for all Node versions. The file need not exist. */
function addonPath() {
  return path.join(locate().folder, ADDON);
}

/** Loads the addon. Throws what Node throws. */
function loadAddon() {
  const { from, folder, platform } = locate();
  return from === 'environment' || from === 'checkout' ? require(path.join(folder, ADDON)) : loadPackaged(platform);
}

module.exports = { addonPath, libc, loadAddon, locate, root: __dirname, shimFolders, shimPath, shimPaths };
