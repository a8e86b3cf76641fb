'use strict';

/** What the analysis is compared with, installed and built in the cache folder; and ours, in Node and as a program of Rust. */

const fs = require('fs');
const path = require('path');
const { ROOT, run } = require('../../scripts/run');
const { DEVTOOLS, bundleDevTools } = require('./devtools');
const { installPacked } = require('./packed');
const { cacheRoot, install } = require('./peers');

const VERSIONS = Object.freeze({
  'chrome-devtools-frontend': DEVTOOLS,
  '@memlab/heap-analysis': '2.0.5',
  '@heap-snapshot/tool': '0.0.10',
  'v8-heap-parser': '1.1.0',
});

const PROBE = 'if (typeof require(process.argv[1]).openHeapSnapshot !== "function") throw new Error("it has no openHeapSnapshot");';

/** Makes something usable; a failure becomes the reason in its row of the table. */
async function attempt(version, prepare) {
  try {
    return { version, available: true, path: await prepare() };
  } catch (error) {
    const lines = error.message.trim().split('\n');
    const reason = lines.find((line) => /^(\w*Error|error)\b/.test(line)) || lines[0];
    return { version, available: false, path: '', reason: reason.trim().slice(0, 200) };
  }
}

/** Installs one package in a folder of its own. */
function installOne(name) {
  const folder = path.join(cacheRoot(), name.replace(/\W+/g, '-').replace(/^-/, ''));
  install(folder, { [name]: VERSIONS[name] });
  return { folder, module: path.join(folder, 'node_modules', ...name.split('/')) };
}

function ourPackage() {
  const folder = installPacked();
  run(process.execPath, ['-e', PROBE, folder]);
  return folder;
}

function ourCore() {
  run('cargo', ['build', '--release', '--quiet', '-p', 'rs-profiler-core', '--example', 'heap_classes', '--example', 'heap_floor'], { cwd: ROOT });
  return path.join(process.env.CARGO_TARGET_DIR || path.join(ROOT, 'target'), 'release', 'examples', 'heap_classes');
}

function heapParser() {
  const target = path.join(cacheRoot(), 'v8-heap-parser');
  const manifest = path.join(ROOT, 'benchmark', 'peers', 'v8-heap-parser', 'Cargo.toml');
  run('cargo', ['build', '--release', '--locked', '--quiet', '--manifest-path', manifest, '--target-dir', target]);
  return path.join(target, 'release', 'rs-profiler-bench-v8-heap-parser');
}

function devTools() {
  const { folder, module } = installOne('chrome-devtools-frontend');
  return bundleDevTools(module, folder);
}

/** Its binary comes in a package for each platform, and is started without the script in Node around it. */
function heapSnapshotTool() {
  const { folder } = installOne('@heap-snapshot/tool');
  const binary = path.join(folder, 'node_modules', '@heap-snapshot', `${process.platform}-${process.arch}`, 'heap-snapshot');
  if (!fs.existsSync(binary)) throw new Error('does not start here: no binary for this platform');
  try {
    run(binary, ['--help']);
  } catch (error) {
    const missing = /version `([\w.]+)' not found/.exec(error.message);
    throw new Error(`does not start here: ${missing ? `it needs ${missing[1]}` : error.message.split('\n').pop()}`, { cause: error });
  }
  return binary;
}

/** @returns {Promise<Record<string, { path: string, version?: string, available: boolean, reason?: string }>>} by package name */
async function prepareAnalysisPeers() {
  const { version } = require('../../package.json');
  const peer = (name, prepare) => attempt(VERSIONS[name], prepare);
  return {
    'rs-profiler': await attempt(version, ourPackage),
    'rs-profiler-core': await attempt(undefined, ourCore),
    'v8-heap-parser': await peer('v8-heap-parser', heapParser),
    'chrome-devtools-frontend': await peer('chrome-devtools-frontend', devTools),
    '@memlab/heap-analysis': await peer('@memlab/heap-analysis', () => installOne('@memlab/heap-analysis').module),
    '@heap-snapshot/tool': await peer('@heap-snapshot/tool', heapSnapshotTool),
  };
}

module.exports = { prepareAnalysisPeers };
