'use strict';

const profiler = require('..');
const { runClean } = require('./helpers/child');
const { findFunction } = require('./helpers/profiles');
const workload = require('./helpers/workload');

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

describe('the profiler behind the profiles, whose mode is that of the start that made it', () => {
  /** Starts and stops with these modes, and tells for each whether its profiler logs code eagerly. */
  const eagerness = (limit, modes) => runClean(({ profiler, main, report, input: { limit, modes } }) => {
    const path = require('path');
    const environment = require(path.join(path.dirname(main), 'lib', 'state')).getEnvironment();
    const seen = [];
    const stopCpu = environment.stopCpu.bind(environment);
    environment.stopCpu = (...args) => {
      const taken = stopCpu(...args);
      seen.push(Number(taken.keepsLogging()));
      return taken;
    };
    if (limit !== null) profiler.setProfilesCleanupLimit(limit);
    for (const mode of modes) {
      // With a boolean in the place of the name, the third argument is still the mode.
      if (seen.length % 2) profiler.startProfiling(true, undefined, mode);
      else profiler.startProfiling('named', true, mode);
      profiler.stopProfiling().delete();
    }
    report(seen);
  }, { input: { limit, modes } });

  test.each([[null], [0], ['0'], [[]]])('with the limit %p it is let go after every stop', async (limit) => {
    expect(await eagerness(limit, [0, 1, 1, 0, 0, 1])).toEqual([0, 1, 1, 0, 0, 1]);
  });

  test('with a limit of 2 it is let go after the third start', async () => {
    expect(await eagerness(2, [0, 1, 1, 1, 0, 0, 0, 1])).toEqual([0, 0, 0, 1, 1, 1, 0, 0]);
  });

  test('a negative limit is a very high one, as in v8-profiler-next', async () => {
    expect(await eagerness(-1, [0, 1, 1, 1])).toEqual([0, 0, 0, 0]);
  });

  test('what is neither 0 nor 1 is 0', async () => {
    expect(await eagerness(0, [2, true, '1', null, -1, 1])).toEqual([0, 0, 0, 0, 0, 1]);
  });
});
