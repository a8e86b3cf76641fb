'use strict';

/**
 * The ways to send a heap snapshot to a stream that are compared, beside an ordinary file of the same text.
 *
 * `open(module, source)` gives `take()`, after which V8's own snapshot is in memory, and `send(file, { onData, begin })`, a
 * promise of the complete file. `onData`, if any, listens to what is piped. A form that takes its snapshot in `send` calls
 * `begin` when it is taken: the transfer counts from there.
 */

const fs = require('fs');

function pipe(readable, file, onData) {
  if (onData) readable.on('data', onData);
  return new Promise((resolve, reject) => {
    readable.on('error', reject).pipe(fs.createWriteStream(file)).on('finish', resolve).on('error', reject);
  });
}

function openExport(profiler) {
  let snapshot;
  return {
    take() { snapshot = profiler.takeSnapshot('benchmark'); },
    send: (file, { onData }) => pipe(snapshot.export(), file, onData),
  };
}

/** The yardstick: a file that is there already, with a snapshot in memory as the others have one. */
function openFile(profiler, source) {
  return {
    take() { profiler.takeSnapshot('benchmark'); },
    send: (file, { onData }) => pipe(fs.createReadStream(source), file, onData),
  };
}

/** `begin` as the progress of a walk that ends. */
const afterWalk = (begin) => ({ phase, done, total }) => {
  if (phase === 'walk' && done === total) begin();
};

function openStream(profiler) {
  return {
    take() {},
    send: (file, { onData, begin }) => pipe(profiler.createHeapSnapshotStream({ isolation: 'inline', onProgress: afterWalk(begin) }), file, onData),
  };
}

function openPath(profiler) {
  return {
    take() {},
    send: (file, { begin }) => profiler.writeHeapSnapshot(file, { isolation: 'inline', onProgress: afterWalk(begin) }),
  };
}

function openV8(v8) {
  let stream;
  return {
    take() { stream = v8.getHeapSnapshot(); },
    send: (file, { onData }) => pipe(stream, file, onData),
  };
}

const PIPE_FORMS = Object.freeze({
  file: { label: 'fs.createReadStream(file).pipe(file)', package: 'rs-profiler', open: openFile },
  ours: { label: 'rs-profiler, export().pipe(file)', package: 'rs-profiler', open: openExport },
  'ours-stream': { label: 'rs-profiler, createHeapSnapshotStream().pipe(file)', package: 'rs-profiler', open: openStream },
  'ours-path': { label: 'rs-profiler, writeHeapSnapshot(path): no stream', package: 'rs-profiler', open: openPath },
  vpn: { label: 'v8-profiler-next, export().pipe(file)', package: 'v8-profiler-next', open: openExport },
  v8: { label: 'node:v8, getHeapSnapshot().pipe(file)', package: 'node:v8', open: openV8 },
});

module.exports = { PIPE_FORMS };
