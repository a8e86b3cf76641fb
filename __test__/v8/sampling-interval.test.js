'use strict';

const profiler = require('../..');
const workload = require('../helpers/workload');

// What is measured here (memory, time, random samples) is noisy on a busy machine: a bug fails every time, noise does not.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

function samplesAt(...interval) {
  profiler.setSamplingInterval(...interval);
  profiler.startProfiling('interval');
  workload.spin(200);
  return profiler.stopProfiling('interval').samples.length;
}

describe('setSamplingInterval', () => {
  afterEach(() => {
    profiler.setSamplingInterval();
    profiler.deleteAllProfiles();
  });

  test('returns undefined', () => {
    expect(profiler.setSamplingInterval(2000)).toBeUndefined();
  });

  test('sets the microseconds between samples for the profiles started later', () => {
    const fine = samplesAt(1000);
    const coarse = samplesAt(50000);
    expect(coarse).toBeLessThan(20);
    expect(fine).toBeGreaterThan(3 * coarse);
  });

  test('reads the beginning of a string as a number', () => {
    expect(samplesAt('50000 us')).toBeLessThan(20);
  });

  test.each([[[]], [[undefined]], [[null]], [['text']], [[0]], [[{}]], [[NaN]]])('%p means 1000', (args) => {
    profiler.setSamplingInterval(50000);
    expect(samplesAt(...args)).toBeGreaterThan(20);
  });

  test('throws while a profile runs, and works afterwards', () => {
    const { setSamplingInterval } = profiler;
    profiler.startProfiling('running');
    const attempt = () => setSamplingInterval(500);
    expect(attempt).toThrow('setSamplingInterval must be called when there are no profiles being recorded.');
    profiler.stopProfiling('running');
    expect(attempt).not.toThrow();
  });

  test('a negative number is a very long interval, and stopping does not wait for it', () => {
    expect(samplesAt(-1)).toBeLessThan(20);
  });
});
