'use strict';

const { soak, wrongWith } = require('../helpers/fork-soak');

const ROUNDS = 10;

// Only ends a test that hangs.
jest.setTimeout(600_000);

test(`${ROUNDS} forked snapshots under load and allocation leave nothing behind`, async () => {
  const found = await soak(ROUNDS);
  expect(wrongWith(found, ROUNDS)).toEqual([]);
  expect(found.answered).toBeGreaterThan(0);
});
