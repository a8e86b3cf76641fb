'use strict';

/**
 * Installs the packages that rs-profiler is compared with, and builds the native ones for the running Node.
 *
 * They live in the cache folder, one folder per ABI, never in this repository's node_modules: they are not
 * dependencies. Only the npm registry is asked; the peers' own install scripts are not run, because one of them would
 * download a binary from elsewhere. A second call finds everything in place.
 */

const fs = require('fs');
const path = require('path');
const { cacheDir, headersFor } = require('../../scripts/node-dist');
const { npm, replaceFile, run } = require('../../scripts/run');

const PACKAGES = Object.freeze({
  'v8-profiler-next': '1.10.0',
  heapdump: '0.3.15',
  nan: '2.30.0',
  typescript: '5.9.3',
});
const NODE_GYP = '10.3.1';
const ABI = process.versions.modules;

/** The folder of all peers. */
function cacheRoot() {
  return path.join(cacheDir(), 'peers');
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Installs exact versions into a folder, unless they are there already; none of their scripts is run. */
function install(folder, packages) {
  const present = Object.entries(packages).every(([name, version]) => {
    const manifest = readJson(path.join(folder, 'node_modules', name, 'package.json'));
    return manifest !== undefined && manifest.version === version;
  });
  if (present) return;
  fs.mkdirSync(folder, { recursive: true });
  const manifest = { name: 'peers', private: true, dependencies: packages, overrides: { nan: PACKAGES.nan } };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: folder });
}

/** The folder that node-gyp expects as `nodedir`: it holds `include/node`. */
function nodeDirectory() {
  return path.resolve(headersFor().include, '..', '..');
}

function gyp(folder) {
  const tools = path.join(cacheRoot(), 'node-gyp');
  install(tools, { 'node-gyp': NODE_GYP });
  const script = path.join(tools, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const environment = { ...process.env };
  // An inherited nodedir (npm passes its configuration on) may belong to another Node.
  for (const name of Object.keys(environment)) {
    if (/^npm_config_/i.test(name)) delete environment[name];
  }
  environment.PATH = path.dirname(process.execPath) + path.delimiter + environment.PATH;
  run(process.execPath, [script, 'rebuild', `--nodedir=${nodeDirectory()}`, '-j', '2'], { cwd: folder, env: environment });
}

/** What v8-profiler-next's own install script would hand to node-gyp; its loader looks for the result there. */
function prepareV8ProfilerNext(folder) {
  const binding = `./build/binding/Release/node-v${ABI}-${process.platform}-${process.arch}`;
  const variables = { action_after_build: 'true', module_name: 'profiler', module_path: binding };
  fs.writeFileSync(path.join(folder, 'config.gypi'), JSON.stringify({ variables }));
}

/** Builds one native package once; a failure is remembered too, with its last lines as the reason. */
function build(root, name, prepare) {
  const folder = path.join(root, 'node_modules', name);
  const stamp = path.join(root, `${name}.built.json`);
  const known = readJson(stamp);
  const key = `${name}@${PACKAGES[name]} node ${process.versions.node}`;
  if (known !== undefined && known.key === key) return known;
  process.stderr.write(`building ${key}\n`);
  const result = { key, path: folder, version: PACKAGES[name], available: true };
  try {
    if (prepare) prepare(folder);
    gyp(folder);
    run(process.execPath, ['-e', `require(${JSON.stringify(folder)})`]);
  } catch (error) {
    result.available = false;
    const lines = error.message.split('\n').filter((line) => /error|Error/.test(line));
    result.reason = (lines[0] || error.message.split('\n')[0]).trim().slice(0, 300);
  }
  replaceFile(stamp, JSON.stringify(result, null, 2));
  return result;
}

/**
 * Installs and builds what is missing.
 * @returns {Record<string, { path: string, version: string, available: boolean, reason?: string }>} by package name
 */
function preparePeers() {
  const root = path.join(cacheRoot(), ABI);
  install(root, PACKAGES);
  return {
    'v8-profiler-next': build(root, 'v8-profiler-next', prepareV8ProfilerNext),
    heapdump: build(root, 'heapdump'),
    typescript: { path: path.join(root, 'node_modules', 'typescript'), version: PACKAGES.typescript, available: true },
  };
}

module.exports = { cacheRoot, install, preparePeers };
