'use strict';

const fs = require('node:fs');
const path = require('node:path');

const profiler = require('../..');
const { runClean } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');
const { hitsByFunction, walkTree } = require('../helpers/profiles');
const { outcomeOf, progressFaults } = require('../helpers/outcome');
const { untilSeen } = require('../helpers/repeat');
const workload = require('../helpers/workload');

/** Records while the workload runs, again and again until the capture has ended. */
function captureOnce(options) {
  const timer = setInterval(() => workload.spin(10), 1);
  return profiler.captureCpuProfile({ durationMs: 50, ...options }).finally(() => clearInterval(timer));
}

const hasHotLeaf = (profile) => hitsByFunction(profile).hotLeaf > 0;

/** The same, until the workload was sampled. */
function captureWork(options, isSeen = hasHotLeaf) {
  return untilSeen(5, () => captureOnce(options), isSeen);
}

describe('captureCpuProfile', () => {
  test('resolves with the profile that Profiler.stop would give', async () => {
    const profile = await captureWork();
    expect(Object.keys(profile)).toEqual(['nodes', 'startTime', 'endTime', 'samples', 'timeDeltas']);
    expect(profile.nodes[0].callFrame).toEqual({
      functionName: '(root)',
      scriptId: '0',
      url: '',
      lineNumber: -1,
      columnNumber: -1,
    });
    expect(hitsByFunction(profile).hotLeaf).toBeGreaterThan(0);
    expect(profile.timeDeltas).toHaveLength(profile.samples.length);
    expect(profile.endTime - profile.startTime).toBeGreaterThan(30000);
    const parsed = JSON.parse(JSON.stringify(profile));
    expect(Object.keys(parsed)).toEqual(Object.keys(profile));
    expect(hitsByFunction(parsed)).toEqual(hitsByFunction(profile));
  });

  test.each([
    ['tree', ['typeId', 'uid', 'title', 'head', 'startTime', 'endTime', 'samples', 'timestamps']],
    ['nodes', ['typeId', 'uid', 'title', 'nodes', 'startTime', 'endTime', 'samples', 'timeDeltas']],
  ])('gives the format %p on demand', async (format, keys) => {
    const profile = await captureWork({ format });
    expect(Object.keys(JSON.parse(JSON.stringify(profile)))).toEqual(keys);
    expect(hitsByFunction(profile).hotLeaf).toBeGreaterThan(0);
  });

  test.each(['inspector', 'nodes', 'tree'])('writes the format %p to a file and tells about it', async (format) => {
    const file = path.join(tempFolder(), 'a.cpuprofile');
    const result = await captureWork({ format, path: file }, () => hasHotLeaf(JSON.parse(fs.readFileSync(file, 'utf8'))));
    expect(result).toEqual({
      path: file,
      bytes: fs.statSync(file).size,
      format,
      nodes: expect.any(Number),
      samples: expect.any(Number),
      startPauseMs: expect.any(Number),
      stopPauseMs: expect.any(Number),
      durationMs: expect.any(Number),
      engine: 'native',
      engineReason: expect.any(String),
    });
    const written = JSON.parse(fs.readFileSync(file, 'utf8'));
    expect(hitsByFunction(written).hotLeaf).toBeGreaterThan(0);
    expect(written.samples).toHaveLength(result.samples);
    if (written.nodes) expect(written.nodes).toHaveLength(result.nodes);
    expect(result.durationMs).toBeGreaterThanOrEqual(49);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['a.cpuprofile']);
  });

  test('gives files in a folder names of their own', async () => {
    const folder = tempFolder();
    const results = await Promise.all([captureOnce({ path: folder }), captureOnce({ path: folder + path.sep })]);
    const names = results.map((result) => path.basename(result.path));
    expect(fs.readdirSync(folder).sort()).toEqual([...names].sort());
    const pattern = new RegExp(`^CPU\\.\\d{8}\\.\\d{6}\\.${process.pid}\\.\\d+\\.\\d+\\.cpuprofile$`);
    for (const name of names) expect(name).toMatch(pattern);
  });

  test('without a duration, the signal ends it and it resolves', async () => {
    const record = () => {
      const controller = new AbortController();
      setTimeout(() => {
        workload.spin(40);
        controller.abort();
      }, 1);
      return profiler.captureCpuProfile({ signal: controller.signal });
    };
    const profile = await untilSeen(5, record, hasHotLeaf);
    expect(hitsByFunction(profile).hotLeaf).toBeGreaterThan(0);
  });

  test('with a duration, the signal cancels it, and nothing stays behind', async () => {
    const folder = tempFolder();
    const early = new AbortController();
    early.abort();
    const late = new AbortController();
    setTimeout(() => late.abort(), 20);
    for (const { signal } of [early, late]) {
      const { error } = await outcomeOf(profiler.captureCpuProfile({ durationMs: 60000, signal, path: folder }));
      expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', isError: true });
    }
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(() => profiler.stopProfiling()).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_NOT_RUNNING' }));
    profiler.setSamplingInterval(1000);
  });

  test('stays apart from startProfiling, stopProfiling and profiles', async () => {
    profiler.deleteAllProfiles();
    const record = async () => {
      const capturing = captureOnce();
      await new Promise(setImmediate);
      const stop = () => profiler.stopProfiling();
      expect(stop).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_NOT_RUNNING' }));
      profiler.setSamplingInterval(1000);
      profiler.startProfiling('old face');
      const captured = await capturing;
      expect(Object.keys(profiler.profiles)).toHaveLength(0);
      const profile = profiler.stopProfiling('old face');
      profile.delete();
      return [captured, profile];
    };
    const [captured, profile] = await untilSeen(5, record, (both) => both.every(hasHotLeaf));
    expect(hitsByFunction(captured).hotLeaf).toBeGreaterThan(0);
    expect(hitsByFunction(profile).hotLeaf).toBeGreaterThan(0);
  });

  test('several at once end at their own times', async () => {
    const [short, long] = await Promise.all([captureOnce({ durationMs: 20 }), captureOnce({ durationMs: 200 })]);
    expect(long.endTime - long.startTime).toBeGreaterThan(190000);
    expect(long.endTime).toBeGreaterThan(short.endTime);
  });

  test('samples no oftener than the interval it is given', async () => {
    // A machine that is busy takes fewer samples than asked for, never more.
    const profile = await captureOnce({ samplingIntervalUs: 50000, durationMs: 200 });
    expect(profile.samples.length).toBeLessThan(10 + (profile.endTime - profile.startTime) / 50000);
  });

  test.each([
    ['leafNodeLineNumbers', 1],
    ['callerLineNumbers', 3],
  ])('%s makes a node per function, or per line that calls it', async (mode, count) => {
    // hotCaller calls hotLeaf on three lines.
    const leavesOf = ({ head }) => walkTree(head)
      .filter((node) => node.functionName === 'hotCaller')
      .map((node) => node.children.filter((child) => child.functionName === 'hotLeaf').length);
    const options = { durationMs: 200, mode, format: 'tree' };
    const leaves = leavesOf(await captureWork(options, (profile) => Math.max(...leavesOf(profile)) >= count));
    // From V8 14 on it tells the calls of one line apart as well.
    if (count === 1) expect(Math.max(...leaves)).toBe(1);
    else expect(Math.max(...leaves)).toBeGreaterThanOrEqual(count);
  });

  test('reports its progress up to the end', async () => {
    const calls = [];
    const file = path.join(tempFolder(), 'p.cpuprofile');
    const captured = profiler.captureCpuProfile({ durationMs: 350, path: file, onProgress: (call) => calls.push(call) });
    const { bytes } = await captured;
    expect(progressFaults(calls, ['record', 'write'])).toEqual([]);
    expect(calls.filter(({ phase }) => phase === 'record').length).toBeGreaterThan(1);
    expect(calls[calls.length - 1].done).toBe(bytes);
  });

  test('passes on what onProgress throws, and leaves no file', async () => {
    const folder = tempFolder();
    const onProgress = () => {
      throw new RangeError('from onProgress');
    };
    const { error } = await outcomeOf(profiler.captureCpuProfile({ durationMs: 10, path: folder, onProgress }));
    expect(error).toMatchObject({ name: 'RangeError', message: 'from onProgress' });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('rejects with the error of the system where it cannot write', async () => {
    const file = path.join(tempFolder(), 'no', 'such', 'folder', 'a.cpuprofile');
    const { error } = await outcomeOf(profiler.captureCpuProfile({ durationMs: 5, path: file }));
    expect(error).toMatchObject({ code: 'ENOENT', syscall: expect.any(String), isError: true });
    expect(error.path).toContain(path.join('no', 'such'));
  });

  test('a duration keeps the process alive until the file is written', async () => {
    const seen = await runClean(({ profiler, report }) => {
      profiler.captureCpuProfile({ durationMs: 100, path: 'a.cpuprofile' }).then(({ path }) => {
        report(JSON.parse(require('fs').readFileSync(path, 'utf8')).samples.length > 0);
      });
    });
    expect(seen).toBe(true);
  });
});
