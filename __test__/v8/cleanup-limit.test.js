'use strict';

const profiler = require('../..');
const { getEnvironment } = require('../../lib/native/environment');
const { findFunction } = require('../helpers/profiles');
const { untilSeen } = require('../helpers/repeat');
const workload = require('../helpers/workload');

/** Records a profile and deletes it; then tells how many of V8's profilers are open. */
function openAfterOne() {
  profiler.startProfiling('counted');
  profiler.stopProfiling('counted').delete();
  return getEnvironment().openProfilers();
}

describe('setProfilesCleanupLimit', () => {
  afterEach(() => {
    profiler.setProfilesCleanupLimit(0);
    profiler.deleteAllProfiles();
    jest.restoreAllMocks();
  });

  test.each([[undefined], ['text'], [{}], [NaN]])('prints a line for %p and does not throw', (limit) => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => {});
    expect(profiler.setProfilesCleanupLimit(limit)).toBeUndefined();
    expect(print.mock.calls).toEqual([['limit should be number.']]);
  });

  test.each([[0], [3], ['5'], [null], [[]], [true], [-1], [1.5]])('takes %p without a word', (limit) => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => {});
    expect(profiler.setProfilesCleanupLimit(limit)).toBeUndefined();
    expect(print).not.toHaveBeenCalled();
  });

  test('keeps every profile, whatever the limit', () => {
    profiler.setProfilesCleanupLimit(3);
    for (let i = 0; i < 8; i++) {
      profiler.startProfiling(`n${i}`);
      profiler.stopProfiling(`n${i}`);
    }
    expect(Object.keys(profiler.profiles)).toHaveLength(8);
  });

  test.each([
    ['0', 0, [0, 0, 0]],
    ['2', 2, [1, 1, 0, 1, 1, 0]],
    ['"1"', '1', [1, 0, 1, 0]],
    ['a large number', 1000, [1, 1, 1, 1, 1]],
  ])('with %s, V8\'s profiler is given back after one profile more than that', (what, limit, open) => {
    openAfterOne();
    expect(getEnvironment().openProfilers()).toBe(0);
    profiler.setProfilesCleanupLimit(limit);
    expect(open.map(openAfterOne)).toEqual(open);
    // What the last case leaves open goes with the next profile.
    profiler.setProfilesCleanupLimit(0);
    expect(openAfterOne()).toBe(0);
  });

  test('a retired profiler stays open until its profiles are deleted', () => {
    profiler.startProfiling('kept');
    const kept = profiler.stopProfiling('kept');
    expect(getEnvironment().openProfilers()).toBe(1);
    kept.delete();
    expect(getEnvironment().openProfilers()).toBe(0);
  });

  test('profiles are complete before, at and after the limit', async () => {
    profiler.setProfilesCleanupLimit(2);
    const record = () => {
      profiler.startProfiling('complete');
      workload.spin(30);
      const profile = profiler.stopProfiling('complete');
      profile.delete();
      return profile;
    };
    for (let i = 0; i < 5; i++) {
      const profile = await untilSeen(5, record, (one) => findFunction(one, 'hotLeaf'));
      expect(findFunction(profile, 'hotLeaf').hitCount).toBeGreaterThan(0);
    }
  });
});
