'use strict';

/** Lays out the packages as folders, and makes tarballs of folders. */

const fs = require('fs');
const path = require('path');
const { compileShim, findCompiler } = require('../compile-shim');
const { ALSO_SHIPPED, MATRIX, headersFor } = require('../node-dist');
const { ROOT, npm, run } = require('../run');
const { buildAddons } = require('./addons');
const { exportsOf, faultsOf, needsOf } = require('./binaries');
const { crates, noticesOf } = require('./crates');
const { TARGETS, manifestOf } = require('./targets');

const DIST = path.join(ROOT, 'dist');
const ABIS = [...MATRIX, ...ALSO_SHIPPED].map(({ abi }) => abi);
const SOURCE = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** What only a checkout has a use for. */
const UNPUBLISHED = ['private', 'scripts', 'devDependencies', 'overrides'];

function emptyFolder(...parts) {
  const folder = path.join(DIST, 'stage', ...parts);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

const writeJson = (file, value) => fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

/** The manifest of the published package: as in the checkout, and the platform packages of the very same version. */
function rootManifest() {
  const kept = Object.entries(SOURCE).filter(([key]) => !UNPUBLISHED.includes(key));
  const packages = TARGETS.map(({ name }) => [`@rs-profiler/${name}`, SOURCE.version]);
  return { ...Object.fromEntries(kept), optionalDependencies: { ...SOURCE.optionalDependencies, ...Object.fromEntries(packages) } };
}

/** The root package: what `files` of package.json names. */
function stageRoot() {
  const folder = emptyFolder('rs-profiler');
  const [{ files }] = JSON.parse(npm(['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], { cwd: ROOT }));
  for (const { path: file } of files) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.copyFileSync(path.join(ROOT, file), path.join(folder, file));
  }
  writeJson(path.join(folder, 'package.json'), rootManifest());
  return folder;
}

/** Compiles the shims of every ABI; on the processor of this machine also looks whether each Node has what its shim leaves open. */
function stageShims(target, folder) {
  const compiler = findCompiler(target.cxx);
  const linux = target.os === 'linux';
  // Nothing of the distribution's hardening defaults, which differ: a checked memcpy is glibc's alone.
  const flags = linux ? ['-s', '-U_FORTIFY_SOURCE', '-fno-stack-protector'] : [];
  for (const abi of ABIS) {
    const output = path.join(folder, `v8-shim.abi${abi}.so`);
    const { include, version } = headersFor(abi);
    console.log(`compiling the shim for ${target.name}, ABI ${abi} (headers of ${version})`);
    compileShim({ include, output, compiler, platform: target.os, flags });
    fs.chmodSync(output, 0o644);
    const node = path.resolve(include, '..', '..', 'bin', 'node');
    if (!linux || !fs.existsSync(node)) continue;
    const known = exportsOf(node);
    const missing = needsOf(output).symbols.filter(({ name, weak }) => !weak && /^_ZNK?(2v8|4node)/.test(name) && !known.has(name));
    // The symbols are the same on every processor.
    if (missing.length) throw new Error(`Node ${version} lacks what its shim needs: ${missing.map(({ name }) => name).join(', ')}`);
  }
  return compiler.version;
}

/**
 * A platform package.
 * @param {import('./targets').Target} target
 * @param {{ native?: string, buildFolder?: string }} [options] `native`: a folder with ready parts, instead of building them
 * @returns {{ folder: string, tools: string[] }}
 */
function stagePlatform(target, { native, buildFolder } = {}) {
  const folder = emptyFolder(target.name);
  const tools = [];
  if (native) {
    for (const name of fs.readdirSync(native).filter((each) => /\.(node|so)$/.test(each))) fs.copyFileSync(path.join(native, name), path.join(folder, name));
  } else {
    const { files, rust } = buildAddons(target, buildFolder);
    for (const [name, file] of files) {
      fs.copyFileSync(file, path.join(folder, name));
      fs.chmodSync(path.join(folder, name), 0o644);
    }
    tools.push(rust, target.os === 'win32' ? 'no shims' : stageShims(target, folder));
  }
  writeJson(path.join(folder, 'package.json'), manifestOf(target, SOURCE));
  fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  fs.writeFileSync(path.join(folder, 'THIRD-PARTY-NOTICES'), noticesOf(crates()));
  fs.writeFileSync(path.join(folder, 'README.md'), `# @rs-profiler/${target.name}\n\nThe native parts of rs-profiler for ${target.name}. Install that one.\n`);
  if (target.os === 'linux' && !native) {
    const faults = fs.readdirSync(folder).filter((name) => /\.(node|so)$/.test(name)).flatMap((name) => faultsOf(path.join(folder, name), target));
    if (faults.length) throw new Error(`@rs-profiler/${target.name} cannot be shipped:\n  ${faults.join('\n  ')}`);
  }
  return { folder, tools };
}

/** Makes the tarball of a folder in `dist/`; npm gives every file the same date. */
function tarball(folder) {
  const [{ filename, size, unpackedSize }] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', DIST], { cwd: folder }));
  const name = filename.replace('@', '').replace('/', '-');
  return { file: path.join(DIST, name), size, unpackedSize };
}

/** The commit that is packed, and whether something else is packed with it. */
function commit() {
  const dirty = run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: ROOT }).trim() !== '';
  return `${run('git', ['rev-parse', 'HEAD'], { cwd: ROOT }).trim()}${dirty ? ' and uncommitted changes' : ''}`;
}

module.exports = { ABIS, DIST, SOURCE, commit, rootManifest, stagePlatform, stageRoot, tarball };
