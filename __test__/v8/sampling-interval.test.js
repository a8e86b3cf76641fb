'use strict';

const profiler = require('../..');
const { BETWEEN_US, fineSpacing, spacing } = require('../helpers/spacing');

function spacingAt(...interval) {
  profiler.setSamplingInterval(...interval);
  return spacing(profiler);
}

function fineSpacingAt(...interval) {
  profiler.setSamplingInterval(...interval);
  return fineSpacing(profiler);
}

describe('setSamplingInterval', () => {
  afterEach(() => {
    profiler.setSamplingInterval();
    profiler.deleteAllProfiles();
  });

  test('returns undefined', () => {
    expect(profiler.setSamplingInterval(2000)).toBeUndefined();
  });

  test('sets the microseconds between samples for the profiles started later', async () => {
    expect(await fineSpacingAt(1000)).toBeLessThan(BETWEEN_US);
    expect(spacingAt(50000)).toBeGreaterThan(BETWEEN_US);
  });

  test('reads the beginning of a string as a number', () => {
    expect(spacingAt('50000 us')).toBeGreaterThan(BETWEEN_US);
  });

  test.each([[[]], [[undefined]], [[null]], [['text']], [[0]], [[{}]], [[NaN]]])('%p means 1000', async (args) => {
    profiler.setSamplingInterval(50000);
    expect(await fineSpacingAt(...args)).toBeLessThan(BETWEEN_US);
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
    expect(spacingAt(-1)).toBeGreaterThan(BETWEEN_US);
  });
});
