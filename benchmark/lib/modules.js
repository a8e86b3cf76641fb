'use strict';

/** Everything that is compared, by package name: where a child process finds it, and whether it can be used here. */

const { spawnSync } = require('child_process');
const path = require('path');
const { installPacked } = require('./packed');
const { preparePeers } = require('./peers');

const ROOT = path.resolve(__dirname, '..', '..');

const PROBE = `
  const { capture } = require(process.argv[1]).capabilities();
  if (!capture.available) throw new Error(capture.reason);
`;

/** Looks in a process of its own whether rs-profiler, in a folder, can capture. */
function ourselves(folder) {
  const { version } = require('../../package.json');
  const probe = spawnSync(process.execPath, ['-e', PROBE, folder], { encoding: 'utf8' });
  if (probe.status === 0) return { path: folder, version, available: true };
  const line = (probe.stderr || '').split('\n').find((text) => /Error/.test(text));
  const reason = line ? line.split(folder + path.sep).join('') : `the probe ended with ${probe.signal || probe.status}`;
  return { path: folder, version, available: false, reason };
}

/** @returns {Record<string, { path: string, version?: string, available: boolean, reason?: string }>} */
function loadModules() {
  return {
    'rs-profiler': ourselves(installPacked()),
    checkout: { ...ourselves(ROOT), version: undefined },
    ...preparePeers(),
    'node:v8': { path: 'node:v8', available: true },
    'node:inspector': { path: 'node:inspector', available: true },
    none: { path: '', available: true },
  };
}

module.exports = { loadModules };
