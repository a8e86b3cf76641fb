'use strict';

/**
 * Packages as npm's users get them, without a network: a registry that has the packages given and no other, and npm that asks it alone.
 */

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');

const { serve } = require('../../scripts/pack/registry');
const { NATIVE, ROOT } = require('../../scripts/run');

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

/** Writes the files of a package; `files` has a text for each name. */
function writePackage(folder, manifest, files) {
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

/** The package as it is in this checkout, with the native parts for this Node. */
function copyOfThisPackage(folder) {
  const { name, version, main, types, exports } = readJson(path.join(ROOT, 'package.json'));
  writePackage(folder, { name, version, main, types, exports }, {});
  const top = fs.readdirSync(ROOT).filter((file) => /^(index|heapdump|binding)\.(d\.)?m?[jt]s$/.test(file));
  for (const each of [...top, 'lib']) fs.cpSync(path.join(ROOT, each), path.join(folder, each), { recursive: true });
  const native = fs.readdirSync(NATIVE).filter((file) => file.endsWith('.node') || file.includes(`abi${process.versions.modules}.`));
  for (const each of native) fs.cpSync(path.join(NATIVE, each), path.join(folder, 'native', each));
}

/** Runs npm in a folder. */
async function npm(args, { cwd, env }) {
  const settings = { npm_config_update_notifier: 'false', npm_config_audit: 'false', npm_config_fund: 'false' };
  const { stdout } = await promisify(execFile)('npm', args, { cwd, env: { ...process.env, ...settings, ...env }, maxBuffer: 1 << 26 });
  return stdout;
}

/** Makes the tarballs of folders. */
async function pack(folders, destination) {
  const text = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', destination, ...folders], { cwd: destination });
  const names = JSON.parse(text).map(({ filename }) => filename.replace('@', '').replace('/', '-'));
  return folders.map((folder, index) => ({
    manifest: readJson(path.join(folder, 'package.json')), content: fs.readFileSync(path.join(destination, names[index])),
  }));
}

/** Starts a registry that has these packages, as `pack` gives them. */
const startRegistry = (packages) => serve(new Map(packages.map((each) => [each.manifest.name, each])));

/** `npm install` in a folder that has a package.json, from this registry alone, with a cache of its own. */
function install(folder, { url }) {
  const env = { npm_config_registry: url, npm_config_cache: path.join(folder, '.npm'), npm_config_fetch_retries: '0' };
  return npm(['install', '--ignore-scripts', '--loglevel=error'], { cwd: folder, env });
}

module.exports = { ROOT, copyOfThisPackage, install, pack, startRegistry, writePackage };
