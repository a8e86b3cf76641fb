'use strict';

/** What `watch` takes, what it refuses, and the text of RS_PROFILER_OPTIONS. */

const fs = require('node:fs');
const path = require('node:path');

const { watch } = require('..');
const { parseRegisterOptions } = require('../lib/register-options');
const { tempFolder } = require('./helpers/temp-folder');

const INVALID = 'ERR_RS_PROFILER_INVALID_ARGUMENT';

describe('conditions and actions', () => {
  test.each([
    undefined, 7, 'heap', {}, { heapUsedRatio: undefined }, { growth: false },
    { heapUsedRatio: 0 }, { heapUsedRatio: 1.1 }, { heapUsedRatio: NaN }, { heapUsedRatio: '0.5' },
    { rssBytes: 1 }, { rssBytes: 2 ** 20 + 0.5 }, { cgroupRatio: -1 }, { cgroupRatio: Infinity },
    { eventLoopDelayMs: 5 }, { eventLoopDelayMs: 1e9 }, { cpuRatio: 0 }, { cpuRatio: null }, { cpuRatio: {} },
    { cpuRatio: { ratio: 1, overMs: 1 } }, { cpuRatio: { ratio: 1, over: 1000 } }, { everyMs: 10 }, { everyMs: 2 ** 40 },
    { growth: 1 }, { growth: null }, { growth: { observations: 1 } }, { growth: { windowMs: 0 } }, { growth: { minBytes: -1 } },
    { growth: { gapMs: 1.5 } }, { growth: { analyse: 'no' } }, { growth: { window: 1 } }, { heapUsed: 0.9 },
  ])('%j is refused', (conditions) => {
    expect(() => watch(conditions, () => {})).toThrow(expect.objectContaining({ code: INVALID }));
  });

  test.each([
    { run: 1 }, { kind: 'heap' }, { folder: 1 }, { folder: 'a\0b' }, { checkMs: 1 }, { coolDownMs: -1 }, { maxCount: 0 }, { maxCount: 'x' },
    { retention: 1 }, { retention: { maxCount: 0 } }, { retention: { maxAgeMs: 0.5 } }, { callback: {} }, { compress: 'lz4' },
    { redact: 'all' }, { isolation: 'thread' }, { durationMs: 0 }, { samplingIntervalUs: 0 }, { intervalBytes: 0 }, { stackDepth: 256 },
    { mode: 'x' }, { compressionLevel: 3 }, { foldr: '/' }, 'text', 7,
  ])('the action %j is refused', (action) => {
    const folder = tempFolder();
    const given = typeof action === 'object' && !('folder' in action) ? { ...action, folder } : action;
    expect(() => watch({ everyMs: 100_000 }, given)).toThrow(expect.objectContaining({ code: INVALID }));
  });

  test('a folder that is not there is made for its owner alone; what is no folder is refused with the system\'s error', () => {
    const folder = path.join(tempFolder(), 'a', 'b');
    watch({ everyMs: 100_000 }, { folder }).stop();
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, '');
    expect(() => watch({ everyMs: 100_000 }, { folder: file })).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(() => watch({ everyMs: 100_000 }, { folder: path.join(file, 'in', 'it') })).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
    // Node's own recursive mkdir never comes back from here.
    expect(() => watch({ everyMs: 100_000 }, { folder: '/proc/none/here' })).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  test('a watch can be stopped again and again, and captures nothing then', () => {
    const watching = watch(null, { folder: tempFolder() });
    expect([watching.count, watching.busy, watching.stopped]).toEqual([0, false, false]);
    expect(() => watching.capture('all')).toThrow(expect.objectContaining({ code: INVALID }));
    watching.stop();
    watching.stop();
    expect([watching.capture(), watching.count, watching.stopped]).toEqual([false, 0, true]);
  });
});

describe('the text of RS_PROFILER_OPTIONS', () => {
  test('names with values, the last of a name wins', () => {
    const text = 'heapUsedRatio=0.8, rssBytes=1e9,growth,workers=off,folder=/a\\,b,heapUsedRatio=0.9,kind=cpu-profile,'
      + 'keepCount=3,cpuProfileSignal=SIGPWR,heapSnapshotSignal=none,';
    expect(parseRegisterOptions(text)).toEqual({
      conditions: { heapUsedRatio: 0.9, rssBytes: 1e9, growth: true },
      action: { folder: '/a,b', kind: 'cpu-profile' },
      retention: { keepCount: 3 },
      signals: { cpuProfileSignal: 'SIGPWR', heapSnapshotSignal: 'none' },
      settings: { workers: false },
      problems: [],
    });
  });

  test('JSON, for what has parts', () => {
    const parsed = parseRegisterOptions(' {"growth": {"minBytes": 5}, "cpuRatio": {"ratio": 1}, "folder": "x"}');
    expect([parsed.conditions, parsed.action, parsed.problems]).toEqual([{ growth: { minBytes: 5 }, cpuRatio: { ratio: 1 } }, { folder: 'x' }, []]);
  });

  test.each([
    ['{', ['it is no JSON']], ['{"a":1}', ['a is no option']], ['__proto__=1,toString', ['__proto__', 'toString']],
    ['heapUsedRatio=much', ['heapUsedRatio cannot be "much"']], ['cpuProfileSignal=SIGUSR1', ['cpuProfileSignal']],
    ['heapSnapshotSignal=SIGKILL,samplingHeapProfileSignal=SIGTERM', ['heapSnapshotSignal', 'samplingHeapProfileSignal']],
    ['callback=1,run=2', ['callback is no option', 'run is no option']],
  ])('%s has problems, and nothing is thrown', (text, problems) => {
    const parsed = parseRegisterOptions(text);
    expect(parsed.problems.map((problem, at) => problem.startsWith(problems[at]))).toEqual(problems.map(() => true));
    expect([parsed.conditions, parsed.action, parsed.signals]).toEqual([{}, {}, {}]);
  });

  test('nothing is nothing', () => {
    expect(parseRegisterOptions()).toEqual(parseRegisterOptions(' , '));
  });
});
