'use strict';

/** Run by scripts/soak-jest.js: functions that leak. Most runs stop at the verdict, without snapshots; the first gives the message. */

const fs = require('node:fs');
const { judge } = require('../../../lib/jest/judge');
const { driveAsync, driveSync } = require('../../../lib/jest/run');
const { leaking } = require('../jest-functions');
require('../../../jest');

const { leakRuns: runs, results } = JSON.parse(process.env.RS_PROFILER_JEST_SOAK);
const options = { iterations: 100, warmup: 10, toleranceBytes: 400 };

test.each(Object.keys(leaking))('%s', async (name) => {
  const { make, held } = leaking[name];
  const start = performance.now();
  const misses = [];
  for (let run = 0; run < runs; run += 1) {
    const fn = make();
    const verdict = fn() instanceof Promise ? await driveAsync(judge(options), fn) : driveSync(judge(options), fn);
    if (!verdict.leaks) misses.push(`run ${run}`);
  }
  const ms = (performance.now() - start) / runs;
  const text = await Promise.resolve().then(() => expect(make()).not.toLeak()).then(() => '', (error) => error.message);
  if (!held.test(text.split('\n').slice(1).join('\n'))) misses.push(`not named: ${text}`);
  fs.appendFileSync(results, `${JSON.stringify({ kind: 'leaking', name, runs: runs + 1, wrong: misses.length, ms, texts: misses })}\n`);
  expect(misses).toEqual([]);
}, 3_600_000);
