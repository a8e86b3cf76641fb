'use strict';

/** `watch`: conditions, actions, and what the host has to bear. In processes of their own. */

const fs = require('node:fs');
const path = require('node:path');

const { run, runClean } = require('./helpers/child');
const { buildLimits } = require('./helpers/limits');
const { tempFolder } = require('./helpers/temp-folder');
const { HostTurns } = require('../lib/service/turns');

/** Watches with what the test gives, until the callback has been heard `times`, and reports what it heard. */
async function hear({ profiler, report, sleep, input }) {
  const { conditions, options, times = 1, work } = input;
  const heard = [];
  const callback = (error, result) => heard.push(error ? { code: error.code, message: error.message, condition: error.condition } : result);
  const watching = profiler.watch(conditions, { checkMs: 50, coolDownMs: 0, ...options, callback });
  const kept = [];
  while (heard.length < times) {
    if (work === 'spin') for (const end = Date.now() + 40; Date.now() < end;);
    if (work === 'leak') {
      for (let at = 0; at < 500; at += 1) kept.push({ at, leaked: [at] });
      // A niced child of the analysis needs the processor.
      if (!watching.busy) globalThis.gc();
    }
    await sleep(30);
  }
  watching.stop();
  report(heard);
}

const LOW = { heapUsedRatio: 0.0001, rssBytes: 2 ** 20, cpuRatio: { ratio: 0.01, overMs: 200 } };

test.each([
  ['heapUsedRatio', 'heap-snapshot'], ['rssBytes', 'cpu-profile'], ['cpuRatio', undefined], ['rssBytes', 'sampling-heap-profile'],
])('%s captures %s', async (condition, kind) => {
  const folder = tempFolder();
  const options = { folder, kind, durationMs: 100 };
  const [result] = await runClean(hear, { input: { conditions: { [condition]: LOW[condition] }, options, work: 'spin' } });
  const made = kind || 'cpu-profile';
  expect(result).toMatchObject({ condition, kind: made, path: path.join(folder, fs.readdirSync(folder)[0]), removed: [] });
  expect(result.value).toBeGreaterThanOrEqual(result.limit);
  expect(path.basename(result.path)).toMatch(new RegExp(`^${made}-`));
  expect(fs.statSync(result.path)).toMatchObject({ size: result.bytes, mode: 0o100600 });
  expect(result.capture.path).toBe(result.path);
  JSON.parse(fs.readFileSync(result.path, 'utf8'));
});

test('options reach the capture: compressed and redacted, and the oldest files go', async () => {
  const folder = tempFolder();
  const options = { folder, compress: 'gzip', redact: 'strings', retention: { maxCount: 1 }, maxCount: 2 };
  const heard = await runClean(hear, { input: { conditions: { heapUsedRatio: 0.0001 }, options, times: 2 } });
  expect(heard.map(({ capture }) => capture.redacted.blanked > 0)).toEqual([true, true]);
  expect(heard[1].removed).toEqual([path.basename(heard[0].path)]);
  expect(fs.readdirSync(folder)).toEqual([path.basename(heard[1].path)]);
  expect(heard[1].path).toMatch(/\.heapsnapshot\.gz$/);
});

test('one process of those with the same folder captures: a limit of a cgroup is reached by all at once', async () => {
  const folder = tempFolder();
  const release = await new HostTurns(folder).take({ kind: 'heap-snapshot' });
  const { report } = await run(async ({ profiler, report, sleep, input }) => {
    const heard = [];
    const callback = (error, result) => heard.push(error ? error.code : result.condition);
    const watching = profiler.watch({ rssBytes: 2 ** 20 }, { folder: input, kind: 'cpu-profile', durationMs: 50, checkMs: 20, coolDownMs: 50, callback });
    await sleep(500);
    const before = [watching.count, heard.length];
    watching.capture('cpu-profile');
    while (heard.length === 0) await sleep(5);
    require('fs').rmSync(require('path').join(input, 'capture.lock'));
    while (!heard.includes('rssBytes')) await sleep(5);
    watching.stop();
    report({ before, first: heard[0] });
  }, { input: folder });
  release();
  expect(report).toEqual({ before: [0, 0], first: 'ERR_RS_PROFILER_BUSY' });
});

test('without a descriptor left nothing can be read, and nothing ends', async () => {
  const limits = buildLimits(tempFolder());
  const count = await runClean(async ({ profiler, report, sleep, input }) => {
    const fs = require('node:fs');
    const watching = profiler.watch({ rssBytes: 2 ** 50, cgroupRatio: 1 }, { folder: input, checkMs: 20 });
    const open = [];
    try {
      for (;;) open.push(fs.openSync('/dev/null'));
    } catch {
      await sleep(300);
    }
    for (const descriptor of open) fs.closeSync(descriptor);
    watching.stop();
    report(watching.count);
  }, { input: tempFolder(), launcher: [limits, 'nofile=64', '--'] });
  expect(count).toBe(0);
});

test('what is not reached captures nothing, nor what there is nothing of', async () => {
  const folder = tempFolder();
  const count = await runClean(async ({ profiler, report, sleep, input }) => {
    const conditions = { heapUsedRatio: 1, rssBytes: 2 ** 50, cpuRatio: 1000, cgroupRatio: 1, everyMs: 1e6, growth: true, eventLoopDelayMs: 1e6 };
    const watching = profiler.watch(conditions, { folder: input, checkMs: 20, coolDownMs: 0 });
    await sleep(500);
    report(watching.count);
  }, { input: folder });
  expect([count, fs.readdirSync(folder)]).toEqual([0, []]);
});

test('after a capture it cools down; the clock does not', async () => {
  const counts = await runClean(async ({ profiler, report, sleep }) => {
    const calls = [];
    const watching = profiler.watch({ rssBytes: 2 ** 20, everyMs: 1000 }, { run: ({ condition }) => calls.push(condition), checkMs: 20, coolDownMs: 1e6 });
    while (!calls.includes('everyMs')) await sleep(20);
    watching.stop();
    report(calls);
  });
  expect(counts.filter((condition) => condition === 'rssBytes')).toHaveLength(1);
});

test('a function instead: its event, its result, its error; and maxCount ends the watch', async () => {
  const report = await runClean(async ({ profiler, report, sleep, input }) => {
    const heard = [];
    const events = [];
    const run = async (event) => {
      events.push(event);
      if (events.length === 2) throw new Error('no disk');
      return 'done';
    };
    const callback = (error, result) => heard.push(error ? [error.message, error.condition] : result.result);
    const watching = profiler.watch({ rssBytes: 2 ** 20 }, { run, callback, checkMs: 20, coolDownMs: 0, maxCount: 3 });
    while (!watching.stopped || watching.busy) await sleep(20);
    report({ heard, events, count: watching.count, folder: require('fs').readdirSync(input) });
  }, { input: tempFolder() });
  expect(report.heard).toEqual(['done', ['no disk', 'rssBytes'], 'done']);
  expect(report).toMatchObject({ count: 3, folder: [] });
  expect(report.events[0]).toEqual({ condition: 'rssBytes', value: expect.any(Number), limit: 2 ** 20, time: expect.stringMatching(/^20.*Z$/) });
});

test('growth: two snapshots, and a sentence that says what grew', async () => {
  const folder = tempFolder();
  const growth = { observations: 3, windowMs: 50, minBytes: 1000, gapMs: 400 };
  const options = { folder, isolation: 'inline' };
  const [result] = await runClean(hear, { input: { conditions: { growth }, options, work: 'leak' }, nodeArgs: ['--expose-gc'] });
  expect(result).toMatchObject({ condition: 'growth', kind: 'heap-snapshot', limit: 1000 });
  expect(result.observations).toHaveLength(3);
  expect([...result.observations].sort((a, b) => a - b)).toEqual(result.observations);
  expect(result.value).toBe(result.observations[2] - result.observations[0]);
  expect(fs.readdirSync(folder).sort()).toEqual([result.base, result.path].map((file) => path.basename(file)).sort());
  expect(result.suspects.length).toBeGreaterThan(0);
  expect(result.sentence).toBe(result.suspects[0].sentence);
  expect(result.sentence).toMatch(/leaked.* it grew by/);
});

test('an error is told and ends nothing: the folder is gone, the callback throws', async () => {
  const folder = tempFolder();
  const { code, stdout, stderr, report } = await run(async ({ profiler, report, sleep, input }) => {
    const heard = [];
    const callback = (error) => {
      heard.push([error && error.code, error && error.condition]);
      throw new Error('of the callback');
    };
    const watching = profiler.watch({ rssBytes: 2 ** 20 }, { folder: input, callback, checkMs: 20, coolDownMs: 0, kind: 'cpu-profile', durationMs: 10 });
    require('fs').rmdirSync(input);
    while (heard.length < 3) await sleep(20);
    watching.stop();
    report(heard);
  }, { input: folder });
  expect([code, stdout]).toEqual([0, '']);
  expect(report).toEqual([['ENOENT', 'rssBytes'], ['ENOENT', 'rssBytes'], ['ENOENT', 'rssBytes']]);
  expect(stderr.match(/RsProfilerWarning/g)).toHaveLength(1);
  expect(stderr).toContain('of the callback');
});

test('one capture at a time, of all watches', async () => {
  const folder = tempFolder();
  const most = await runClean(async ({ profiler, report, sleep, input }) => {
    const action = { folder: input, kind: 'cpu-profile', durationMs: 200, checkMs: 20, coolDownMs: 0 };
    const watches = [1, 2, 3].map(() => profiler.watch({ rssBytes: 2 ** 20 }, action));
    let most = 0;
    for (const end = Date.now() + 1500; Date.now() < end; await sleep(5)) {
      most = Math.max(most, watches.filter(({ busy }) => busy).length);
    }
    report(most);
    process.exit();
  }, { input: folder });
  expect(most).toBe(1);
});

test('a recording that goes on does not keep the process', async () => {
  const folder = tempFolder();
  await runClean(async ({ profiler, sleep, input }) => {
    const watching = profiler.watch({ rssBytes: 2 ** 20 }, { folder: input, kind: 'cpu-profile', durationMs: 3_000_000, checkMs: 20 });
    while (!watching.busy) await sleep(20);
  }, { input: folder });
  expect(fs.readdirSync(folder)).toEqual([]);
});
