'use strict';

const profiler = require('../..');
const { findFunction } = require('../helpers/profiles');
const workload = require('../helpers/workload');

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

  test('profiles are complete before, at and after the limit', () => {
    profiler.setProfilesCleanupLimit(2);
    for (let i = 0; i < 5; i++) {
      profiler.startProfiling('complete');
      workload.spin(30);
      const profile = profiler.stopProfiling('complete');
      expect(findFunction(profile, 'hotLeaf').hitCount).toBeGreaterThan(0);
      profile.delete();
    }
  });
});
