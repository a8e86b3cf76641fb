'use strict';

/**
 * How much of the memory of a snapshot's export is V8's own serializer: `node benchmark/serializer-memory.js [megabytes ...]`.
 *
 * `HeapSnapshot::Serialize` keeps a table of all distinct strings of the snapshot and their numbers until it has written
 * them, at the very end. Here it runs with its output thrown away, beside exports that pass the output on, each in a process
 * of its own: what the first needs over the snapshot is V8's, what the others need above that is theirs.
 */

const fs = require('fs');
const { spawnSync } = require('child_process');
const { Writable } = require('stream');
const { fill } = require('./lib/heap');
const { MIB, watchPeak } = require('./lib/memory');
const { preparePeers } = require('./lib/peers');
const { toText } = require('./lib/table');

const ROOT = require('path').join(__dirname, '..');

/** Takes whatever comes. */
const nowhere = () => new Writable({ write: (chunk, encoding, done) => done() });
const finished = (stream) => new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject));

const FORMS = {
  // Past the face of the package: Serialize on this thread, each chunk written to /dev/null and nothing else.
  serialize: {
    label: 'HeapSnapshot::Serialize, output to /dev/null',
    take: () => require('../lib/state').getEnvironment().takeSnapshot(false, false),
    write: (snapshot) => snapshot.writeFileSync('/dev/null', 20 * 51200),
  },
  nowhere: {
    label: 'rs-profiler, export() to a stream that drops it',
    take: () => require('..').takeSnapshot(),
    write: (snapshot) => finished(snapshot.export().pipe(nowhere())),
  },
  file: {
    label: 'rs-profiler, export().pipe(file)',
    take: () => require('..').takeSnapshot(),
    write: (snapshot, file) => finished(snapshot.export().pipe(fs.createWriteStream(file))),
  },
  peer: {
    label: 'v8-profiler-next, serialize() to functions that do nothing',
    take: (peer) => require(peer).takeSnapshot(),
    write: (snapshot) => new Promise((resolve) => { snapshot.serialize(() => true, resolve); }),
  },
};

async function child({ form, megabytes, peer, file }) {
  require('..');
  const kept = fill(megabytes);
  const { take, write } = FORMS[form];
  const snapshot = take(peer);
  globalThis.gc();
  const before = watchPeak();
  const begin = Date.now();
  await write(snapshot, file);
  const figures = { peakBytes: before.above(), ms: Date.now() - begin, kept: kept.length };
  fs.rmSync(file, { force: true });
  fs.writeSync(1, JSON.stringify(figures));
  process.exit(0);
}

function measure(job) {
  const args = ['--expose-gc', '--max-old-space-size=4096', __filename, '--child', JSON.stringify(job)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return status === 0 ? JSON.parse(stdout) : { failed: stderr.trim().split('\n').pop() || `ended with ${status}` };
}

function main(sizes) {
  const { path: peer, available, reason } = preparePeers()['v8-profiler-next'];
  const folder = fs.mkdtempSync(require('path').join(require('os').tmpdir(), 'rs-profiler-serializer-'));
  const columns = [{ title: 'memory over the snapshot, MiB', metric: 'peakBytes', scale: MIB }, { title: 'time, ms', metric: 'ms', digits: 0 }];
  try {
    for (const megabytes of sizes) {
      const rows = Object.entries(FORMS).map(([form, { label }]) => {
        if (form === 'peer' && !available) return { label, results: [], reason };
        const result = measure({ form, megabytes, peer, file: `${folder}/output` });
        return { label, results: [result], reason: result.failed };
      });
      console.log(`\n${toText({ title: `Serializing a snapshot of ${megabytes} MB`, columns, rows })}`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--child') {
  child(JSON.parse(process.argv[3]));
} else {
  const sizes = process.argv.slice(2).map(Number);
  if (sizes.some((size) => !(size > 0))) throw new Error(`sizes in MB are wanted, run in ${ROOT}`);
  main(sizes.length > 0 ? sizes : [20, 100, 300]);
}
