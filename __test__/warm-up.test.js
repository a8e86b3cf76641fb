'use strict';

const profiler = require('..');
const { runClean } = require('./helpers/child');
const { hitsByFunction } = require('./helpers/profiles');
const workload = require('./helpers/workload');

// What is measured here (memory, time, random samples) is noisy on a busy machine: a bug fails every time, noise does not.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

function record(name = 'warm') {
  profiler.startProfiling(name);
  workload.spin(60);
  const profile = profiler.stopProfiling(name);
  profile.delete();
  return profile;
}

describe('warmUp and coolDown', () => {
  afterEach(() => profiler.coolDown());

  test('return undefined, work unbound, and may be repeated in any order', () => {
    const { warmUp, coolDown } = profiler;
    const results = [coolDown(), warmUp(), warmUp(), coolDown(), coolDown(), warmUp()];
    expect(results).toEqual(new Array(6).fill(undefined));
  });

  test('warmth begins and ends with the calls, and leaves nothing running', async () => {
    const seen = await runClean(({ profiler, main, workload, codeOf, report }) => {
      const path = require('path');
      const environment = require(path.join(path.dirname(main), 'lib', 'state')).getEnvironment();
      const threads = () => (process.platform === 'linux' ? require('fs').readdirSync('/proc/self/task').length : 0);
      const facts = () => [environment.isWarm(), threads()];
      workload.spin(5);
      const [before, threadsBefore] = facts();
      profiler.warmUp();
      const [warm, threadsWarm] = facts();
      const { code } = codeOf(() => profiler.stopProfiling()).error;
      profiler.startProfiling('warm');
      profiler.stopProfiling('warm').delete();
      const [still] = facts();
      profiler.coolDown();
      const [after] = facts();
      report({
        warmth: [before, warm, still, after],
        moreThreads: threadsWarm - threadsBefore,
        code,
        profiles: Object.keys(profiler.profiles).length,
      });
    });
    expect(seen).toEqual({
      warmth: [false, true, true, false],
      moreThreads: 0,
      code: 'ERR_RS_PROFILER_NOT_RUNNING',
      profiles: 0,
    });
  });

  test('a profile that runs while it warms up goes on, and those of other packages too', async () => {
    const [ours, inspectors] = await runClean(({ profiler, workload, report }) => {
      const session = new (require('inspector').Session)();
      session.connect();
      session.post('Profiler.enable');
      session.post('Profiler.start');
      profiler.setGenerateType(1);
      profiler.startProfiling('running');
      profiler.warmUp();
      workload.spin(60);
      const count = (nodes) => nodes.filter((node) => (node.callFrame || node).functionName === 'hotLeaf').length;
      const ours = count(profiler.stopProfiling('running').nodes);
      session.post('Profiler.stop', (error, { profile }) => report([ours, count(profile.nodes)]));
    });
    expect(ours).toBeGreaterThan(0);
    expect(inspectors).toBeGreaterThan(0);
  });

  test('profiles know the functions of before, and those compiled meanwhile', () => {
    workload.spin(20);
    profiler.warmUp();
    // Long and without a loop, for the reasons given in helpers/workload.js.
    const body = 'x = leaf(x);'.repeat(100);
    const compiledLater = new Function('leaf', `return function compiledLater(x) { ${body} return x; }`)(workload.hotLeaf);
    compiledLater(10);
    profiler.startProfiling('both');
    workload.spin(60);
    for (let i = 0; i < 5000; i++) compiledLater(i);
    const hits = hitsByFunction(profiler.stopProfiling('both'));
    profiler.deleteAllProfiles();
    expect(hits.hotLeaf).toBeGreaterThan(0);
    expect(hits).toHaveProperty('compiledLater');
  });

  test('profiles are complete one after the other, warm and cold in turns', () => {
    for (const change of [profiler.warmUp, profiler.warmUp, profiler.coolDown, profiler.warmUp]) {
      change();
      for (let i = 0; i < 3; i++) expect(hitsByFunction(record()).hotLeaf).toBeGreaterThan(0);
    }
  });

  test('a running profile outlives coolDown and warmUp', () => {
    profiler.warmUp();
    profiler.startProfiling('running');
    profiler.coolDown();
    workload.spin(60);
    profiler.warmUp();
    expect(hitsByFunction(profiler.stopProfiling('running')).hotLeaf).toBeGreaterThan(0);
    profiler.deleteAllProfiles();
  });

  test('the interval still holds for the next start', () => {
    profiler.warmUp();
    profiler.setSamplingInterval(50000);
    const coarse = record().samples.length;
    profiler.setSamplingInterval(1000);
    const fine = record().samples.length;
    expect(coarse).toBeLessThan(fine);
  });

  test('captureCpuProfile works warm', async () => {
    profiler.warmUp();
    const captured = profiler.captureCpuProfile({ durationMs: 40 });
    setTimeout(() => workload.spin(60), 1);
    expect(hitsByFunction(await captured).hotLeaf).toBeGreaterThan(0);
  });

  test('a start is cheaper than the first one was', async () => {
    const [cold, warm] = await runClean(({ profiler, workload, report }) => {
      const timeOfStart = () => {
        const begin = process.hrtime.bigint();
        profiler.startProfiling('timed');
        const taken = Number(process.hrtime.bigint() - begin) / 1e6;
        workload.spin(5);
        profiler.stopProfiling('timed').delete();
        return taken;
      };
      const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
      const five = () => median(Array.from({ length: 5 }, timeOfStart));
      const cold = five();
      profiler.warmUp();
      report([cold, five()]);
    });
    expect(warm).toBeLessThan(cold);
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
