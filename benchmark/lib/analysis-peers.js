'use strict';

/** Builds and installs what the analysis is compared with, and the Rust program on our own core. */

const path = require('path');
const { run } = require('../../scripts/run');
const { bundleDevTools } = require('./devtools');
const { cacheFolder, install } = require('./peers');

const ROOT = path.resolve(__dirname, '..', '..');
const MEMLAB = '2.0.5';

/** Turns a failure into the reason in the table. */
function attempt(version, prepare) {
  try {
    return { version, available: true, path: prepare() };
  } catch (error) {
    return { version, available: false, reason: error.message.trim().split('\n').pop().slice(0, 200) };
  }
}

function buildPeer() {
  const target = path.join(cacheFolder('peers'), 'v8-heap-parser');
  const manifest = path.join(ROOT, 'benchmark', 'peers', 'v8-heap-parser', 'Cargo.toml');
  run('cargo', ['build', '--release', '--locked', '--quiet', '--manifest-path', manifest, '--target-dir', target]);
  return path.join(target, 'release', 'rs-profiler-bench-v8-heap-parser');
}

function buildCore() {
  run('cargo', ['build', '--release', '--quiet', '-p', 'rs-profiler-core', '--example', 'heap_classes', '--example', 'heap_floor'], { cwd: ROOT });
  return path.join(process.env.CARGO_TARGET_DIR || path.join(ROOT, 'target'), 'release', 'examples', 'heap_classes');
}

function installMemlab() {
  const folder = path.join(cacheFolder('peers'), 'memlab');
  install(folder, { '@memlab/heap-analysis': MEMLAB });
  return path.join(folder, 'node_modules', '@memlab', 'heap-analysis');
}

/** By package name: where it is, whether it can be used. */
async function prepareAnalysisPeers() {
  const { version } = require('../../package.json');
  const devtools = require('chrome-devtools-frontend/package.json').version;
  const bundle = await bundleDevTools(path.join(cacheFolder('peers'), 'devtools'));
  return {
    'rs-profiler': { version, available: true, path: ROOT },
    'rs-profiler-core': attempt(undefined, buildCore),
    'v8-heap-parser': attempt('1.1.0', buildPeer),
    'chrome-devtools-frontend': { version: devtools, available: true, path: bundle },
    memlab: attempt(MEMLAB, installMemlab),
  };
}

module.exports = { prepareAnalysisPeers };
