'use strict';
// What stayed, by class, and what holds it: two snapshots in this process around some calls, compared in another process. All of it
// stops this thread, also for asynchronous functions: the test's own time-out cannot fire before the finding is told.

const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { HeapProfiler } = require('../heap');
const { native } = require('../errors');
const state = require('../state');
const { CHUNK } = require('../text');
const { liveBytes } = require('./measure');

/** The most bytes that the calls between the snapshots may leave behind. */
const MOST_BYTES = 32 * 1024 * 1024;
/** The most calls that are made for clearness, and milliseconds until the comparison is given up. */
const MOST_CALLS = 2000;
const PATIENCE_MS = 120_000;
/** The least growth that a comparison can tell from V8's own. */
const CLEAR_BYTES = 64 * 1024;
/** How long the calls between may take, and further ones when a container had room for the first. */
const FURTHER_MS = 1000;
/** The part of the expected growth that has to be there. */
const SHOWN = 0.5;

function write(heap, target) {
  const taken = heap.takeNative();
  try {
    native(() => taken.writeFileSync(target, CHUNK));
    return taken.maxJsObjectId();
  } finally {
    taken.delete();
  }
}

/** How many calls are made between the snapshots: enough to stand out, and no more than the heap has room for. */
function callsBetween(iterations, { bytesPerIteration, msPerCall }) {
  const clear = Math.min(MOST_CALLS, Math.ceil(CLEAR_BYTES / bytesPerIteration));
  const byTime = msPerCall > 0 ? Math.floor(FURTHER_MS / msPerCall) : Infinity;
  const most = Math.max(1, Math.min(byTime, Math.floor(MOST_BYTES / bytesPerIteration)));
  return Math.min(most, Math.max(iterations, clear));
}

/** A container that has room grows when as much again comes into it as there is. */
function furtherCalls({ bytesPerIteration, made, msPerCall }) {
  const byTime = msPerCall > 0 ? FURTHER_MS / msPerCall : Infinity;
  return Math.max(1, Math.floor(Math.min(made, byTime, MOST_BYTES / bytesPerIteration)));
}

/** What is wrong, in a line: what the other process threw, when it did. */
function reasonOf({ message, stderr }) {
  return /^\w*Error\b.*$/m.exec(stderr)?.[0] ?? message.split('\n')[0];
}

/**
 * Names what stayed. A generator for the drivers of lib/jest/run.js.
 * @returns {{ calls: number, named?: object, shown?: boolean, reason?: string }} `shown`: whether the growth is among the objects
 *   of the heap; `reason`: why it could not be named
 */
function* diagnose({ iterations }, verdict) {
  let calls = callsBetween(iterations, verdict);
  let folder;
  try {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-leak-'));
    const files = ['before', 'after'].map((name) => path.join(folder, `${name}.heapsnapshot`));
    const heap = new HeapProfiler(state);
    yield { settle: true };
    const newest = write(heap, files[0]);
    yield { settle: true };
    const before = liveBytes();
    yield { calls };
    yield { settle: true };
    if (liveBytes() - before < SHOWN * calls * verdict.bytesPerIteration) {
      const further = furtherCalls(verdict);
      yield { calls: further };
      yield { settle: true };
      calls += further;
    }
    const expected = calls * verdict.bytesPerIteration;
    write(heap, files[1]);
    const env = { ...process.env };
    delete env.NODE_OPTIONS;
    const answer = execFileSync(process.execPath, [path.join(__dirname, 'name-leak.js'), ...files, String(newest), String(calls)], {
      env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_MS, maxBuffer: 1 << 26,
    });
    const named = JSON.parse(answer);
    return { calls, named, shown: named.withCalls || named.grownBytes >= SHOWN * expected };
  } catch (error) {
    // The finding stands without names; the calls themselves may throw as before, which this is not.
    return { calls, reason: reasonOf(error) };
  } finally {
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { diagnose };
