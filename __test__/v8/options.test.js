'use strict';

/** Options that there are not, formats of `export`, and error texts that name what helps. */

const path = require('node:path');

const profiler = require('../..');
const { native } = require('../../lib/native/errors');
const { getEnvironment } = require('../../lib/native/environment');
const { run, runClean } = require('../helpers/child');
const { textOf } = require('../helpers/streams');
const { outcomeOf } = require('../helpers/outcome');

const INVALID = { name: 'TypeError', code: 'ERR_RS_PROFILER_INVALID_ARGUMENT', isError: true };
const root = path.resolve(__dirname, '../..');

/** What a call throws. */
async function thrownBy(call) {
  return (await outcomeOf((async () => call())())).error;
}

function sampled() {
  profiler.startSamplingHeapProfiling(1024, 16);
  const kept = Array.from({ length: 2000 }, (_, i) => ({ i }));
  const profile = profiler.stopSamplingHeapProfiling();
  expect(kept).toHaveLength(2000);
  return profile;
}

function recorded() {
  profiler.startProfiling('options');
  return profiler.stopProfiling('options');
}

describe('an unknown option', () => {
  test.each([
    ['captureCpuProfile', { duration: 5 }, 'duration', 'durationMs'],
    ['captureCpuProfile', { durationMs: 5, filepath: 'a' }, 'filepath', 'path'],
    ['captureCpuProfile', { durationMs: 5, samplingInterval: 5 }, 'samplingInterval', 'samplingIntervalUs'],
    ['captureSamplingHeapProfile', { durationMS: 5 }, 'durationMS', 'durationMs'],
    ['captureSamplingHeapProfile', { durationMs: 5, interval: 5 }, 'interval', 'intervalBytes'],
    ['captureSamplingHeapProfile', { durationMs: 5, depth: undefined }, 'depth', 'stackDepth'],
    ['createHeapSnapshotStream', { exposeInternal: true }, 'exposeInternal', 'exposeInternals'],
    ['createHeapSnapshotStream', { sginal: undefined }, 'sginal', 'signal'],
  ])('of %s(%p) is refused, with the name that was meant', async (name, options, odd, meant) => {
    const error = await thrownBy(() => profiler[name](options));
    expect(error).toMatchObject(INVALID);
    expect(error.message).toMatch(new RegExp(`^unknown option '${odd}'; did you mean '${meant}'\\?`));
  });

  test('of writeHeapSnapshot likewise; where no name is like it, all are listed', async () => {
    const near = await thrownBy(() => profiler.writeHeapSnapshot('a', { onprogress() {} }));
    expect(near).toMatchObject(INVALID);
    expect(near.message).toMatch(/^unknown option 'onprogress'; did you mean 'onProgress'\?/);
    const far = await thrownBy(() => profiler.writeHeapSnapshot('a', { xyz: 1 }));
    expect(far.message).toBe(
      "unknown option 'xyz'. The options are dir, isolation, signal, onProgress, exposeInternals, exposeNumericValues.",
    );
  });

  test('of export and of configure is refused, too', async () => {
    for (const profile of [recorded(), sampled()]) {
      const error = await thrownBy(() => profile.export({ formt: 'inspector' }, () => {}));
      expect(error).toMatchObject(INVALID);
      expect(error.message).toMatch(/^unknown option 'formt'; did you mean 'format'\?/);
      expect(await thrownBy(() => profile.export({ formt: 'inspector' }))).toMatchObject(INVALID);
    }
    const message = await runClean(({ heapdump, codeOf, report }) => {
      report(codeOf(() => heapdump.configure({ directory: '.' })).error.message);
    });
    expect(message).toMatch(/^unknown option 'directory'; did you mean 'dir'\?/);
  });

  test('is not what others put into Object.prototype, and that is no option either', async () => {
    const seen = await runClean(async ({ profiler, report }) => {
      Object.assign(Object.prototype, { path: 'junk', junk: 1, format: 'junk', dir: 'junk' });
      const { nodes } = await profiler.captureCpuProfile({ durationMs: 5 });
      const bare = Object.assign(Object.create(null), { durationMs: 5 });
      const { head } = await profiler.captureSamplingHeapProfile(bare);
      const fs = require('fs');
      const result = [nodes.length > 0, Boolean(head), fs.readdirSync('.').length];
      for (const name of ['path', 'junk', 'format', 'dir']) delete Object.prototype[name];
      report(result);
    });
    expect(seen).toEqual([true, true, 0]);
  });

  test('nor is it one of the addon: what is not asked for stays as it is', async () => {
    const seen = await runClean(async ({ profiler, heapdump, report }) => {
      const odd = { recordSamples: false, mode: 'junk', eagerLogging: {}, exposeInternals: 'junk', exposeNumericValues: [], exclusive: 'junk', onBytes: 5 };
      Object.assign(Object.prototype, odd);
      try {
        profiler.startProfiling('one');
        const one = profiler.stopProfiling('one');
        await profiler.captureCpuProfile({ durationMs: 5 });
        profiler.startSamplingHeapProfiling();
        profiler.stopSamplingHeapProfiling();
        profiler.takeSnapshot().delete();
        const { bytes } = await profiler.writeHeapSnapshot('a.heapsnapshot');
        const dumped = await new Promise((resolve) => heapdump.writeSnapshot('b.heapsnapshot', (error) => resolve(error === null)));
        report([one.title, bytes > 0, dumped]);
      } finally {
        for (const name of Object.keys(odd)) delete Object.prototype[name];
      }
    });
    expect(seen).toEqual(['one', true, true]);
  });

  test('options of a class, and inherited ones, count', async () => {
    class Options {
      get durationMs() {
        return 5;
      }
    }
    expect((await profiler.captureCpuProfile(new Options())).nodes.length).toBeGreaterThan(0);
    const inherited = Object.create({ durationMs: 5, format: 'tree' });
    expect((await profiler.captureCpuProfile(inherited)).head.functionName).toBe('(root)');
  });
});

describe('what the addon does not know', () => {
  /** What a call of the addon comes to, as this package passes it on. */
  const passedOn = (call) => thrownBy(() => native(() => call(getEnvironment())));

  test.each([
    ['mode', (environment) => environment.newCpuRecording().start({ samplingIntervalUs: 1000, mode: 'callerLineNumber' })],
    ['format', () => profileOf('times', { format: 'trees', wallClock: { startTime: 1, endTime: 1 } })],
    ['format', () => profileOf('export', { format: 'inspektor', caretKept: true, header: HEADER })],
    ['format', () => profileOf('export', { format: 'Tree', caretKept: true, header: HEADER })],
    ['part', () => profileOf('part', { part: 'timestamp', caretKept: true })],
    ['part', () => profileOf('part', { part: 5, caretKept: true })],
    ['exposeInternals', (environment) => environment.takeSnapshot({ exposeInternals: 'no' })],
    ['exposeInternals', (environment) => environment.captureSnapshot({ exposeInternals: 1 })],
    ['intervalBytes', (environment) => environment.startSampling({ stackDepth: 16 })],
  ])('is an invalid argument that names the option %s, and not taken for another', async (name, call) => {
    const error = await passedOn(call);
    expect(error).toMatchObject(INVALID);
    expect(error.message).toMatch(new RegExp(`\\b${name}\\b`));
  });

  const HEADER = { typeId: 'CPU', uid: '', title: '', startTime: 1, endTime: 1 };

  /** Calls a method of a native profile. */
  function profileOf(method, options) {
    const recording = getEnvironment().newCpuRecording();
    recording.start({ samplingIntervalUs: 1000 });
    return recording.stop(0)[method](options);
  }

  test('nothing was started by it', () => {
    expect(() => getEnvironment().stopSampling()).toThrow(/No sampling heap profile is running/);
  });
});

describe('export({ format })', () => {
  const byCallback = (object, ...args) =>
    new Promise((resolve, reject) => object.export(...args, (error, text) => (error ? reject(error) : resolve(JSON.parse(text)))));

  test('of a sampling heap profile gives the inspector\'s form, with lines from 0, or the tree', async () => {
    const profile = sampled();
    const tree = await byCallback(profile);
    const inspector = await byCallback(profile, { format: 'inspector' });
    expect(Object.keys(inspector)).toEqual(['head', 'samples']);
    const linesOf = (node) => [node.callFrame.lineNumber, ...node.children.flatMap(linesOf)];
    expect(linesOf(inspector.head)).toEqual(linesOf(tree.head).map((line) => line - 1));
    expect(JSON.parse(await textOf(profile.export({ format: 'inspector' })))).toEqual(inspector);
    expect(await byCallback(profile, { format: 'tree' })).toEqual(tree);
    // Also after somebody looked at the profile.
    expect(profile.head).toEqual(tree.head);
    expect(await byCallback(profile, { format: 'inspector' })).toEqual(inspector);
    expect(await byCallback(profile, {})).toEqual(tree);
  });

  test('of a snapshot takes its one format', async () => {
    const counts = await runClean(({ profiler, report }) => {
      const snapshot = profiler.takeSnapshot();
      const counts = [];
      const note = (error, text) => counts.push(JSON.parse(text).snapshot.node_count === snapshot.nodesCount);
      snapshot.export({ format: 'heapsnapshot' }, note);
      snapshot.export({}, note);
      for (const wrong of [{ format: 'inspector' }, { format: 5 }, { fromat: 'heapsnapshot' }]) {
        try {
          snapshot.export(wrong, note);
        } catch ({ name, code, message }) {
          counts.push([name, code, message.slice(0, 40)]);
        }
      }
      report(counts);
    });
    const invalid = ['TypeError', 'ERR_RS_PROFILER_INVALID_ARGUMENT'];
    expect(counts).toEqual([
      true,
      true,
      [...invalid, 'format must be heapsnapshot, not inspect'],
      [...invalid, 'format must be heapsnapshot.'],
      [...invalid, "unknown option 'fromat'; did you mean 'f"],
    ]);
  });

  test.each([['svg'], [5], [null], [Symbol('tree')], [Object.create(null)]])('refuses the format %p', async (format) => {
    for (const profile of [recorded(), sampled()]) {
      expect(await thrownBy(() => profile.export({ format }, () => {}))).toMatchObject(INVALID);
    }
  });
});

describe('what helps is said first', () => {
  test('export of a path names the stream that it needs', async () => {
    const texts = await runClean(({ profiler, codeOf, report, sleep }) => {
      const texts = [codeOf(() => profiler.takeSnapshot().export('a.heapsnapshot')).error.message];
      process.on('uncaughtException', ({ message }) => texts.push(message));
      profiler.startProfiling();
      profiler.stopProfiling().export('a.cpuprofile');
      return sleep(10).then(() => report(texts));
    });
    const text = 'dataReceiver is not a function: a path is no receiver, use export(fs.createWriteStream(path))';
    expect(texts).toEqual([text, text]);
  });

  /** Code and message of a capture that only native parts can do, in a process with options of Node. */
  async function messageWith(options) {
    const { report } = await run(({ profiler, report, codeOf }) => report(codeOf(() => profiler.takeSnapshot()).error), options);
    return [report.code, report.message];
  }

  test('--no-addons', async () => {
    const [code, message] = await messageWith({ nodeArgs: ['--no-addons'] });
    expect(code).toBe('ERR_RS_PROFILER_NATIVE_MISSING');
    expect(message).toMatch(/^Start Node without --no-addons/);
    expect(message).not.toContain('npm run setup');
  });

  test('no addon', async () => {
    const [code, message] = await messageWith({ env: { RS_PROFILER_NATIVE_DIR: '/nowhere' } });
    expect(code).toBe('ERR_RS_PROFILER_NATIVE_MISSING');
    expect(message.startsWith(`Run \`npm run setup\` in ${root}: `)).toBe(true);
  });

  test('no shim for this Node, and a Node of an ABI that is not tested', async () => {
    const native = path.dirname(profiler.capabilities().addon.path);
    const texts = await runClean(
      ({ main, report, input, codeOf }) => {
        const fs = require('fs');
        fs.copyFileSync(`${input.native}/rs-profiler.node`, 'rs-profiler.node');
        process.env.RS_PROFILER_NATIVE_DIR = process.cwd();
        const texts = [codeOf(() => require(main).takeSnapshot()).error];
        for (const file of Object.keys(require.cache)) if (file.startsWith(input.root)) delete require.cache[file];
        Object.defineProperty(process, 'versions', { value: { ...process.versions, modules: '131' } });
        texts.push(codeOf(() => require(main).takeSnapshot()).error);
        report(texts);
      },
      { input: { native, root } },
    );
    expect(texts.map(({ code }) => code)).toEqual(Array(2).fill('ERR_RS_PROFILER_UNSUPPORTED_NODE'));
    const begin = `Run \`node ${path.join(root, 'bin', 'rs-profiler.js')} build-shim\` with Node ${process.version}, `;
    expect(texts.filter(({ message }) => !message.startsWith(begin))).toEqual([]);
    expect(texts[1].message).toContain('(ABI 131)');
  });
});
