'use strict';

/** Captures with promises where a native part is missing: Node's own parts do them, and say so. Everything runs in children. */

const { runClean } = require('../helpers/child');
const checks = require('../helpers/outcome');
const captures = require('../helpers/all-captures');
const { addonFolder, brokenShimFolder, emptyFolder } = require('../helpers/without-native');

const MISSING = 'ERR_RS_PROFILER_NATIVE_MISSING';
const SENTENCE = /^node:\w+ takes the place of the native parts\. .*(npm run setup|build-shims?)/;

/** Runs a function in a child without native parts. */
const inChild = (fn, { input, folder = emptyFolder(), ...options } = {}) => (
  runClean(fn, { ...options, env: { RS_PROFILER_NATIVE_DIR: folder }, input: { helpers: checks.file, captures: captures.file, ...input } }));

const all = (engine, reason) => ({
  engines: Array(4).fill(engine),
  reasons: Array(4).fill(expect.stringMatching(reason)),
  isolation: ['inline', 'inline'],
  whole: [true, true],
  told: [true, true, true],
  mode: 0o600,
  keys: [['nodes', 'startTime', 'endTime', 'samples', 'timeDeltas'], ['head', 'samples']],
});

test('all four captures work from an ES module and in a worker, and say who did them', async () => {
  const seen = await inChild(async ({ main, report, input }) => {
    const { Worker } = require('node:worker_threads');
    const { captureAll } = require(input.captures);
    const { default: profiler } = await import(`file://${main.replace(/index\.js$/, 'index.mjs')}`);
    const worker = new Worker(`const { captureAll } = require(${JSON.stringify(input.captures)});
      captureAll(require(${JSON.stringify(main)})).then((seen) => require('worker_threads').parentPort.postMessage(seen));`, { eval: true });
    const [here, [inWorker]] = await Promise.all([captureAll(profiler), require('node:events').once(worker, 'message')]);
    report([here, inWorker, require('node:fs').readdirSync('.')]);
  });
  const byNode = all('node', SENTENCE);
  expect(seen).toEqual([byNode, byNode, []]);
});

test.each([
  ['no addon', emptyFolder, 'npm run setup'],
  ['no shim', addonFolder, 'build-shim'],
  ['a shim that is no library', brokenShimFolder, 'build-shim'],
])('with %s, capabilities and results say who captures, and what helps', async (_, makeFolder, helps) => {
  const seen = await inChild(async ({ profiler, report }) => {
    const stream = profiler.createHeapSnapshotStream();
    let bytes = 0;
    for await (const chunk of stream) bytes += chunk.length;
    const { engine, engineReason } = await profiler.captureCpuProfile({ durationMs: 5 });
    report({ stream: [stream.engine, stream.engineReason, stream.bytes === bytes], cpu: [engine, engineReason], ...profiler.capabilities() });
  }, { folder: makeFolder() });
  const reason = expect.stringMatching(SENTENCE);
  expect([seen.stream, seen.cpu]).toEqual([['node', reason, true], ['node', reason]]);
  expect(seen.capture.reason).toContain(helps);
  expect([seen.capture.available, seen.isolation.inline.available, seen.isolation.fork.available]).toEqual([false, true, false]);
  const byNode = { engine: 'node', reason };
  expect(seen.engines).toEqual({ heapSnapshot: byNode, cpuProfile: byNode, samplingHeapProfile: byNode });
});

test('with the native parts, they are the engine', async () => {
  const seen = await runClean(async ({ profiler, report }) => {
    const file = await profiler.writeHeapSnapshot('a', { isolation: 'inline' });
    const { engine, ...profile } = await profiler.captureCpuProfile({ durationMs: 5 });
    report([file.engine, engine, Object.keys(profile).includes('engineReason'), profiler.capabilities().engines]);
  });
  const engines = { heapSnapshot: { engine: 'native' }, cpuProfile: { engine: 'native' }, samplingHeapProfile: { engine: 'native' } };
  expect(seen).toEqual(['native', 'native', false, engines]);
});

test('files get their names when they are whole: devices, links, closed folders, odd names', async () => {
  const seen = await inChild(async ({ profiler, report, input }) => {
    const fs = require('node:fs');
    const path = require('node:path');
    const { outcomeOf } = require(input.helpers);
    const codeOf = async (promise) => {
      const { value, error } = await outcomeOf(promise);
      return error ? [error.code, error.syscall, error.isError] : value.bytes > 0;
    };
    fs.symlinkSync('/dev/full', 'full');
    fs.symlinkSync('named', 'link');
    fs.symlinkSync('loop', 'loop');
    fs.mkdirSync('folder.x');
    fs.mkdirSync('closed');
    fs.writeFileSync('closed/old.cpuprofile', 'old');
    fs.writeFileSync('other.x.0000.partial', 'of others');
    const odd = Buffer.from([0x61, 0xff, 0x2e, 0x62]);
    const long = 'n'.repeat(255);
    const cpu = (path) => profiler.captureCpuProfile({ durationMs: 5, path });
    const seen = {};
    for (const [name, file] of Object.entries({ full: 'full', null: '/dev/null', missing: 'missing/a', folder: 'folder.x', loop: 'loop', link: 'link', long, odd })) {
      seen[name] = [await codeOf(cpu(file))];
      // Snapshots take their time: those that are written otherwise, or have something to lose.
      if (['full', 'missing', 'link', 'odd'].includes(name)) seen[name].push(await codeOf(profiler.writeHeapSnapshot(file)));
    }
    const [found] = fs.readdirSync('.', { encoding: 'buffer' }).filter((name) => name.includes(0xff));
    seen.odd.push(found.equals(odd));
    fs.unlinkSync(odd);
    seen.isLink = fs.lstatSync('link').isSymbolicLink();
    seen.whole = JSON.parse(fs.readFileSync('named', 'utf8')).nodes.length > 0;
    fs.chmodSync('closed', 0o555);
    if (process.getuid() === 0) process.setuid(65534);
    seen.closed = [await codeOf(cpu('closed/new'))];
    seen.partial = fs.readdirSync('.').filter((name) => name.endsWith('.partial'));
    seen.inFolder = fs.readdirSync('folder.x').map((name) => path.extname(name)).sort();
    report(seen);
  });
  const full = ['ENOSPC', 'write', true];
  const open = (code) => [code, 'open', true];
  expect(seen).toEqual({
    full: [full, full],
    null: [true],
    missing: [open('ENOENT'), open('ENOENT')],
    folder: [true],
    loop: [open('ELOOP')],
    link: [true, true],
    long: [true],
    odd: [true, true, true],
    isLink: true,
    whole: true,
    closed: [open('EACCES')],
    partial: ['other.x.0000.partial'],
    inFolder: ['.cpuprofile'],
  });
});

test('a file that may not grow stays as it was', async () => {
  const seen = await inChild(async ({ profiler, report, input }) => {
    const fs = require('node:fs');
    const { outcomeOf } = require(input.helpers);
    fs.writeFileSync('a.heapsnapshot', 'old');
    const { error } = await outcomeOf(profiler.writeHeapSnapshot('a'));
    report([error.code, error.syscall, fs.readFileSync('a.heapsnapshot', 'utf8'), fs.readdirSync('.')]);
  }, { shell: 'ulimit -f 1024' });
  expect(seen).toEqual(['EFBIG', 'write', 'old', ['a.heapsnapshot']]);
});

test('signals and exceptions end it, and leave nothing', async () => {
  const seen = await inChild(async ({ profiler, report, input }) => {
    const fs = require('node:fs');
    const { once } = require('node:events');
    const { outcomeOf } = require(input.helpers);
    const stopped = async (promise) => (({ code, name, message }) => [code, name, message])((await outcomeOf(promise)).error);
    const thrower = (wanted) => ({ phase }) => {
      if (phase === wanted) throw new Error(`thrown in ${phase}`);
    };
    const seen = [];
    const late = new AbortController();
    const waiting = profiler.writeHeapSnapshot('a', { signal: late.signal });
    late.abort();
    seen.push(await stopped(waiting));
    seen.push(await stopped(profiler.writeHeapSnapshot('a', { onProgress: thrower('write') })));
    for (const capture of [profiler.captureCpuProfile, profiler.captureSamplingHeapProfile]) {
      const controller = new AbortController();
      const recording = capture({ durationMs: 3600000, path: 'a', signal: controller.signal });
      controller.abort();
      seen.push(await stopped(recording), await stopped(capture({ durationMs: 5, path: 'a', onProgress: thrower('write') })));
    }
    const closed = [];
    for (const when of ['before', 'at the first byte']) {
      const stream = profiler.createHeapSnapshotStream();
      if (when !== 'before') await once(stream, 'readable');
      stream.destroy();
      await once(stream, 'close');
      closed.push(stream.destroyed);
    }
    // In the turn in which the text was asked for, and not yet made.
    const quick = profiler.createHeapSnapshotStream();
    quick.read();
    await new Promise((resolve) => process.nextTick(resolve));
    quick.destroy();
    await once(quick, 'close');
    await new Promise((resolve) => setTimeout(resolve, 20));
    report([seen, closed, fs.readdirSync('.')]);
  });
  const aborted = ['ABORT_ERR', 'AbortError', 'The operation was aborted'];
  const thrown = [null, 'Error', 'thrown in write'];
  const asJson = (rows) => rows.map((row) => row.map((value) => value ?? null));
  expect([asJson(seen[0]), seen[1], seen[2]]).toEqual([[aborted, thrown, aborted, thrown, aborted, thrown], [true, true], []]);
});

test('options are checked alike, and what Node cannot do is refused', async () => {
  const seen = await inChild(async ({ profiler, report, input }) => {
    const fs = require('node:fs');
    const { outcomeOf } = require(input.helpers);
    const codes = async (...promises) => (await Promise.all(promises.map(outcomeOf))).map(({ error }) => error && error.code);
    const refused = await outcomeOf(profiler.writeHeapSnapshot('a', { isolation: 'fork' }));
    report([
      await codes(
        profiler.writeHeapSnapshot('a', { exposeInternal: true }),
        profiler.captureCpuProfile({}),
        profiler.captureCpuProfile({ durationMs: 5, samplingIntervalUs: 99 }),
        profiler.captureSamplingHeapProfile({ durationMs: 5, stackDepth: 256 }),
      ),
      await codes(
        profiler.captureCpuProfile({ durationMs: 5, path: 'a', mode: 'callerLineNumbers' }),
        profiler.createHeapSnapshotStream({ isolation: 'fork' }).toArray(),
      ),
      [refused.error.code, refused.error.message],
      fs.readdirSync('.'),
    ]);
  });
  const invalid = Array(4).fill('ERR_RS_PROFILER_INVALID_ARGUMENT');
  const fork = ['ERR_RS_PROFILER_FORK_FAILED', expect.stringMatching(/npm run setup/)];
  expect(seen).toEqual([invalid, [MISSING, fork[0]], fork, []]);
});
