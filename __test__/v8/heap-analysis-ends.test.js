'use strict';

/** openHeapSnapshot of what this Node captures, and while threads and processes end; without a shim, and without permission. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const profiler = require('../..');
const { run, runClean } = require('../helpers/child');
const { describeIf } = require('../helpers/needs');
const { tempFolder } = require('../helpers/temp-folder');
const { runTogether } = require('../helpers/together');

const FILE = path.resolve(__dirname, '..', '..', 'crates', 'core', 'tests', 'fixtures', 'devtools', 'n24.heapsnapshot.gz');

test('what is captured here is opened, as a file and as a stream, and compared', async () => {
  expect(await runTogether(async ({ profiler, report }) => {
    class Kept {
      constructor(at) {
        this.text = `kept ${at}`;
      }
    }
    globalThis.kept = Array.from({ length: 10 }, (_, at) => new Kept(at));
    const isolation = 'inline';
    const base = await profiler.openHeapSnapshot(profiler.createHeapSnapshotStream({ isolation }));
    globalThis.kept.push(...Array.from({ length: 90 }, (_, at) => new Kept(at)));
    const { path, nodes, edges, bytes } = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation });
    const analysis = await profiler.openHeapSnapshot(path);
    const summary = await analysis.summary();
    const { matchedBy, rows } = await analysis.compare(base);
    const [first] = await analysis.instances('Kept');
    const way = await analysis.retainingPath(first);
    report({
      counts: [summary.nodes - nodes, summary.edges - edges, summary.textBytes - bytes],
      matchedBy,
      added: rows.find(({ name }) => name === 'Kept').addedCount,
      count: (await analysis.classes()).find(({ name }) => name === 'Kept').count,
      way: way.slice(-2).map(({ edgeName }) => edgeName).includes('kept'),
    });
    analysis.close();
    base.close();
  })).toEqual({ counts: [0, 0, 0], matchedBy: 'id', added: 90, count: 100, way: true });
});

test('a worker that ends while it opens, or asks, takes nobody with it', async () => {
  expect(await runTogether(async ({ main, input, report, profiler }) => {
    const { Worker } = require('worker_threads');
    const code = `const { parentPort, workerData } = require('worker_threads');
      const { openHeapSnapshot } = require(workerData.main);
      const fs = require('fs');
      const never = new (require('stream').PassThrough)();
      openHeapSnapshot(never).catch(() => {});
      never.write(fs.readFileSync(workerData.file).subarray(0, 1000));
      if (workerData.asks) {
        openHeapSnapshot(workerData.file).then((analysis) => {
          for (let i = 0; i < 20; i += 1) analysis.duplicatedStrings().catch(() => {});
          parentPort.postMessage(1);
        });
      } else {
        openHeapSnapshot(workerData.file).catch(() => {});
        openHeapSnapshot(fs.createReadStream(workerData.file)).catch(() => {});
        setTimeout(() => parentPort.postMessage(1), workerData.wait);
      }
      setInterval(() => {}, 1000);`;
    const codes = [];
    const ends = Array.from({ length: 6 }, (_, at) => new Promise((resolve) => {
      const worker = new Worker(code, { eval: true, workerData: { main, file: input, asks: at % 3 === 2, wait: at * 5 } });
      worker.on('message', () => worker.terminate());
      worker.on('exit', (exit) => resolve(codes.push(exit)));
    }));
    await Promise.all(ends);
    const analysis = await profiler.openHeapSnapshot(input);
    report([codes, (await analysis.classes()).length > 10]);
    analysis.close();
  }, { input: FILE })).toEqual([[1, 1, 1, 1, 1, 1], true]);
});

test('a stream that never comes keeps no process alive', async () => {
  expect(await runClean(({ profiler, report }) => {
    const { PassThrough } = require('stream');
    const { ReadableStream } = require('stream/web');
    profiler.openHeapSnapshot(new PassThrough()).then(() => report('opened'), () => report('failed'));
    profiler.openHeapSnapshot(new ReadableStream()).then(() => report('opened'), () => report('failed'));
    process.on('exit', () => report('ended'));
  })).toBe('ended');
});

test('process.exit() while it opens and asks ends it at once', async () => {
  expect(await runClean(async ({ profiler, report, input }) => {
    const analysis = await profiler.openHeapSnapshot(input);
    for (let i = 0; i < 5; i += 1) {
      profiler.openHeapSnapshot(input);
      analysis.duplicatedStrings();
    }
    process.on('exit', () => report('exits'));
    setImmediate(() => process.exit(0));
  }, { input: FILE })).toBe('exits');
});

describeIf(process.platform !== 'win32', 'Windows has no named pipes in folders')('a named pipe', () => {
  test('that nobody writes to can be given up', async () => {
    const pipe = path.join(tempFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await runClean(async ({ profiler, report, input }) => {
      const controller = new AbortController();
      const opening = profiler.openHeapSnapshot(input, { signal: controller.signal });
      setTimeout(() => controller.abort(), 20);
      report(await opening.then(() => 'opened', ({ code }) => code));
    }, { input: pipe })).toBe('ABORT_ERR');
  });

  test('is read to its end', async () => {
    const pipe = path.join(tempFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const opening = profiler.openHeapSnapshot(pipe);
    await fs.promises.writeFile(pipe, fs.readFileSync(FILE));
    const analysis = await opening;
    expect((await analysis.summary()).truncation).toBe(null);
    analysis.close();
  });
});

test('the addon alone is enough, and without it the error says what to do', async () => {
  const look = ({ profiler, report, input }) => profiler.openHeapSnapshot(input)
    .then(async (analysis) => (await analysis.summary()).nodes, ({ code, message }) => [code, message])
    .then((opened) => report({ opened, analysis: profiler.capabilities().analysis, capture: profiler.capabilities().capture.available }));
  const [alone, empty] = [tempFolder(), tempFolder()];
  fs.copyFileSync(profiler.capabilities().addon.path, path.join(alone, 'rs-profiler.node'));
  expect(await runClean(look, { input: FILE, env: { RS_PROFILER_NATIVE_DIR: alone } })).toEqual({
    opened: expect.any(Number), analysis: { available: true }, capture: false,
  });
  expect(await runClean(look, { input: FILE, env: { RS_PROFILER_NATIVE_DIR: empty } })).toEqual({
    opened: ['ERR_RS_PROFILER_NATIVE_MISSING', expect.stringMatching(/npm run setup/)],
    analysis: { available: false, reason: expect.stringMatching(/npm run setup/) }, capture: false,
  });
});

test.each([0, 1, 2])('with %d threads left it is opened or refused, in words', async (left) => {
  const { code, stderr, report } = await run(async ({ profiler, report, input }) => {
    const fs = require('fs');
    const { execFileSync } = require('child_process');
    profiler.capabilities();
    const bytes = fs.readFileSync(input.file);
    const isRoot = process.getuid() === 0;
    // Threads of a user are counted, and root is not held to the limit: a user who has only this process.
    const most = isRoot ? fs.readdirSync('/proc/self/task').length + input.left : 1;
    execFileSync('prlimit', ['--pid', String(process.pid), `--nproc=${most}:${most}`]);
    if (isRoot) {
      process.setgroups([]);
      process.setuid(65531 - input.left);
    }
    report(await profiler.openHeapSnapshot(require('stream').Readable.from([bytes])).then(async (analysis) => {
      const { nodes } = await analysis.summary();
      return nodes > 0 ? 'opened' : 'empty';
    }).catch(({ code }) => code));
  }, { input: { file: FILE, left } });
  expect([code, stderr]).toEqual([0, '']);
  expect(left === 2 ? ['opened', 'ERR_RS_PROFILER_NO_THREAD'] : ['ERR_RS_PROFILER_NO_THREAD']).toContain(report);
});

test('the permission model is asked before a file is read', () => {
  const flags = process.allowedNodeEnvironmentFlags;
  // Node 18 has no permission model.
  if (!flags.has('--permission') && !flags.has('--experimental-permission')) return;
  const flag = flags.has('--permission') ? '--permission' : '--experimental-permission';
  const root = path.resolve(__dirname, '..', '..');
  const [open, closed] = [tempFolder(), tempFolder()].map((folder) => path.join(folder, 'a'));
  for (const file of [open, closed]) fs.copyFileSync(FILE, file);
  const script = path.join(path.dirname(open), 'script.js');
  fs.writeFileSync(script, `const { openHeapSnapshot } = require(${JSON.stringify(root)});
    const outcome = (file) => openHeapSnapshot(file).then(() => 'opened', ({ code, permission, resource }) => [code, permission, resource]);
    Promise.all(${JSON.stringify([open, closed])}.map(outcome)).then((all) => console.log(JSON.stringify(all)));`);
  const addons = flags.has('--allow-addons') ? ['--allow-addons'] : [];
  const said = execFileSync(process.execPath, [
    flag, ...addons, '--no-warnings', `--allow-fs-read=${root}/*`, `--allow-fs-read=${path.dirname(open)}/*`, script,
  ], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual(['opened', ['ERR_ACCESS_DENIED', 'FileSystemRead', closed]]);
});
