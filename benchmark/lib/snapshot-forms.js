'use strict';

/**
 * The ways to get a heap snapshot into a file that are compared.
 *
 * A form with `split` keeps taking and exporting apart: `open(module)` gives `take()`, `write(file)` and `delete()`.
 * The others do both in one call: `open(module)` gives `whole(file)`.
 */

const fs = require('fs');

function finished(stream) {
  return new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject));
}

function openStream(profiler) {
  let snapshot;
  return {
    take() { snapshot = profiler.takeSnapshot('benchmark'); },
    write(file) { return finished(snapshot.export().pipe(fs.createWriteStream(file))); },
    delete() { snapshot.delete(); },
  };
}

function openCallback(profiler) {
  let snapshot;
  return {
    take() { snapshot = profiler.takeSnapshot('benchmark'); },
    write(file) {
      return new Promise((resolve, reject) => {
        snapshot.export((error, text) => {
          if (error) reject(error);
          else fs.writeFile(file, text, (failure) => (failure ? reject(failure) : resolve()));
        });
      });
    },
    delete() { snapshot.delete(); },
  };
}

function openInspector(inspector) {
  const session = new inspector.Session();
  session.connect();
  return {
    whole(file) {
      return new Promise((resolve, reject) => {
        const descriptor = fs.openSync(file, 'w');
        session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => fs.writeSync(descriptor, params.chunk));
        session.post('HeapProfiler.takeHeapSnapshot', (error) => {
          fs.closeSync(descriptor);
          session.disconnect();
          if (error) reject(error);
          else resolve();
        });
      });
    },
  };
}

const SNAPSHOT_FORMS = Object.freeze({
  ours: { label: 'rs-profiler, export().pipe(file)', package: 'rs-profiler', split: true, open: openStream },
  'ours-modern': {
    label: 'rs-profiler, writeHeapSnapshot(path)',
    package: 'rs-profiler',
    open: (profiler) => ({ whole: (file) => profiler.writeHeapSnapshot(file, { isolation: 'inline' }) }),
  },
  vpn: { label: 'v8-profiler-next, export().pipe(file)', package: 'v8-profiler-next', split: true, open: openStream },
  'vpn-callback': { label: 'v8-profiler-next, export(callback)', package: 'v8-profiler-next', split: true, open: openCallback },
  heapdump: {
    label: 'heapdump, writeSnapshot(file)',
    package: 'heapdump',
    open: (heapdump) => ({
      whole(file) {
        if (!heapdump.writeSnapshot(file)) throw new Error('heapdump could not write the snapshot');
      },
    }),
  },
  v8: { label: 'node:v8, writeHeapSnapshot(file)', package: 'node:v8', open: (v8) => ({ whole: (file) => v8.writeHeapSnapshot(file) }) },
  'v8-stream': {
    label: 'node:v8, getHeapSnapshot().pipe(file)',
    package: 'node:v8',
    open: (v8) => ({ whole: (file) => finished(v8.getHeapSnapshot().pipe(fs.createWriteStream(file))) }),
  },
  inspector: { label: 'node:inspector, takeHeapSnapshot', package: 'node:inspector', open: openInspector },
});

module.exports = { SNAPSHOT_FORMS };
