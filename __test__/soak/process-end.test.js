'use strict';

/**
 * The end of the process with something running or unfinished. Crashes at that point come and go, so each combination of
 * the v8 tier's exit.test.js runs several times.
 */

const { EXPECTED_INSIDE, INSIDE, STATES, exitInside, expectedOf, fewAtOnce, leave, waysOutOf } = require('../helpers/ends');

const RUNS = ['1st', '2nd', '3rd', '4th', '5th'];

const all = (value) => Object.fromEntries(RUNS.map((run) => [run, value]));

describe.each(Object.keys(STATES))('with %s', (state) => {
  test.each(waysOutOf(state))('%s', async (way) => {
    expect(await fewAtOnce(RUNS, () => leave(state, way))).toEqual(all(expectedOf(way)));
  });
});

test.each(Object.keys(INSIDE))('process.exit inside %s', async (place) => {
  expect(await fewAtOnce(RUNS, () => exitInside(place))).toEqual(all(EXPECTED_INSIDE));
});
