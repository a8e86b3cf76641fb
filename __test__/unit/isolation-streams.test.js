'use strict';

/** createHeapSnapshotStream with isolation: who takes the snapshot, and what becomes of failures, turns and those given up. */

const { once } = require('node:events');

const { outcomeOf, progressFaults } = require('../helpers/outcome');
const { NativeEnvironment, TEXTS, calls, failNext, forked, profiler } = require('../helpers/stand-in');
const { textOf } = require('../helpers/streams');

const FAILED = 'ERR_RS_PROFILER_FORK_FAILED';
const DEAD = { message: 'What to do.', phase: 'walk', reason: 'it was ended by signal 9' };
const SENTENCE = expect.stringMatching(/^\w.+ .+\.$/);
const settled = () => new Promise(setImmediate);
const timesOf = (method) => calls.filter(([name]) => name === method).length;
const factsOf = ({ isolation, isolationReason, pauseMs, attempts, nodes, edges, bytes }) => (
  { isolation, isolationReason, pauseMs, attempts, nodes, edges, bytes });

/** A stream, and what reading it comes to. */
async function read(options) {
  const stream = profiler.createHeapSnapshotStream(options);
  const reading = outcomeOf(textOf(stream));
  await settled();
  return { stream, reading };
}

beforeEach(() => {
  calls.length = 0;
  forked.length = 0;
  forked.quick = false;
});

afterEach(() => {
  NativeEnvironment.unsupported = null;
});

test.each([undefined, 'auto', 'fork'])('isolation: %p forks where that can be, and tells the facts', async (isolation) => {
  forked.quick = true;
  const { stream, reading } = await read({ isolation });
  expect((await reading).value).toBe(TEXTS.snapshot);
  expect(factsOf(stream)).toEqual({
    isolation: 'fork', isolationReason: SENTENCE, pauseMs: expect.any(Number), attempts: 1, nodes: 1, edges: 0, bytes: TEXTS.snapshot.length,
  });
  expect([timesOf('takeSnapshot'), timesOf('gone')]).toEqual([0, 1]);
});

test('where it cannot be, auto is inline, and fork is an error of the stream', async () => {
  NativeEnvironment.unsupported = 'Forking needs glibc.';
  const { stream, reading } = await read();
  expect((await reading).value).toBe(TEXTS.snapshot);
  expect(factsOf(stream)).toMatchObject({ isolation: 'inline', isolationReason: 'Forking needs glibc.', attempts: 0 });
  const demanded = await read({ isolation: 'fork' });
  expect((await demanded.reading).error).toMatchObject({ code: FAILED });
  expect(forked).toHaveLength(0);
});

test('of one that nobody reads nothing is known, and nothing is made', async () => {
  const stream = profiler.createHeapSnapshotStream();
  await settled();
  expect(new Set(Object.values(factsOf(stream)))).toEqual(new Set([undefined]));
  expect(calls).toEqual([]);
});

describe('a fork that failed', () => {
  test('before the first byte is done inline with auto', async () => {
    const { stream, reading } = await read();
    forked[0].wake();
    forked[0].fail(FAILED, DEAD);
    expect((await reading).value).toBe(TEXTS.snapshot);
    const isolationReason = 'A forked child was tried and failed in phase walk: it was ended by signal 9.';
    expect(factsOf(stream)).toMatchObject({ isolation: 'inline', isolationReason, attempts: 1, bytes: TEXTS.snapshot.length });
    expect(timesOf('gone')).toBe(1);
  });

  test.each([
    ['with fork', { isolation: 'fork' }, FAILED],
    ['for another reason', {}, 'ERR_RS_PROFILER_WALK_FAILED'],
  ])('before the first byte is the error %s', async (_, options, code) => {
    const { reading } = await read(options);
    forked[0].fail(code, DEAD);
    expect((await reading).error).toMatchObject({ code, message: DEAD.message, isError: true });
    expect([timesOf('takeSnapshot'), timesOf('gone')]).toEqual([0, 1]);
  });

  test('after the first byte is the error, with auto as well', async () => {
    const { reading } = await read();
    forked[0].give(TEXTS.snapshot.slice(0, 60));
    await settled();
    forked[0].fail(FAILED, { ...DEAD, phase: 'write' });
    expect((await reading).error).toMatchObject({ code: FAILED });
    expect([timesOf('takeSnapshot'), timesOf('gone')]).toEqual([0, 1]);
  });

  test('at once is done inline as well', async () => {
    failNext('forkSnapshot', { code: FAILED, message: 'At once.', phase: 'fork', reason: 'no' });
    const { stream, reading } = await read();
    expect((await reading).value).toBe(TEXTS.snapshot);
    expect(stream).toMatchObject({ isolation: 'inline', attempts: 0 });
  });

  test('a text that came to no good end, though the child did, is an error', async () => {
    const { reading } = await read();
    forked[0].give(Promise.reject(new Error(JSON.stringify({ code: FAILED, message: 'Too short.', phase: 'write', reason: 'short' }))));
    forked[0].resolve({});
    const { value, error } = await reading;
    // Nothing was given yet.
    expect([value, error]).toEqual([TEXTS.snapshot, undefined]);
  });
});

test('a reader that pauses does not hold the turn of others, and one that waits for its turn can be destroyed', async () => {
  const first = profiler.createHeapSnapshotStream();
  const second = profiler.createHeapSnapshotStream();
  const third = profiler.createHeapSnapshotStream();
  for (const stream of [first, second, third]) stream.once('readable', () => {});
  await settled();
  expect(forked).toHaveLength(1);
  second.destroy();
  await once(second, 'close');
  forked[0].give(TEXTS.snapshot.slice(0, 60));
  await settled();
  expect(forked).toHaveLength(2);
  expect(first.isolation).toBe('fork');
  for (const stream of [first, third]) {
    stream.destroy();
    await once(stream, 'close');
  }
  expect([timesOf('gone'), timesOf('takeSnapshot')]).toEqual([2, 0]);
});

test('a read that fails while the child is well is the error, and does not hold the turn of others', async () => {
  failNext('nextForked', { code: 'ERR_RS_PROFILER_NO_THREAD', message: 'No thread.' });
  const { reading } = await read();
  expect((await reading).error).toMatchObject({ code: 'ERR_RS_PROFILER_NO_THREAD', message: 'No thread.' });
  forked.quick = true;
  expect((await (await read()).reading).value).toBe(TEXTS.snapshot);
  expect(timesOf('gone')).toBe(2);
});

describe('given up', () => {
  test.each(['fork', 'inline'])('by onProgress, which hears no more then: %s', async (isolation) => {
    forked.quick = true;
    let heard = 0;
    const stream = profiler.createHeapSnapshotStream({ isolation, onProgress: () => (heard += 1) && stream.destroy() });
    stream.resume();
    await once(stream, 'close');
    await settled();
    expect(heard).toBe(1);
  });

  test.each(['before the first byte', 'after it'])('%s, the stream closes when the child has gone', async (when) => {
    const { stream, reading } = await read();
    if (when === 'after it') forked[0].give(TEXTS.snapshot.slice(0, 60));
    await settled();
    let leave;
    forked[0].gone = () => new Promise((resolve) => (leave = resolve));
    stream.destroy(new Error('enough'));
    let closed = false;
    stream.once('close', () => (closed = true));
    await settled();
    expect([closed, timesOf('closeForked')]).toEqual([false, 1]);
    leave();
    expect((await reading).error.message).toBe('enough');
    await settled();
    expect([closed, timesOf('takeSnapshot')]).toEqual([true, 0]);
  });

  test.each(['walk', 'write'])('by an onProgress that throws in phase %s', async (wanted) => {
    const thrown = new RangeError('from the test');
    const onProgress = ({ phase }) => {
      if (phase === wanted) throw thrown;
    };
    const stream = profiler.createHeapSnapshotStream({ onProgress });
    const caught = textOf(stream).catch((error) => error);
    await settled();
    forked[0].hear({ phase: 'walk', done: 100, total: 100 });
    forked[0].give(TEXTS.snapshot.slice(0, 60));
    expect(await caught).toBe(thrown);
    forked[0].wake();
    expect([timesOf('fork'), timesOf('gone')]).toEqual([0, 1]);
  });
});

test.each([true, false])('onProgress hears of both phases, up to their ends (the walk in time: %p)', async (inTime) => {
  const heard = [];
  const { stream, reading } = await read({ onProgress: (progress) => heard.push(progress) });
  const walk = () => forked[0].hear({ phase: 'walk', done: 100, total: 100 });
  if (inTime) walk();
  forked[0].hear({ phase: 'write', done: 0, total: 900 });
  for (const text of [TEXTS.snapshot, null]) forked[0].give(text);
  forked[0].resolve({});
  await reading;
  if (!inTime) walk();
  expect(progressFaults(heard, ['walk', 'write'])).toEqual([]);
  expect(heard.map(({ total }) => total)).toEqual([inTime ? 100 : 1, 900, stream.bytes]);
});
