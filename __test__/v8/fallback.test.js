'use strict';

/** Captures with promises where a native part is missing: Node's own parts do them, and say so. Everything runs in children. */

const { runClean } = require('../helpers/child');
const checks = require('../helpers/outcome');
const { addonFolder, brokenShimFolder, emptyFolder } = require('../helpers/without-native');

const MISSING = 'ERR_RS_PROFILER_NATIVE_MISSING';
const SENTENCE = /^node:\w+ takes the place of the native parts\. .*(npm run setup|build-shims?)/;

/** Runs a function in a child without native parts. */
const inChild = (fn, { input, folder = emptyFolder(), ...options } = {}) => (
  runClean(fn, { ...options, env: { RS_PROFILER_NATIVE_DIR: folder }, input: { helpers: checks.file, ...input } }));

describe.each([
  ['no addon', emptyFolder],
  ['no shim', addonFolder],
  ['a shim that is no library', brokenShimFolder],
])('with %s', (_, makeFolder) => {
  test('all four captures work, from CommonJS, an ES module and a worker, and say who did them', async () => {
    const seen = await inChild(async ({ profiler, main, report, input }) => {
      const fs = require('node:fs');
      const { Worker } = require('node:worker_threads');
      const { countsOf, countsOfFile } = require(input.helpers);
      const work = async (api) => {
        const file = await api.writeHeapSnapshot();
        const stream = api.createHeapSnapshotStream();
        const chunks = [];
        for await (const chunk of stream) chunks.push(chunk);
        const cpu = await api.captureCpuProfile({ durationMs: 20 });
        const sampling = await api.captureSamplingHeapProfile({ durationMs: 5 });
        const counts = countsOfFile(file.path);
        return {
          engines: [file, stream, cpu, sampling].map(({ engine }) => engine),
          reasons: [file, stream, cpu, sampling].map(({ engineReason }) => engineReason),
          isolation: [file.isolation, stream.isolation],
          whole: [counts.whole, countsOf(Buffer.concat(chunks)).whole],
          counted: counts.nodes === file.nodes && counts.edges === file.edges && fs.statSync(file.path).size === file.bytes,
          mode: fs.statSync(file.path).mode & 0o777,
          keys: [Object.keys(cpu), Object.keys(sampling)],
        };
      };
      const { default: module } = await import(`file://${main.replace(/index\.js$/, 'index.mjs')}`);
      const inWorker = new Worker(`(${work})(require(${JSON.stringify(main)})).then((seen) => require('worker_threads').parentPort.postMessage(seen));`
        .replace(/countsOf/g, 'helpers.countsOf').replace(/^/, `const helpers = require(${JSON.stringify(input.helpers)}); const fs = require('fs');`), { eval: true });
      const [fromWorker] = await require('node:events').once(inWorker, 'message');
      report({ each: [await work(profiler), await work(module), fromWorker], listed: fs.readdirSync('.').length, capabilities: profiler.capabilities() });
    }, { folder: makeFolder() });
    for (const each of seen.each) {
      expect(each).toEqual({
        engines: Array(4).fill('node'),
        reasons: Array(4).fill(expect.stringMatching(SENTENCE)),
        isolation: ['inline', 'inline'],
        whole: [true, true],
        counted: true,
        mode: 0o600,
        keys: [['nodes', 'startTime', 'endTime', 'samples', 'timeDeltas'], ['head', 'samples']],
      });
    }
    expect(seen.listed).toBe(3);
    const { capture, isolation, engines } = seen.capabilities;
    expect([capture.available, isolation.inline.available, isolation.fork.available]).toEqual([false, true, false]);
    const byNode = { engine: 'node', reason: expect.stringMatching(SENTENCE) };
    expect(engines).toEqual({ heapSnapshot: byNode, cpuProfile: byNode, samplingHeapProfile: byNode });
  });
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
    const { countsOfFile, outcomeOf } = require(input.helpers);
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
      // A folder would get a file inside.
      seen[name] = [await codeOf(profiler.writeHeapSnapshot(name === 'folder' ? `${file}/` : file)), await codeOf(cpu(file))];
    }
    seen.isLink = fs.lstatSync('link').isSymbolicLink();
    seen.whole = countsOfFile(odd).nodes === undefined || fs.statSync('named').size > 100;
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
    null: [true, true],
    missing: [open('ENOENT'), open('ENOENT')],
    folder: [true, true],
    loop: [open('ELOOP'), open('ELOOP')],
    link: [true, true],
    long: [true, true],
    odd: [true, true],
    isLink: true,
    whole: true,
    closed: [open('EACCES')],
    partial: ['other.x.0000.partial'],
    inFolder: ['.cpuprofile', '.heapsnapshot'],
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
