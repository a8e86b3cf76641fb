'use strict';

/**
 * `npm run test:valgrind [-- name ...]`: captures of every kind under valgrind's memcheck, on this Node. It belongs to the soak
 * tier. Without valgrind it says so and passes.
 *
 * Node runs without its compilers (`--jitless`), which is what valgrind can follow. V8 reads words that were never written
 * when it scans stacks and moves objects: of reads of uninitialised memory only those count whose innermost frame is ours.
 * An access to memory that is not there (freed, or never had) counts when our addon or shim stands anywhere in its stacks.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { NATIVE, ROOT, main } = require('./run');

const OURS = /\((?:in )?[^)]*(?:rs-profiler\.node|v8-shim\.abi\d+\.so)[^)]*\)/;
const FLAGS = ['--error-limit=no', '--smc-check=all-non-file', '--num-callers=40', '--track-origins=no'];

/** What runs, by name: bodies of async functions that see `profiler`, `textOf` (of a stream), `once` and `busy` (milliseconds). */
const SCENARIOS = {
  cpu: `
    for (const mode of [0, 1]) {
      profiler.setGenerateType(mode);
      profiler.startProfiling('a', true);
      profiler.startProfiling('b', false, mode);
      busy(100);
      const [b, a] = [profiler.stopProfiling('b'), profiler.stopProfiling('a')];
      const exported = [a, b].map((profile) => textOf(profile.export()));
      JSON.stringify(b);
      a.delete();
      await Promise.all(exported);
      b.delete();
    }
    await profiler.captureCpuProfile({ durationMs: 100, path: 'a.cpuprofile' });
    profiler.startProfiling('left running');`,
  snapshot: `
    const snapshot = profiler.takeSnapshot('a');
    const paused = snapshot.export();
    await once(paused, 'readable');
    const given = snapshot.export();
    await once(given, 'readable');
    snapshot.getNode(10).name;
    snapshot.delete();
    given.destroy();
    await textOf(paused);
    profiler.getObjectByHeapObjectId(profiler.getHeapObjectId(paused));
    globalThis.left = profiler.takeSnapshot('left').export();`,
  files: `
    await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'inline' });
    const controller = new AbortController();
    const onProgress = ({ phase }) => phase === 'write' && controller.abort();
    await profiler.writeHeapSnapshot('b.heapsnapshot', { isolation: 'inline', signal: controller.signal, onProgress }).catch(() => {});
    await textOf(profiler.createHeapSnapshotStream({ isolation: 'inline' }));`,
  sampling: `
    profiler.startSamplingHeapProfiling(1024, 16);
    globalThis.kept = Array.from({ length: 5000 }, (_, index) => ({ index }));
    const profile = profiler.stopSamplingHeapProfiling();
    await textOf(profile.export());
    profiler.startTrackingHeapObjects();
    profiler.getHeapStats();
    profiler.takeSnapshot().delete();
    profiler.stopTrackingHeapObjects();
    profiler.startSamplingHeapProfiling();`,
  worker: `
    const { Worker } = require('worker_threads');
    const source = \`const profiler = require(require('worker_threads').workerData);
      profiler.startProfiling('left');
      profiler.startSamplingHeapProfiling();
      globalThis.stream = profiler.takeSnapshot().export();
      require('worker_threads').parentPort.postMessage('ready');
      setInterval(() => {}, 1000);\`;
    const worker = new Worker(source, { eval: true, workerData: ${JSON.stringify(ROOT)} });
    await once(worker, 'message');
    await worker.terminate();
    profiler.startProfiling('main');
    profiler.stopProfiling('main').delete();`,
};

const script = (body) => `'use strict';
const profiler = require(${JSON.stringify(ROOT)});
const { once } = require('events');
const textOf = async (stream) => { let text = ''; for await (const chunk of stream) text += chunk; return text; };
const busy = (ms) => { for (const end = Date.now() + ms; Date.now() < end;); };
(async () => {${body}
  console.log('done');
})();
`;

/** Memcheck's errors in a log, each with its stacks, and those of them that are ours. */
function errorsIn(log) {
  const blocks = log.replace(/^==\d+== ?/gm, '').split(/\n\s*\n/).filter((block) => /^\s+at 0x/m.test(block));
  // Above the first stack stands what it is, and with threads which one.
  const isUninitialised = (block) => /uninitialised/.test(block.split(/^\s+at 0x/m, 1)[0]);
  const innermost = (block) => (/^\s+at 0x.*$/m.exec(block) || [''])[0];
  const ours = blocks.filter((block) => OURS.test(isUninitialised(block) ? innermost(block) : block));
  return { all: blocks.length, ours };
}

function check(name, folder) {
  const file = path.join(folder, `${name}.js`);
  const log = path.join(folder, `${name}.log`);
  fs.writeFileSync(file, script(SCENARIOS[name]));
  const args = [...FLAGS, `--log-file=${log}`, process.execPath, '--jitless', file];
  const { status, signal, stdout } = spawnSync('valgrind', args, { cwd: folder, encoding: 'utf8', timeout: 1_800_000 });
  const { all, ours } = errorsIn(fs.readFileSync(log, 'utf8'));
  const isDone = status === 0 && stdout.trim() === 'done';
  const end = isDone ? 'ended well' : `ended with ${status ?? signal}: ${stdout}`;
  console.log(`${name}: ${end}; ${ours.length} errors of ours, ${all - ours.length} of Node's own`);
  for (const block of ours) console.log(`\n${block}\n`);
  return isDone && ours.length === 0;
}

main(() => {
  if (spawnSync('valgrind', ['--version']).status !== 0) {
    console.log('skipped: valgrind is not installed (Debian: apt-get install valgrind)');
    return;
  }
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !SCENARIOS[name]);
  if (unknown) throw new Error(`no scenario is named ${unknown}; there are ${Object.keys(SCENARIOS).join(', ')}`);
  if (!fs.existsSync(path.join(NATIVE, 'rs-profiler.node'))) throw new Error('the addon is not built: npm run setup');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-valgrind-'));
  try {
    const results = (wanted.length > 0 ? wanted : Object.keys(SCENARIOS)).map((name) => check(name, folder));
    if (!results.every(Boolean)) process.exitCode = 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
