'use strict';

/** Lays out the packages as folders, and makes tarballs of folders. */

const fs = require('fs');
const path = require('path');
const { compileShim, shimName } = require('../compile-shim');
const { findCompiler } = require('../compiler');
const { SHIPPED, headersFor } = require('../node-dist');
const { ROOT, npm, run } = require('../run');
const { buildAddon } = require('./addons');
const { exportsOf, faultsOf, needsOf } = require('./binaries');
const { bundleJavaScript } = require('./bundle');
const { crates, noticesOf } = require('./crates');
const { TARGETS, manifestOf } = require('./targets');

const DIST = path.join(ROOT, 'dist');
const ADDON = 'rs-profiler.node';
const ABIS = SHIPPED.map(({ abi }) => abi);
const SOURCE = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** What only a checkout has a use for. `files`: all that was staged is packed, and the bundle is in no list of the checkout's. */
const UNPUBLISHED = ['private', 'scripts', 'devDependencies', 'overrides', 'files'];

const isNative = (name) => /\.(node|so)$/.test(name);

function emptyFolder(...parts) {
  const folder = path.join(DIST, 'stage', ...parts);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

const writeJson = (file, value) => fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

function copyInto(folder, file) {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.copyFileSync(path.join(ROOT, file), path.join(folder, file));
}

/** The manifest of the published package: as in the checkout, and the platform packages of the very same version. */
function rootManifest() {
  const kept = Object.entries(SOURCE).filter(([key]) => !UNPUBLISHED.includes(key));
  const packages = TARGETS.map(({ name }) => [`@rs-profiler/${name}`, SOURCE.version]);
  return { ...Object.fromEntries(kept), optionalDependencies: Object.fromEntries(packages) };
}

/** The root package: what `files` of package.json names. */
function stageRoot() {
  const folder = emptyFolder('rs-profiler');
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
  const files = JSON.parse(npm(args, { cwd: ROOT }))[0].files.map((file) => file.path);
  const isJavaScript = (file) => /\.m?js$/.test(file);
  for (const file of files.filter((each) => !isJavaScript(each))) copyInto(folder, file);
  bundleJavaScript(folder, files.filter(isJavaScript));
  writeJson(path.join(folder, 'package.json'), rootManifest());
  return folder;
}

/** The packages that have the name of an original, for `overrides`: as in the checkout. */
const ALIASES = fs.readdirSync(path.join(ROOT, 'aliases'));

function stageAlias(name) {
  const folder = emptyFolder('aliases', name);
  fs.cpSync(path.join(ROOT, 'aliases', name), folder, { recursive: true });
  fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  return folder;
}

/** Refuses a shim that needs what its Node does not have. The symbols are the same on every processor. */
function checkAgainstNode(shim, { include, version }) {
  const node = path.resolve(include, '..', '..', 'bin', 'node');
  if (!fs.existsSync(node)) return;
  const known = exportsOf(node);
  const missing = needsOf(shim).symbols.filter(({ name, weak }) => !weak && /^_ZNK?(2v8|4node)/.test(name) && !known.has(name));
  if (missing.length) throw new Error(`Node ${version} lacks what its shim needs: ${missing.map(({ name }) => name).join(', ')}`);
}

/** Compiles the shim of every ABI; returns what compiled them. */
function stageShims(target, folder) {
  const compiler = findCompiler(target.cxx);
  const linux = target.os === 'linux';
  const flags = linux ? ['-s'] : [];
  for (const abi of ABIS) {
    const output = path.join(folder, shimName(abi));
    const headers = headersFor(abi);
    console.log(`compiling the shim for ${target.name}, ABI ${abi} (headers of ${headers.version})`);
    compileShim({ include: headers.include, output, compiler, platform: target.os, flags });
    fs.chmodSync(output, 0o644);
    if (linux) checkAgainstNode(output, headers);
  }
  return compiler.version;
}

/** What a package of a platform lacks, or has and may not have; nothing when it can be shipped. */
function packageFaults(folder, target, abis = ABIS) {
  const names = fs.readdirSync(folder).filter(isNative);
  const wanted = [ADDON, ...(target.os === 'win32' ? [] : abis.map(shimName))];
  const missing = wanted.filter((name) => !names.includes(name)).map((name) => `${name} is missing`);
  const present = target.os === 'linux' ? names.flatMap((name) => faultsOf(path.join(folder, name), target)) : [];
  return [...missing, ...present];
}

function refuse(target, faults) {
  if (faults.length) throw new Error(`@rs-profiler/${target.name} cannot be shipped:\n  ${faults.join('\n  ')}`);
}

/** Builds the parts of a platform into a folder; returns what built them. */
function buildParts(target, folder, buildFolder) {
  const { file, rust } = buildAddon(target, buildFolder);
  fs.copyFileSync(file, path.join(folder, ADDON));
  fs.chmodSync(path.join(folder, ADDON), 0o644);
  const shims = target.os === 'win32' ? 'no shims' : stageShims(target, folder);
  refuse(target, packageFaults(folder, target));
  return [rust, shims];
}

/** Takes parts that are ready, for tests: at least the addon and the shim of this Node. */
function copyParts(target, folder, native) {
  for (const name of fs.readdirSync(native).filter(isNative)) fs.copyFileSync(path.join(native, name), path.join(folder, name));
  const wanted = [ADDON, shimName(process.versions.modules)];
  refuse(target, wanted.filter((name) => !fs.existsSync(path.join(folder, name))).map((name) => `${name} is missing`));
  return [];
}

/**
 * A platform package.
 * @param {import('./targets').Target} target
 * @param {{ native?: string, buildFolder?: string }} [options] `native`: a folder with ready parts, instead of building them
 * @returns {{ folder: string, tools: string[] }}
 * @throws {Error} when a part is missing, or asks for more than the platform promises
 */
function stagePlatform(target, { native, buildFolder } = {}) {
  const folder = emptyFolder(target.name);
  const tools = native ? copyParts(target, folder, native) : buildParts(target, folder, buildFolder);
  writeJson(path.join(folder, 'package.json'), manifestOf(target, SOURCE));
  fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  if (!native) fs.writeFileSync(path.join(folder, 'THIRD-PARTY-NOTICES'), noticesOf(crates()));
  const text = `The native parts of rs-profiler for ${target.name}. Install rs-profiler, which depends on it.`;
  fs.writeFileSync(path.join(folder, 'README.md'), `# @rs-profiler/${target.name}\n\n${text}\n`);
  return { folder, tools };
}

/** Makes the tarball of a folder in `dist/`; npm gives every file the same date. */
function tarball(folder) {
  const args = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', DIST];
  const [{ filename, size, unpackedSize }] = JSON.parse(npm(args, { cwd: folder }));
  return { file: path.join(DIST, filename.replace('@', '').replace('/', '-')), size, unpackedSize };
}

/** The commit that is packed, and whether something else is packed with it. */
function commit(root = ROOT) {
  // Files that git does not know are packed too, when they lie in a folder that is.
  const dirty = run('git', ['status', '--porcelain', '--untracked-files=normal'], { cwd: root }).trim() !== '';
  return `${run('git', ['rev-parse', 'HEAD'], { cwd: root }).trim()}${dirty ? ' and uncommitted changes' : ''}`;
}

module.exports = { ABIS, ALIASES, DIST, SOURCE, commit, packageFaults, stageAlias, stagePlatform, stageRoot, tarball };
