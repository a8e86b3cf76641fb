'use strict';

/** What a process learns from children that failed: a canary is sent ahead, and what cannot be is not tried again and again. */

const { runServedAlone } = require('../../helpers/service');

/** The beginning of every scenario here: a heap that takes its time, and captures; `kill` is the signal that children get at birth. */
const PRELUDE = `
  globalThis.kept = Array.from({ length: 20_000 }, (_, at) => ({ at, text: 'some text ' + at }));
  const { profiler, outcome, processes } = context;
  const { describe } = require(require('node:path').join(context.main, '../lib/native/environment'));
  let kill;
  profiler.capabilities();
  const { prototype } = describe().addon.exports.NativeForkedSnapshot;
  const { fork } = prototype;
  prototype.fork = function() {
    const born = fork.call(this);
    // At once: no child has done anything yet.
    if (born && kill) processes.childrenOf(process.pid).forEach((child) => processes.signal(child, kill));
    return born;
  };
  const capture = async (isolation) => {
    const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation }));
    if (error) return error;
    require('node:fs').unlinkSync('a.heapsnapshot');
    return { used: value.isolation, attempts: value.attempts, isolationReason: value.isolationReason };
  };
`;

const run = (body) => runServedAlone(`async (context) => {${PRELUDE}${body}}`);
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
    kill = 'SIGSEGV';
    const first = await capture('auto');
    kill = undefined;
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
    kill = 'SIGKILL';
    const first = await capture('auto');
    kill = undefined;
    return [first, await capture('auto')];
  `);
  expect(outcomes).toEqual([inline(2, /signal 9/), byChild(2)]);
});

test('children that all died by themselves: auto forks none for a while, unless one that was demanded did well', async () => {
  const outcomes = await run(`
    kill = 'SIGSEGV';
    const first = await capture('auto');
    kill = undefined;
    return [first, await capture('auto'), profiler.capabilities().isolation.fork, await capture('fork'), await capture('auto')];
  `);
  expect(outcomes).toEqual([inline(2, /signal 11/), inline(0, /ten minutes.*signal 11/), { available: true }, byChild(1), byChild(1)]);
});

test('children that were killed from outside are no reason to rest', async () => {
  const outcomes = await run(`
    kill = 'SIGTERM';
    const first = await capture('auto');
    kill = undefined;
    return [first, await capture('auto')];
  `);
  expect(outcomes).toEqual([inline(2, /signal 15/), byChild(1)]);
});
