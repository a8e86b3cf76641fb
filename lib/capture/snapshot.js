'use strict';
// Heap snapshots to a file, with promises: by a forked child, or here and written by Rust, off the main thread.

const { performance } = require('../native/clock');
const { writeForked } = require('./forked');
const { tellWalk } = require('./progress');
const { afterFailure, checkSnapshotOptions, decideIsolation } = require('./snapshot-options');
const { inTurn } = require('./turns');
const { engineFor } = require('../fallback/environment');
const { native } = require('../native/errors');
const { KINDS } = require('../files/paths');
const { openNamed, openTarget, writeExport } = require('../files/target');
const { throwIfAborted } = require('../options/checks');

async function writeHeapSnapshot(path, given) {
  const options = checkSnapshotOptions(given, ['dir']);
  return writeTo((environment) => openTarget(environment, { path, dir: options.dir }, KINDS.snapshot), options);
}

/** Writes a snapshot to a file whose name is taken as it is. */
const writeNamed = async (name, given) => writeTo((environment) => openNamed(environment, name), checkSnapshotOptions(given));

/** Writes a snapshot to the file that `open` gives, with checked options. */
async function writeTo(open, options) {
  const begin = performance.now();
  throwIfAborted(options.signal);
  const { environment, engine, engineReason } = engineFor('snapshot');
  const decided = decideIsolation(options.isolation);
  const target = open(environment);
  try {
    const write = decided.isolation === 'fork' ? writeByChild : writeInline;
    const { bytes, nodes, edges, pauseMs, cowBytes, isolation, isolationReason, attempts } = {
      ...decided, ...await write(environment, target, options),
    };
    const durationMs = performance.now() - begin;
    return {
      path: target.path, bytes, nodes, edges, pauseMs, durationMs, cowBytes, isolation, isolationReason, attempts, engine, engineReason,
    };
  } finally {
    target.close();
  }
}

/** Takes a snapshot in this process and writes it to a file that is open. */
async function writeInline(environment, target, options) {
  const { signal, onProgress } = options;
  // The caller may change his mind until the walk, which nothing can interrupt.
  await undefined;
  throwIfAborted(signal);
  const capture = native(() => environment.captureSnapshot(options));
  try {
    tellWalk(capture, onProgress);
    const expected = capture.expectedBytes();
    const onBytes = onProgress && ((done) => onProgress({ phase: 'write', done, total: Math.max(done, expected) }));
    const { bytes, nodes, edges, pauseMs } = await writeExport(capture, target, { signal, onBytes });
    if (onProgress) onProgress({ phase: 'write', done: bytes, total: bytes });
    return { bytes, nodes, edges, pauseMs, attempts: 0 };
  } finally {
    capture.close();
  }
}

/** Has a child write to a file that is open, or does it here when no child can and the caller leaves the choice. */
async function writeByChild(environment, target, options) {
  const { signal, onProgress, isolation } = options;
  const { failure, ...written } = await inTurn(signal, () => writeForked(environment, target, options));
  if (!failure) {
    if (onProgress) onProgress({ phase: 'write', done: written.bytes, total: written.bytes });
    return written;
  }
  if (isolation === 'fork') throw failure;
  target.close();
  const again = target.again();
  try {
    const { pauseMs, attempts, ...inline } = await writeInline(environment, again, options);
    return {
      ...inline,
      ...afterFailure(failure),
      pauseMs: written.pauseMs + pauseMs,
      attempts: written.attempts + attempts,
    };
  } finally {
    again.close();
  }
}

module.exports = { writeHeapSnapshot, writeNamed };
