'use strict';

const profiler = require('../..');
const { runClean } = require('../helpers/child');
const { getEnvironment } = require('../../lib/native/environment');
const { hitsByFunction } = require('../helpers/profiles');
const { untilSeen } = require('../helpers/repeat');
const { BETWEEN_US, fineSpacing, spacing } = require('../helpers/spacing');
const workload = require('../helpers/workload');

function record() {
  profiler.startProfiling('warm');
  workload.spin(60);
  const profile = profiler.stopProfiling('warm');
  profile.delete();
  return profile;
}

/** The same, until the workload was sampled. */
const recordHot = () => untilSeen(5, record, (profile) => hitsByFunction(profile).hotLeaf > 0);

describe('warmUp and coolDown', () => {
  afterEach(() => profiler.coolDown());

  test('return undefined, work unbound, and may be repeated in any order', () => {
    const { warmUp, coolDown } = profiler;
    const results = [coolDown(), warmUp(), warmUp(), coolDown(), coolDown(), warmUp()];
    expect(results).toEqual(new Array(6).fill(undefined));
  });

  test('profiles know the functions of before, and those compiled meanwhile', async () => {
    workload.spin(20);
    profiler.warmUp();
    // Long and without a loop, for the reasons given in helpers/workload.js.
    const body = 'x = leaf(x);'.repeat(100);
    const compiledLater = new Function('leaf', `return function compiledLater(x) { ${body} return x; }`)(workload.hotLeaf);
    compiledLater(10);
    const recordBoth = () => {
      profiler.startProfiling('both');
      workload.spin(60);
      for (let i = 0; i < 5000; i++) compiledLater(i);
      return hitsByFunction(profiler.stopProfiling('both'));
    };
    const hits = await untilSeen(5, recordBoth, ({ hotLeaf, compiledLater: later }) => hotLeaf > 0 && later !== undefined);
    profiler.deleteAllProfiles();
    expect(hits.hotLeaf).toBeGreaterThan(0);
    expect(hits).toHaveProperty('compiledLater');
  });

  test('profiles are complete one after the other, warm and cold in turns', async () => {
    for (const change of [profiler.warmUp, profiler.warmUp, profiler.coolDown, profiler.warmUp]) {
      change();
      for (let i = 0; i < 3; i++) expect(hitsByFunction(await recordHot()).hotLeaf).toBeGreaterThan(0);
    }
  });

  test('a running profile outlives coolDown and warmUp', async () => {
    const recordThrough = () => {
      profiler.warmUp();
      profiler.startProfiling('running');
      profiler.coolDown();
      workload.spin(60);
      profiler.warmUp();
      return hitsByFunction(profiler.stopProfiling('running'));
    };
    expect((await untilSeen(5, recordThrough, (hits) => hits.hotLeaf > 0)).hotLeaf).toBeGreaterThan(0);
    profiler.deleteAllProfiles();
  });

  test('the interval still holds for the next start', async () => {
    profiler.warmUp();
    profiler.setSamplingInterval(50000);
    expect(spacing(profiler)).toBeGreaterThan(BETWEEN_US);
    profiler.setSamplingInterval(1000);
    expect(await fineSpacing(profiler)).toBeLessThan(BETWEEN_US);
  });

  test('captureCpuProfile works warm', async () => {
    profiler.warmUp();
    const capture = () => {
      setTimeout(() => workload.spin(60), 1);
      return profiler.captureCpuProfile({ durationMs: 40 });
    };
    const captured = await untilSeen(5, capture, (profile) => hitsByFunction(profile).hotLeaf > 0);
    expect(hitsByFunction(captured).hotLeaf).toBeGreaterThan(0);
  });

  test('a start takes the warm profiler: there is no second one, and it stays', () => {
    const open = () => getEnvironment().openProfilers();
    expect(open()).toBe(0);
    profiler.warmUp();
    expect(open()).toBe(1);
    profiler.startProfiling('one');
    profiler.startProfiling('two');
    expect(open()).toBe(1);
    for (const name of ['one', 'two']) profiler.stopProfiling(name).delete();
    expect(open()).toBe(1);
    profiler.coolDown();
    expect(open()).toBe(0);
  });

  test('a warm process ends by itself, and so does a warm worker', async () => {
    const seen = await runClean(({ profiler, main, report }) => {
      const { Worker } = require('worker_threads');
      profiler.warmUp();
      const source = 'require(require(\'worker_threads\').workerData).warmUp();';
      new Worker(source, { eval: true, workerData: main }).on('exit', report);
    });
    expect(seen).toBe(0);
  });
});
