'use strict';

/** What is in a tarball: its sizes, and what in it needs a script to run or the checkout to be there. */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { run } = require('../run');

/** Of the manifest: what npm would run or what only a checkout has. */
const UNWANTED = ['scripts', 'devDependencies', 'private', 'overrides', 'bundleDependencies', 'workspaces'];

/** The files of a folder, with `/` between the parts of their names. */
function filesIn(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)).split(path.sep).join('/'));
}

/** Every file that a manifest names as an entry: strings that `exports`, `bin` and the rest hold at any depth. */
function entriesOf(value) {
  if (typeof value === 'string') return [path.posix.normalize(value)];
  return value && typeof value === 'object' ? Object.values(value).flatMap(entriesOf) : [];
}

function faultsOfManifest(manifest, files) {
  const faults = UNWANTED.filter((key) => key in manifest).map((key) => `package.json has "${key}"`);
  if (manifest.gypfile !== false) faults.push('package.json lacks "gypfile": false');
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies']) {
    for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
      if (!/^[~^]?\d+\.\d+\.\d+/.test(version)) faults.push(`package.json: ${kind} has ${name}@${version}, which is no version of a registry`);
    }
  }
  const { main, module: esm, types, exports, bin } = manifest;
  for (const entry of entriesOf([main, esm, types, exports, bin])) {
    if (!files.includes(entry)) faults.push(`package.json names ${entry}, which is not in the package`);
  }
  return faults;
}

/** The targets of links and pictures in a text of Markdown, code left out. */
function linksOf(text) {
  const plain = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
  const inline = [...plain.matchAll(/\]\(\s*<?([^\s)>]+)>?[^)]*\)/g)];
  const named = [...plain.matchAll(/^\s*\[[^\]]+\]:\s*<?([^\s>]+)/gm)];
  const html = [...plain.matchAll(/\b(?:href|src|srcset)\s*=\s*["']([^"'\s]+)/g)];
  return [...inline, ...named, ...html].map(([, target]) => target);
}

/** Links of the package's own texts that lead to nothing in the package: a reader on npm has no other files. */
function faultsOfLinks(folder, files) {
  const faults = [];
  for (const file of files.filter((name) => name.endsWith('.md'))) {
    for (const target of linksOf(fs.readFileSync(path.join(folder, file), 'utf8'))) {
      if (/^([a-z][a-z+.-]*:|#)/i.test(target)) continue;
      const wanted = path.posix.join(path.posix.dirname(file), decodeURIComponent(target.replace(/[#?].*$/, '')));
      if (!files.includes(wanted)) faults.push(`${file} links to ${target}, which is not in the package`);
    }
  }
  return faults;
}

/**
 * What is wrong with an unpacked package.
 * @param {string} folder
 * @returns {string[]}
 */
function faultsIn(folder) {
  const files = filesIn(folder);
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const sources = files.filter((name) => /(^|\/)(binding\.gyp|Cargo\.toml|build\.rs)$|\.rs$|\.partial$/.test(name));
  return [
    ...faultsOfManifest(manifest, files),
    ...faultsOfLinks(folder, files),
    ...sources.map((name) => `${name} is in the package, and of use in a checkout only`),
  ];
}

/**
 * Calls `work` with the folder of an unpacked tarball, which is gone afterwards.
 * @template T
 * @param {string} tarball
 * @param {(folder: string, files: string[]) => T} work
 * @returns {T}
 */
function unpacked(tarball, work) {
  const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-contents-'));
  try {
    run('tar', ['-xzf', tarball, '-C', temp]);
    const folder = path.join(temp, 'package');
    return work(folder, filesIn(folder));
  } finally {
    fs.rmSync(temp, { recursive: true, force: true });
  }
}

/**
 * Looks into a tarball.
 * @param {string} tarball
 * @returns {{ name: string, packed: number, unpacked: number, files: number, faults: string[] }}
 */
function lookInto(tarball) {
  return unpacked(tarball, (folder, files) => {
    const { name } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const bytes = files.reduce((sum, file) => sum + fs.statSync(path.join(folder, file)).size, 0);
    return { name, packed: fs.statSync(tarball).size, unpacked: bytes, files: files.length, faults: faultsIn(folder) };
  });
}

module.exports = { faultsIn, linksOf, lookInto, unpacked };
