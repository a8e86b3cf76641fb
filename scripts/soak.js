'use strict';

/**
 * `npm run test:soak -- fork`: forked snapshots under load, see soak-fork.js.
 *
 * `npm run test:soak -- fuzz`: the fuzz targets of the readers, see fuzz.js.
 *
 * `npm run test:soak -- types`: the typings under the lowest and the newest TypeScript, see soak-types.js.
 *
 * `npm run test:soak [-- minutes]`: the soak tier of the Jest suite, then every kind of capture again and again in one process,
 * 30 minutes unless told otherwise. It fails when a test fails, or when memory, threads or open files keep growing. The
 * figures stand in `benchmark/soak-last.md` with date and commit when the working copy was exactly that commit; else in
 * `coverage/soak-last.md`, which is not in git: they prove nothing that others could repeat. It is not part of CI.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { Worker } = require('worker_threads');
const { soakFuzz } = require('./fuzz');
const { runJest } = require('./jest-run');
const { table, writeReport } = require('./report');
const { ROOT, main } = require('./run');
const { soakForks } = require('./soak-fork');
const { soakTypes } = require('./soak-types');
const { untilNow, workingCopy } = require('./working-copy');

const MIB = 1024 * 1024;
/** What the medians of the second and the last quarter may differ by. */
const ALLOWED = { rssMiB: 24, threads: 1, files: 2 };

const WORKER = `
  const profiler = require(${JSON.stringify(ROOT)});
  profiler.startProfiling('in a worker', true);
  profiler.takeSnapshot().delete();
  require('worker_threads').parentPort.postMessage('captured');
  setInterval(() => {}, 1000);
`;

function work(milliseconds) {
  const end = Date.now() + milliseconds;
  let kept = [];
  while (Date.now() < end) {
    kept.push({ text: String(Math.random()) });
    if (kept.length > 1000) kept = [];
  }
}

/** A worker that is terminated while a CPU profile runs in it. */
function terminatedWorker() {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { eval: true });
    worker.once('error', reject);
    worker.once('message', () => worker.terminate().then(resolve, reject));
  });
}

async function round(profiler, folder) {
  profiler.startProfiling('soak', true);
  work(100);
  const profile = profiler.stopProfiling('soak');
  JSON.parse(await new Promise((resolve, reject) => {
    profile.export((error, text) => (error ? reject(error) : resolve(text)));
  }));
  profile.delete();

  const snapshot = profiler.takeSnapshot();
  const file = path.join(folder, 'soak.heapsnapshot');
  await new Promise((resolve, reject) => {
    snapshot.export().on('error', reject).pipe(fs.createWriteStream(file)).on('error', reject).on('finish', resolve);
  });
  snapshot.delete();

  await profiler.writeHeapSnapshot(file, { isolation: 'inline' });
  profiler.createHeapSnapshotStream({ isolation: 'inline' }).on('error', () => {}).once('data', function stop() { this.destroy(); });
  const capturing = [
    profiler.captureCpuProfile({ durationMs: 100, path: path.join(folder, 'soak.cpuprofile') }),
    profiler.captureSamplingHeapProfile({ durationMs: 100, path: path.join(folder, 'soak.heapprofile') }),
  ];
  work(50);
  await Promise.all(capturing);
  await terminatedWorker();
}

function measure() {
  global.gc();
  const linux = process.platform === 'linux';
  return {
    rssMiB: process.memoryUsage.rss() / MIB,
    threads: linux ? fs.readdirSync('/proc/self/task').length : 0,
    files: linux ? fs.readdirSync('/proc/self/fd').length : 0,
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function report(measures, minutes, copy) {
  const quarter = Math.floor(measures.length / 4);
  const early = measures.slice(quarter, 2 * quarter);
  const late = measures.slice(-quarter);
  const rows = Object.keys(ALLOWED).map((key) => {
    const before = median(early.map((one) => one[key]));
    const after = median(late.map((one) => one[key]));
    const ok = after - before <= ALLOWED[key];
    return { ok, cells: [key, before.toFixed(1), after.toFixed(1), ALLOWED[key], ok ? 'yes' : 'NO'] };
  });
  writeReport('soak-last.md', copy, [
    '# Last soak run',
    '',
    `${new Date().toISOString().slice(0, 10)}, commit ${copy.commit}, Node ${process.version}, ${os.cpus().length} cores:`,
    `${measures.length} rounds in ${minutes} minutes (\`npm run test:soak\`).`,
    '',
    ...table(['figure', 'median of 2nd quarter', 'median of last quarter', 'allowed growth', 'kept'], rows.map(({ cells }) => cells)),
    '',
  ]);
  return rows.every((row) => row.ok);
}

async function soak(minutes) {
  // What is tested is what was checked out when it was loaded.
  const copy = workingCopy();
  const profiler = require(ROOT);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-soak-'));
  const measures = [];
  try {
    const end = Date.now() + minutes * 60_000;
    while (Date.now() < end || measures.length < 8) {
      await round(profiler, folder);
      measures.push(measure());
      if (measures.length % 20 === 0) console.log(`round ${measures.length}: ${measures.at(-1).rssMiB.toFixed(1)} MiB`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  if (!report(measures, minutes, untilNow(copy))) process.exitCode = 1;
}

const minutes = Number(process.argv[2] || 30);
if (process.argv[2] === 'fork') {
  main(() => {
    const copy = workingCopy();
    if (!soakForks(process.argv.slice(3), copy)) process.exitCode = 1;
  });
} else if (process.argv[2] === 'fuzz') {
  main(() => {
    if (!soakFuzz(process.argv.slice(3), workingCopy())) process.exitCode = 1;
  });
} else if (process.argv[2] === 'types') {
  main(() => {
    if (!soakTypes()) process.exitCode = 1;
  });
} else if (!(minutes > 0)) {
  console.error('usage: npm run test:soak -- [minutes | fork | fuzz | types]');
  process.exitCode = 1;
} else if (typeof global.gc === 'function') {
  soak(minutes);
} else {
  // Some files of the v8 tier go round more often when they are told that there is time.
  const files = ['__test__/soak/', '__test__/v8/hazards/', '__test__/v8/workers.test.js'];
  const { failed } = runJest(process.execPath, files, { RS_PROFILER_SOAK: '1' });
  // Memory is only comparable after a full collection.
  const args = ['--expose-gc', __filename, String(minutes)];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.exitCode = failed > 0 ? 1 : status ?? 1;
}
