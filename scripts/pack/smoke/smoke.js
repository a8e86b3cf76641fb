'use strict';
// Runs in the folder into which the packages were installed: what a user does first, what came out as JSON, and what is read of it.
// Arguments: `fork` or `inline`, whether forked snapshots work here, and a part of the path that the addon must have.

const assert = require('assert');
const fs = require('fs');
const { Writable } = require('stream');
const { pipeline } = require('stream/promises');
const profiler = require('rs-profiler');
const heapdump = require('rs-profiler/heapdump');

const COUNT = 5000;

class Kept {
  constructor() {
    this.numbers = [1.5, 2.5];
  }
}
global.kept = Array.from({ length: COUNT }, () => new Kept());

/** The snapshot is whole: it is JSON, and it has every object of the class. */
function checkSnapshot(file) {
  const { snapshot, nodes, strings } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name] = ['type', 'name'].map((field) => fields.indexOf(field));
  let found = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (types[0][nodes[at + type]] === 'object' && strings[nodes[at + name]] === Kept.name) found += 1;
  }
  assert.strictEqual(nodes.length / fields.length, snapshot.node_count, file);
  // More where a bundler gave the class a short name, which others have too.
  assert.ok(found >= COUNT, `${file} has ${found} objects of the class`);
}

/** Snapshots are opened, from files and from a stream, and compared. */
async function checkAnalysis(file) {
  const { analysis: { available, reason } } = profiler.capabilities();
  assert.strictEqual(available, true, reason);
  const base = await profiler.openHeapSnapshot(fs.createReadStream(file));
  global.later = Array.from({ length: COUNT }, () => new Kept());
  const { path } = await profiler.writeHeapSnapshot('later.heapsnapshot', { isolation: 'inline' });
  const later = await profiler.openHeapSnapshot(path);
  const { nodes, totalSize } = await later.summary();
  assert.strictEqual(nodes, JSON.parse(fs.readFileSync(path, 'utf8')).snapshot.node_count);
  assert.strictEqual((await later.statistics()).total, totalSize);
  const { matchedBy, rows } = await later.compare(base);
  assert.strictEqual(matchedBy, 'id');
  assert.ok(rows.some(({ name, addedCount }) => name === Kept.name && addedCount >= COUNT), 'the comparison does not show the objects that came');
  const [biggest] = await later.instances(Kept.name, { limit: 1 });
  assert.ok((await later.retainingPath(biggest)).length > 0);
  for (const each of [base, later]) each.close();
}

/** A file that takes one piece per turn of the event loop, and says when it is full. */
function slowFile(file) {
  const descriptor = fs.openSync(file, 'w');
  return new Writable({
    highWaterMark: 1024,
    write(chunk, _encoding, done) {
      fs.writeSync(descriptor, chunk);
      setImmediate(done);
    },
    final(done) {
      fs.close(descriptor, done);
    },
  });
}

async function main() {
  const [fork, addon] = process.argv.slice(2);
  const capabilities = profiler.capabilities();
  assert.strictEqual(capabilities.capture.available, true, capabilities.capture.reason);
  assert.strictEqual(capabilities.addon.loaded, true, capabilities.addon.reason);
  if (addon) assert.ok(capabilities.addon.path.includes(addon), capabilities.addon.path);

  // CPU profiles.
  profiler.startProfiling('smoke', true);
  const old = profiler.stopProfiling('smoke');
  assert.strictEqual(old.title, 'smoke');
  assert.strictEqual(old.head.functionName, '(root)');
  const recorded = await profiler.captureCpuProfile({ durationMs: 50, path: 'smoke.cpuprofile' });
  assert.ok(JSON.parse(fs.readFileSync(recorded.path, 'utf8')).nodes.length > 0);

  // Sampling heap profile.
  const sampling = await profiler.captureSamplingHeapProfile({ durationMs: 20, path: 'smoke.heapprofile' });
  assert.ok(JSON.parse(fs.readFileSync(sampling.path, 'utf8')).head);

  // Heap snapshots: to a file, to a stream that is slower than V8, and from a forked child.
  const written = await profiler.writeHeapSnapshot('written.heapsnapshot', { isolation: 'inline' });
  assert.strictEqual(written.isolation, 'inline');
  checkSnapshot(written.path);
  await pipeline(profiler.createHeapSnapshotStream({ isolation: 'inline' }), slowFile('streamed.heapsnapshot'));
  checkSnapshot('streamed.heapsnapshot');
  assert.strictEqual(capabilities.isolation.fork.available, fork === 'fork', capabilities.isolation.fork.reason);
  if (fork === 'fork') {
    const forked = await profiler.writeHeapSnapshot('forked.heapsnapshot', { isolation: 'fork' });
    assert.strictEqual(forked.isolation, 'fork');
    checkSnapshot(forked.path);
  }

  await checkAnalysis(written.path);

  // The face of heapdump.
  heapdump.configure({ signal: false });
  const dumped = await new Promise((resolve, reject) => {
    heapdump.writeSnapshot('dumped.heapsnapshot', (error, file) => (error ? reject(error) : resolve(file)));
  });
  checkSnapshot(dumped);

  process.stdout.write(`${JSON.stringify({ addon: capabilities.addon.path, shim: capabilities.capture.shim })}\n`);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
