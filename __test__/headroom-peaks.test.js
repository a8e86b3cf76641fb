'use strict';

/** What the head-room guard estimates, beside what a snapshot then takes: within a factor of 2 of the peak. */

const { runChild } = require('../benchmark/lib/child');

jest.setTimeout(600_000);

const SHAPES = ['small objects', 'distinct strings', 'typed arrays', 'closures', 'huge arrays'];
const CASES = ['inline', 'fork'].flatMap((capture) => SHAPES.map((shape) => [shape, capture]));

(process.platform === 'linux' ? test : test.skip).each(CASES)('%s, %s', async (shape, capture) => {
  const measured = await runChild('headroom', { shape, megabytes: 30, capture }, { flags: ['--expose-gc'], limitMs: 240_000 });
  expect(measured.failed).toBeUndefined();
  const ratio = measured.estimate.neededBytes / measured.peak;
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});
