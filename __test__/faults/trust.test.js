'use strict';

/** What a process learns from children that failed: a canary is sent ahead, and what cannot be is not tried again and again. */

const { buildPreload } = require('../helpers/faults');
const { runServedAlone } = require('../helpers/service');
const { tempFolder } = require('../helpers/temp-folder');

/** The beginning of every scenario here. `kill` is the number of the signal of which children die at their beginning. */
const PRELUDE = `
  const { profiler, outcome } = context;
  const kill = (signal) => void (signal ? process.env.FAULT_DIE = signal : delete process.env.FAULT_DIE);
  const capture = async (isolation) => {
    const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation }));
    if (error) return error;
    require('node:fs').unlinkSync('a.heapsnapshot');
    return { used: value.isolation, attempts: value.attempts, isolationReason: value.isolationReason };
  };
`;

let preload;
beforeAll(() => {
  preload = buildPreload(tempFolder());
});

const run = (body) => runServedAlone(`async (context) => {${PRELUDE}${body}}`, { env: { LD_PRELOAD: preload } });
const FAILED = 'ERR_RS_PROFILER_FORK_FAILED';
const byChild = (attempts) => expect.objectContaining({ used: 'fork', attempts });
const inline = (attempts, why) => ({ used: 'inline', attempts, isolationReason: expect.stringMatching(why) });

test('a canary that ends well is followed by forks', async () => {
  const outcomes = await run(`
    process.env.RS_PROFILER_FORK = 'canary';
    return [await capture('fork'), await capture('auto')];
  `);
  expect(outcomes).toEqual([byChild(2), byChild(1)]);
});

test('a canary that dies is followed by none', async () => {
  const outcomes = await run(`
    process.env.RS_PROFILER_FORK = 'canary';
    kill(11);
    const first = await capture('auto');
    kill();
    return [first, await capture('auto'), await capture('fork'), profiler.capabilities().isolation.fork];
  `);
  expect(outcomes).toEqual([
    inline(2, /signal 11/),
    inline(0, /trial.*signal 11/),
    expect.objectContaining({ code: FAILED, message: expect.stringMatching(/trial.*signal 11/) }),
    { available: false, reason: expect.stringMatching(/trial.*signal 11/) },
  ]);
});

test('a canary that was killed from outside proves nothing', async () => {
  const outcomes = await run(`
    process.env.RS_PROFILER_FORK = 'canary';
    kill(9);
    const first = await capture('auto');
    kill();
    return [first, await capture('auto')];
  `);
  expect(outcomes).toEqual([inline(2, /signal 9/), byChild(2)]);
});

test('children that all died by themselves: auto forks none for a while, unless one that was demanded did well', async () => {
  const outcomes = await run(`
    kill(11);
    const first = await capture('auto');
    kill();
    return [first, await capture('auto'), profiler.capabilities().isolation.fork, await capture('fork'), await capture('auto')];
  `);
  expect(outcomes).toEqual([inline(2, /signal 11/), inline(0, /ten minutes.*signal 11/), { available: true }, byChild(1), byChild(1)]);
});

test('children that were killed from outside are no reason to rest', async () => {
  const outcomes = await run(`
    kill(15);
    const first = await capture('auto');
    kill();
    return [first, await capture('auto')];
  `);
  expect(outcomes).toEqual([inline(2, /signal 15/), byChild(1)]);
});
