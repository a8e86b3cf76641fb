'use strict';

const profiler = require('../..');
const { runClean } = require('../helpers/child');
const { walkTree, findFunction } = require('../helpers/profiles');
const { untilSeen } = require('../helpers/repeat');
const workload = require('../helpers/workload');

function record(name, ...args) {
  profiler.startProfiling(name, ...args);
  workload.spin(60);
  return profiler.stopProfiling(name);
}

/** One in which the function that ran has been seen. */
function recordSeen(...args) {
  return untilSeen(5, () => record(...args), (profile) => findFunction(profile, 'hotLeaf'));
}

afterEach(() => profiler.deleteAllProfiles());

describe('CpuProfile', () => {
  test('has its own properties in the original order', () => {
    const profile = record('keys');
    expect(Object.keys(profile)).toEqual([
      'delete',
      'typeId',
      'uid',
      'title',
      'head',
      'startTime',
      'endTime',
      'samples',
      'timestamps',
    ]);
    for (const key of Object.keys(profile)) {
      expect(Object.getOwnPropertyDescriptor(profile, key)).toMatchObject({ enumerable: true, configurable: true });
    }
  });

  test('is named CpuProfile, with getHeader and export on its prototype', () => {
    const profile = record('prototype');
    expect(profile.constructor.name).toBe('CpuProfile');
    expect(Object.prototype.toString.call(profile)).toBe('[object Object]');
    const prototype = Object.getPrototypeOf(profile);
    for (const name of ['getHeader', 'export']) {
      expect(Object.prototype.hasOwnProperty.call(prototype, name)).toBe(true);
    }
  });

  test('is enumerated with the methods of its prototype, as the originals are', () => {
    const profile = record('enumerated');
    const keys = [];
    for (const key in profile) keys.push(key);
    expect(keys).toEqual([...Object.keys(profile), 'getHeader', 'export']);
  });

  test('getHeader tells type, uid and the current title', () => {
    const profile = record('header');
    expect(profile.getHeader()).toEqual({ typeId: 'CPU', uid: profile.uid, title: 'header' });
    profile.title = 'renamed';
    expect(profile.getHeader().title).toBe('renamed');
    expect(Object.keys(profile.getHeader())).toEqual(['typeId', 'uid', 'title']);
  });

  test('is titled by its name, or by its uid when it has none', () => {
    expect(record('P').title).toBe('P');
    for (const args of [[], [undefined], [null], [''], [0], [false], [true]]) {
      profiler.startProfiling(...args);
      const profile = profiler.stopProfiling();
      expect(profile.title).toBe(`Profile ${profile.uid}`);
    }
    profiler.startProfiling({});
    expect(profiler.stopProfiling('[object Object]').title).toBe('[object Object]');
  });

  test('has a title of at most 1024 characters', () => {
    profiler.startProfiling('n'.repeat(2000));
    expect(profiler.stopProfiling().title).toBe('n'.repeat(1024));
  });

  test('refuses a Symbol as a name', () => {
    expect(() => profiler.startProfiling(Symbol('name'))).toThrow(TypeError);
  });

  test('uids are strings that count up and are never used again', async () => {
    const uids = await runClean(({ profiler, report }) => {
      const seen = [];
      for (let i = 0; i < 4; i++) {
        profiler.startProfiling(`n${i}`);
        const profile = profiler.stopProfiling(`n${i}`);
        seen.push(profile.uid);
        if (i === 1) profile.delete();
      }
      report(seen);
    });
    expect(uids).toEqual(['0', '1', '2', '3']);
  });

  test('gives start and end in whole seconds of the monotonic clock', () => {
    const before = process.hrtime()[0];
    const profile = record('seconds');
    const after = process.hrtime()[0];
    expect(Number.isInteger(profile.startTime)).toBe(true);
    expect(Number.isInteger(profile.endTime)).toBe(true);
    expect(profile.startTime).toBeGreaterThanOrEqual(before - 1);
    expect(profile.endTime).toBeGreaterThanOrEqual(profile.startTime);
    expect(profile.endTime).toBeLessThanOrEqual(after + 1);
  });

  test('has one ascending timestamp in microseconds per sample, and samples that are ids of its nodes', () => {
    profiler.startProfiling('samples', true);
    for (let i = 0; i < 10; i++) profiler.collectSample();
    const profile = profiler.stopProfiling('samples');
    expect(Array.isArray(profile.samples)).toBe(true);
    expect(Array.isArray(profile.timestamps)).toBe(true);
    expect(profile.samples.length).toBeGreaterThan(5);
    expect(profile.timestamps).toHaveLength(profile.samples.length);
    const ids = new Set(walkTree(profile.head).map((node) => node.id));
    expect(profile.samples.every((id) => ids.has(id))).toBe(true);
    const { timestamps, startTime, endTime } = profile;
    expect(timestamps.every((time, index) => index === 0 || time >= timestamps[index - 1])).toBe(true);
    expect(timestamps[0]).toBeGreaterThanOrEqual(startTime * 1e6);
    expect(timestamps[timestamps.length - 1]).toBeLessThan((endTime + 1) * 1e6);
  });

  test.each([[false], [0], [null], ['']])('has no samples when recsamples is %p', async (recsamples) => {
    const profile = await recordSeen('bare', recsamples);
    expect(profile.samples).toEqual([]);
    expect(profile.timestamps).toEqual([]);
    expect(findFunction(profile, 'hotLeaf').hitCount).toBeGreaterThan(0);
  });

  test.each([[[undefined]], [[true]], [[1]], [['yes']]])('has samples when recsamples is %p', ([recsamples]) => {
    expect(record('full', recsamples).samples.length).toBeGreaterThan(0);
  });

  test('has at least one sample however short it is', () => {
    for (let i = 0; i < 5; i++) {
      profiler.startProfiling(true);
      expect(profiler.stopProfiling().samples.length).toBeGreaterThan(0);
    }
  });

  test('collectSample adds a sample at once, and does nothing when nothing runs', () => {
    expect(profiler.collectSample()).toBeUndefined();
    profiler.setSamplingInterval(5000000);
    profiler.startProfiling('few');
    for (let i = 0; i < 20; i++) profiler.collectSample();
    const profile = profiler.stopProfiling('few');
    profiler.setSamplingInterval();
    expect(profile.samples.length).toBeGreaterThanOrEqual(20);
  });

  test.each([[0], [1], [2], ['abc'], [undefined]])('takes %p for a mode', async (mode) => {
    const profile = await recordSeen('mode', true, mode);
    expect(findFunction(profile, 'hotLeaf').hitCount).toBeGreaterThan(0);
  });

  test('delete takes it out of the registry, may be repeated, and leaves the object usable', async () => {
    const profile = await recordSeen('deleted');
    expect(profiler.profiles[profile.uid]).toBe(profile);
    expect(profile.delete()).toBeUndefined();
    expect(profile.uid in profiler.profiles).toBe(false);
    expect(profile.delete()).toBeUndefined();
    expect(profile.samples.length).toBeGreaterThan(0);
    expect(findFunction(profile, 'hotLeaf').hitCount).toBeGreaterThan(0);
  });
});

describe('the nodes of a CPU profile', () => {
  let profile;

  beforeAll(async () => {
    profile = await recordSeen('nodes');
  });

  test('begin at (root), where line and column are 0', () => {
    expect(profile.head.functionName).toBe('(root)');
    expect([profile.head.url, profile.head.lineNumber, profile.head.scriptId]).toEqual(['', 0, 0]);
  });

  test('have their keys in the original order', () => {
    // callUID is v8-profiler's; v8-profiler-next leaves it out.
    const keys = ['functionName', 'url', 'lineNumber', 'columnNumber', 'bailoutReason', 'id', 'scriptId', 'hitCount'];
    for (const node of walkTree(profile.head)) {
      const rest = node.lineTicks ? ['children', 'lineTicks'] : ['children'];
      expect(Object.keys(node).filter((key) => key !== 'callUID')).toEqual([...keys, ...rest]);
      expect(Array.isArray(node.children)).toBe(true);
      expect([typeof node.id, typeof node.scriptId, typeof node.bailoutReason]).toEqual(['number', 'number', 'string']);
    }
  });

  test('name a function with its file, and its line and column counted from 1', () => {
    const node = findFunction(profile, 'hotLeaf');
    expect(node.url).toBe(workload.file);
    expect(node.scriptId).toBeGreaterThan(0);
    const lines = require('node:fs').readFileSync(workload.file, 'utf8').split('\n');
    const line = lines.findIndex((text) => text.startsWith('function hotLeaf('));
    expect(node.lineNumber).toBe(line + 1);
    expect(node.columnNumber).toBe('function hotLeaf'.length + 1);
  });

  test('count hits by line, inside the function', () => {
    const node = findFunction(profile, 'hotLeaf');
    expect(node.lineTicks.length).toBeGreaterThan(0);
    let hits = 0;
    for (const { line, hitCount } of node.lineTicks) {
      expect(line).toBeGreaterThanOrEqual(node.lineNumber);
      expect(line).toBeLessThan(node.lineNumber + workload.HOT_LEAF_LINES);
      hits += hitCount;
    }
    expect(hits).toBe(node.hitCount);
  });

  test('have about as many hits together as there are samples', () => {
    const hits = walkTree(profile.head).reduce((sum, node) => sum + node.hitCount, 0);
    expect(hits).toBeGreaterThan(0.8 * profile.samples.length - 5);
    expect(hits).toBeLessThan(1.2 * profile.samples.length + 5);
  });

  test('nest as the calls did', () => {
    const caller = walkTree(profile.head).find((node) => node.functionName === 'hotCaller');
    expect(caller.children.map((node) => node.functionName)).toContain('hotLeaf');
  });
});

describe('CPU profiles, where it differs from v8-profiler-next', () => {
  test('every tree node has a numeric callUID, as in v8-profiler', async () => {
    const nodes = walkTree((await recordSeen('uids')).head);
    expect(nodes.every((node) => Number.isInteger(node.callUID))).toBe(true);
    const leaf = nodes.filter((node) => node.functionName === 'hotLeaf');
    expect(new Set(leaf.map((node) => node.callUID)).size).toBe(1);
  });

  test('an unbound delete deletes', () => {
    const profile = record('unbound');
    const remove = profile.delete;
    remove();
    expect(profile.uid in profiler.profiles).toBe(false);
  });
});
