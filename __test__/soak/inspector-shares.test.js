'use strict';

/** What two profilers sample of the same work. Both samplers need their share of the machine: it must not be busy. */

const { recordBoth } = require('../helpers/inspector-beside');
const { hitsByFunction } = require('../helpers/profiles');

let ours;
let theirs;

beforeAll(async () => {
  [ours, theirs] = await recordBoth();
});

/** The functions that matter, with their share of all hits. */
function shares(profile) {
  const hits = hitsByFunction(profile);
  const total = Object.values(hits).reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThan(50);
  return Object.fromEntries(Object.entries(hits).map(([name, count]) => [name, count / total]));
}

test('the same functions have the same share', () => {
  const [own, other] = [shares(ours), shares(theirs)];
  for (const name of ['hotLeaf', 'hotCaller']) {
    expect([name, Math.abs((own[name] || 0) - (other[name] || 0)) < 0.15]).toEqual([name, true]);
  }
  expect(own.hotLeaf).toBeGreaterThan(0.4);
});

test('the numbers of samples are comparable', () => {
  expect(ours.samples.length).toBeGreaterThan(0.5 * theirs.samples.length);
  expect(ours.samples.length).toBeLessThan(2 * theirs.samples.length);
});
