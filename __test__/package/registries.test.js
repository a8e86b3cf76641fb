'use strict';

const profiler = require('../..');
const { runClean } = require('../helpers/child');

describe('profiles', () => {
  afterEach(() => profiler.deleteAllProfiles());

  test('is an array with holes, indexed by uid', async () => {
    const seen = await runClean(({ profiler, report }) => {
      const record = (name) => {
        profiler.startProfiling(name);
        return profiler.stopProfiling(name);
      };
      const [first, second, third] = ['a', 'b', 'c'].map(record);
      second.delete();
      report({
        array: Array.isArray(profiler.profiles),
        length: profiler.profiles.length,
        keys: Object.keys(profiler.profiles),
        hole: 1 in profiler.profiles,
        same: profiler.profiles[first.uid] === first && profiler.profiles[2] === third,
        titles: profiler.profiles.map((profile) => profile.title),
      });
    });
    expect(seen).toEqual({
      array: true,
      length: 3,
      keys: ['0', '2'],
      hole: false,
      same: true,
      titles: ['a', null, 'c'],
    });
  });

  test('can be emptied as the suite of v8-profiler does', () => {
    profiler.startProfiling('x');
    profiler.stopProfiling('x');
    profiler.profiles.slice().forEach((profile) => profile.delete());
    expect(Object.keys(profiler.profiles)).toHaveLength(0);
  });

  test('deleteAllProfiles empties it and returns undefined', () => {
    for (const name of ['a', 'b']) {
      profiler.startProfiling(name);
      profiler.stopProfiling(name);
    }
    const { deleteAllProfiles } = profiler;
    expect(Object.keys(profiler.profiles)).toHaveLength(2);
    expect(deleteAllProfiles()).toBeUndefined();
    expect(Object.keys(profiler.profiles)).toHaveLength(0);
    deleteAllProfiles();
  });

  test('keeps running profiles out', () => {
    profiler.startProfiling('running');
    expect(Object.keys(profiler.profiles)).toHaveLength(0);
    profiler.deleteAllProfiles();
    expect(profiler.stopProfiling('running').title).toBe('running');
  });
});

describe('snapshots', () => {
  test('is a plain object, indexed by uid', async () => {
    const seen = await runClean(({ profiler, report }) => {
      const first = profiler.takeSnapshot('first');
      const second = profiler.takeSnapshot('second');
      const keys = Object.keys(profiler.snapshots);
      first.delete();
      report({
        tag: Object.prototype.toString.call(profiler.snapshots),
        array: Array.isArray(profiler.snapshots),
        keys: keys.join() === [first.uid, second.uid].join(),
        left: Object.keys(profiler.snapshots).join() === String(second.uid),
      });
    });
    expect(seen).toEqual({ tag: '[object Object]', array: false, keys: true, left: true });
  });
});

describe('the older calls, where it differs from v8-profiler-next', () => {
  test('getProfile takes an index, findProfile a loosely equal uid', () => {
    profiler.startProfiling('older');
    const profile = profiler.stopProfiling('older');
    const { getProfile, findProfile } = profiler;
    expect(getProfile(Number(profile.uid))).toBe(profile);
    expect(findProfile(profile.uid)).toBe(profile);
    expect(findProfile(Number(profile.uid))).toBe(profile);
    expect(getProfile(1e6)).toBeUndefined();
    expect(findProfile('nobody')).toBeUndefined();
    profile.delete();
    expect(findProfile(profile.uid)).toBeUndefined();
  });

  test('getSnapshot takes an index, findSnapshot a loosely equal uid', async () => {
    const seen = await runClean(({ profiler, report }) => {
      const { getSnapshot, findSnapshot } = profiler;
      const snapshot = profiler.takeSnapshot('older');
      const found = [getSnapshot(snapshot.uid), findSnapshot(snapshot.uid), findSnapshot(String(snapshot.uid))];
      const missed = [getSnapshot(0), findSnapshot(0), findSnapshot('nobody')];
      report([found.every((one) => one === snapshot), missed.every((one) => one === undefined)]);
    });
    expect(seen).toEqual([true, true]);
  });
});
