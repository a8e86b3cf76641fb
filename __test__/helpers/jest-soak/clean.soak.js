'use strict';

/** Run by scripts/soak-jest.js: functions that leave nothing behind, again and again. */

const fs = require('node:fs');
const { clean } = require('../jest-functions');
require('../../../jest');

const { runs, results } = JSON.parse(process.env.RS_PROFILER_JEST_SOAK);

test.each(Object.keys(clean))('%s', async (name) => {
  const start = performance.now();
  const alarms = [];
  for (let run = 0; run < runs; run += 1) {
    try {
      await expect(clean[name]()).not.toLeak();
    } catch (error) {
      alarms.push(error.message);
    }
  }
  const ms = (performance.now() - start) / runs;
  fs.appendFileSync(results, `${JSON.stringify({ kind: 'clean', name, runs, wrong: alarms.length, ms, texts: alarms })}\n`);
  expect(alarms).toEqual([]);
}, 3_600_000);
