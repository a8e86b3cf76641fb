'use strict';

/**
 * Packages as npm's users get them, without a network: a registry on the loopback interface that has the packages given and no
 * other, and npm that asks it alone.
 */

const { execFile } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { promisify } = require('node:util');

const ROOT = path.resolve(__dirname, '..', '..');
const { NATIVE } = require('../../scripts/run');

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
  return folders.map((folder, index) => ({ manifest: readJson(path.join(folder, 'package.json')), file: path.join(destination, names[index]) }));
}

/** What a registry says of a package of which it has one version. */
function packument({ manifest, file }, url) {
  const integrity = `sha512-${crypto.createHash('sha512').update(fs.readFileSync(file)).digest('base64')}`;
  const version = { ...manifest, dist: { tarball: `${url}/tarballs/${path.basename(file)}`, integrity } };
  return { name: manifest.name, 'dist-tags': { latest: manifest.version }, versions: { [manifest.version]: version } };
}

/**
 * Starts the registry.
 * @param {Array<{ manifest: object, file: string }>} packages what `pack` gives
 * @returns {Promise<{ url: string, asked: string[], close: () => Promise<void> }>} `asked`: the names that were asked for
 */
async function startRegistry(packages) {
  const asked = [];
  const server = http.createServer((request, response) => {
    const wanted = decodeURIComponent(new URL(request.url, url()).pathname.slice(1));
    const tarball = packages.find(({ file }) => wanted === `tarballs/${path.basename(file)}`);
    if (tarball) return response.end(fs.readFileSync(tarball.file));
    asked.push(wanted);
    const known = packages.find(({ manifest }) => manifest.name === wanted);
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    return response.end(JSON.stringify(known ? packument(known, url()) : { error: 'not found' }));
  });
  const url = () => `http://127.0.0.1:${server.address().port}`;
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => {
    server.closeAllConnections?.();
    server.close(() => resolve());
  });
  return { url: url(), asked, close };
}

/** `npm install` in a folder that has a package.json, from this registry alone, with a cache of its own. */
function install(folder, { url }) {
  const env = { npm_config_registry: url, npm_config_cache: path.join(folder, '.npm'), npm_config_fetch_retries: '0' };
  return npm(['install', '--ignore-scripts', '--loglevel=error'], { cwd: folder, env });
}

module.exports = { ROOT, copyOfThisPackage, install, pack, startRegistry, writePackage };
