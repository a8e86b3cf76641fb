'use strict';

/** writeHeapSnapshot with isolation: who takes the snapshot, in turn, and what becomes of progress, aborts and failures. */

const fs = require('node:fs');
const { outcomeOf, progressFaults } = require('../helpers/outcome');
const { NativeEnvironment, TEXTS, calls, failNext, forked, profiler } = require('../helpers/stand-in');
const { tempFolder } = require('../helpers/temp-folder');

const { openSync } = fs;
const home = process.cwd();
const FAILED = 'ERR_RS_PROFILER_FORK_FAILED';
const settled = () => new Promise(setImmediate);
const write = (options) => outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', options));
const timesOf = (method) => calls.filter(([name]) => name === method).length;

/** Has a file that cannot be opened. */
const without = (file, code) => jest.spyOn(fs, 'openSync').mockImplementation((path, ...others) => {
  if (path === file) throw Object.assign(new Error(), { code });
  return openSync(path, ...others);
});

beforeEach(() => {
  process.chdir(tempFolder());
  calls.length = 0;
  forked.length = 0;
  forked.quick = false;
});

afterEach(() => {
  jest.restoreAllMocks();
  NativeEnvironment.unsupported = null;
  delete process.env.RS_PROFILER_FORK;
  process.chdir(home);
});

describe('who takes the snapshot', () => {
  test.each([5, null, 'child', '', true])('isolation: %p is refused, before anything is made', async (isolation) => {
    const { error } = await write({ isolation });
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
    expect(error.message).toBe("isolation must be one of 'auto', 'fork', 'inline'.");
    expect(calls).toEqual([]);
  });

  test("isolation: 'inline' stays in the process", async () => {
    const { value } = await write({ isolation: 'inline' });
    expect(value).toMatchObject({ isolation: 'inline', isolationReason: expect.stringMatching(/^\w.+ .+\.$/), attempts: 0 });
    expect(forked).toHaveLength(0);
  });

  test.each([undefined, 'auto', 'fork'])('isolation: %p forks where that can be', async (isolation) => {
    forked.quick = true;
    const { value } = await write({ isolation });
    expect(value).toEqual({
      path: fs.realpathSync('a.heapsnapshot'), bytes: TEXTS.snapshot.length, nodes: 1, edges: 0, pauseMs: expect.any(Number),
      durationMs: expect.any(Number), engine: 'native', engineReason: expect.any(String), isolation: 'fork', isolationReason: expect.stringMatching(/^\w.+ .+\.$/), attempts: 1,
    });
    expect([timesOf('takeSnapshot'), timesOf('gone')]).toEqual([0, 1]);
    expect(fs.readFileSync('a.heapsnapshot', 'utf8')).toBe(TEXTS.snapshot);
  });

  const because = {
    'the addon says why': [() => void (NativeEnvironment.unsupported = 'Forking needs glibc.'), /^Forking needs glibc\.$/],
    'RS_PROFILER_FORK=0': [() => void (process.env.RS_PROFILER_FORK = '0'), /RS_PROFILER_FORK=0/],
    'no /proc': [() => without('/proc/self/smaps', 'ENOENT'), /^A forked child needs \/proc\/self\/smaps.*ENOENT/],
    'no /dev/null': [() => without('/dev/null', 'EACCES'), /^A forked child needs \/dev\/null.*EACCES/],
  };
  test.each(Object.keys(because))('where it cannot be (%s), auto is inline and fork rejects', async (why) => {
    const [forbid, reason] = because[why];
    forbid();
    expect(profiler.capabilities().isolation.fork).toEqual({ available: false, reason: expect.stringMatching(reason) });
    const { value } = await write({ isolation: 'auto' });
    expect(value).toMatchObject({ isolation: 'inline', isolationReason: expect.stringMatching(reason), attempts: 0 });
    fs.unlinkSync('a.heapsnapshot');
    const error = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' }).catch((error) => error);
    expect(error).toMatchObject({ code: FAILED, phase: 'fork', reason: expect.stringMatching(reason) });
    expect(error.message).toMatch(/^Use isolation: 'auto'.*: \w+/);
    expect(error).toBeInstanceOf(Error);
    expect(forked).toHaveLength(0);
    expect(fs.readdirSync('.')).toEqual([]);
  });

  test('any other value of RS_PROFILER_FORK changes nothing', () => {
    process.env.RS_PROFILER_FORK = '1';
    expect(profiler.capabilities().isolation.fork).toEqual({ available: true });
  });
});

describe('a fork that failed', () => {
  const DEAD = { message: 'What to do.', phase: 'walk', reason: 'it was ended by signal 9' };

  /** A capture whose two children have died. */
  async function afterTwoDead(options) {
    const writing = profiler.writeHeapSnapshot('a.heapsnapshot', options).then((value) => ({ value }), (error) => error);
    await settled();
    forked[0].missed = true;
    for (let wakes = 0; wakes < 3; wakes += 1) forked[0].wake();
    forked[0].fail(FAILED, DEAD);
    return writing;
  }

  test('is done inline with auto: to the same file, opened again', async () => {
    const { value } = await afterTwoDead({ isolation: 'auto' });
    const isolationReason = 'A forked child was tried and failed in phase walk: it was ended by signal 9.';
    expect(value).toMatchObject({ isolation: 'inline', isolationReason, attempts: 2, nodes: 1 });
    expect(value.path).toBe(fs.realpathSync('a.heapsnapshot'));
    const opened = calls.filter(([method]) => method === 'openTarget').map(([, path]) => String(path));
    expect(opened).toEqual([value.path, value.path]);
    expect(fs.readdirSync('.')).toEqual(['a.heapsnapshot']);
  });

  test('keeps a default name', async () => {
    const writing = outcomeOf(profiler.writeHeapSnapshot(undefined, { dir: 'dumps', isolation: 'auto' }));
    await settled();
    forked[0].fail(FAILED);
    const { value } = await writing;
    expect(fs.readdirSync('dumps').map((name) => fs.realpathSync(`dumps/${name}`))).toEqual([value.path]);
  });

  test('is the error with fork', async () => {
    const error = await afterTwoDead({ isolation: 'fork' });
    expect(error).toMatchObject({ code: FAILED, ...DEAD });
    expect(error).toBeInstanceOf(Error);
    expect(timesOf('takeSnapshot')).toBe(0);
    expect(fs.readdirSync('.')).toEqual([]);
  });

  test.each(['ERR_RS_PROFILER_WALK_FAILED', 'ERR_RS_PROFILER_ABORTED', 'ERR_RS_PROFILER_CLOSED'])('%s is no such failure', async (code) => {
    const writing = write({ isolation: 'auto' });
    await settled();
    forked[0].fail(code);
    expect((await writing).error).toMatchObject({ code });
    expect(timesOf('takeSnapshot')).toBe(0);
  });

  test('nor is an error of the file', async () => {
    const writing = write({ isolation: 'auto' });
    await settled();
    forked[0].reject(new Error(JSON.stringify({ code: 'ENOSPC', message: 'full', errno: 28, syscall: 'write', path: 'a' })));
    expect((await writing).error).toMatchObject({ code: 'ENOSPC', syscall: 'write', path: 'a' });
    expect(timesOf('takeSnapshot')).toBe(0);
  });

  test.each([[FAILED, 'inline'], ['ERR_RS_PROFILER_CLOSED', undefined]])('before there is a child, with %s: %p', async (code, isolation) => {
    failNext('forkSnapshot', { code, message: 'At once.' });
    const { value, error } = await write({ isolation: 'auto' });
    expect(value ? value.isolation : error).toEqual(isolation ?? expect.objectContaining({ code, message: 'At once.' }));
  });

  test('an exception of fork() is the error', async () => {
    const writing = write({ isolation: 'auto' });
    await settled();
    failNext('fork', { code: 'ERR_RS_PROFILER_CLOSED', message: 'Closed.' });
    forked[0].wake();
    expect((await writing).error).toMatchObject({ code: 'ERR_RS_PROFILER_CLOSED', message: 'Closed.' });
  });
});

describe('turns', () => {
  const begin = (options) => ['1', '2', '3'].map((name) => (
    outcomeOf(profiler.writeHeapSnapshot(`${name}.heapsnapshot`, { isolation: 'fork', ...options?.[name] }))
  ));

  test('one child at a time, in the order of the calls, also after a failure', async () => {
    const writing = begin();
    await settled();
    expect(forked).toHaveLength(1);
    forked[0].finish();
    await writing[0];
    await settled();
    expect(forked).toHaveLength(2);
    forked[1].fail('ERR_RS_PROFILER_WALK_FAILED');
    await writing[1];
    await settled();
    forked[2].finish();
    const outcomes = await Promise.all(writing);
    expect(outcomes.map(({ value }) => value?.path.slice(-14))).toEqual(['1.heapsnapshot', undefined, '3.heapsnapshot']);
  });

  test('one that waits can be given up, and the next does not wait for it', async () => {
    const controller = new AbortController();
    const writing = begin({ 2: { signal: controller.signal } });
    await settled();
    const reason = new Error('enough');
    controller.abort(reason);
    expect((await writing[1]).error).toMatchObject({ code: 'ABORT_ERR', cause: reason });
    expect(fs.readdirSync('.').sort()).toEqual(['1.heapsnapshot', '3.heapsnapshot']);
    forked[0].finish();
    await writing[0];
    await settled();
    forked[1].finish();
    expect((await writing[2]).value.isolation).toBe('fork');
    expect(forked).toHaveLength(2);
  });

  test('those in the process wait for nobody', async () => {
    const [first] = begin();
    const { value } = await write({ isolation: 'inline' });
    expect(value.isolation).toBe('inline');
    for (let at = 0; at < 3; at += 1) {
      await settled();
      forked[at].finish();
    }
    await first;
  });
});

describe('a signal', () => {
  test('ends the child, and the caller hears when it has gone', async () => {
    const controller = new AbortController();
    const writing = write({ isolation: 'auto', signal: controller.signal });
    await settled();
    forked[0].wake();
    let leave;
    forked[0].gone = () => new Promise((resolve) => (leave = resolve));
    let heard = false;
    writing.then(() => (heard = true));
    controller.abort();
    await settled();
    expect(heard).toBe(false);
    leave();
    expect((await writing).error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
    expect(timesOf('takeSnapshot')).toBe(0);
    expect(require('node:events').getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('that aborts while a failed fork is cleared away keeps it from being done inline', async () => {
    const controller = new AbortController();
    const writing = write({ isolation: 'auto', signal: controller.signal });
    await settled();
    forked[0].gone = async () => controller.abort();
    forked[0].fail(FAILED);
    expect((await writing).error).toMatchObject({ code: 'ABORT_ERR' });
    expect(timesOf('takeSnapshot')).toBe(0);
    expect(fs.readdirSync('.')).toEqual([]);
  });
});

describe('onProgress', () => {
  /** The progress of a capture to which `children` does something. */
  async function progressOf(options, children) {
    const heard = [];
    const writing = write({ ...options, onProgress: (progress) => heard.push(progress) });
    await settled();
    children(forked[0]);
    const { value } = await writing;
    return { heard, value };
  }

  test('hears of both phases, up to their ends', async () => {
    const { heard, value } = await progressOf({ isolation: 'fork' }, (child) => child.finish());
    expect(progressFaults(heard, ['walk', 'write'])).toEqual([]);
    expect(heard.at(-1).done).toBe(value.bytes);
  });

  test('does not hear that a second child begins anew, nor that the process does', async () => {
    const { heard, value } = await progressOf({ isolation: 'auto' }, (child) => {
      for (const done of [50, 100]) child.hear({ phase: 'walk', done, total: 200 });
      for (const done of [20, 80, 150]) child.hear({ phase: 'walk', done, total: 200 });
      child.hear({ phase: 'write', done: 500, total: 900 });
      child.hear({ phase: 'walk', done: 1, total: 200 });
      child.fail(FAILED);
    });
    expect(value.isolation).toBe('inline');
    expect(progressFaults(heard, ['walk', 'write'])).toEqual([]);
    expect(heard.map(({ done }) => done)).toEqual([50, 100, 150, 200, 500, 500]);
  });

  test.each(['walk', 'write'])('ends the child when it throws in phase %s, and hears no more', async (wanted) => {
    const thrown = new RangeError('from the test');
    let calls = 0;
    const onProgress = ({ phase }) => {
      calls += 1;
      if (phase === wanted) throw thrown;
    };
    const caught = profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'auto', onProgress }).catch((error) => error);
    await settled();
    forked[0].hear({ phase: 'walk', done: 100, total: 100 });
    if (wanted === 'write') forked[0].hear({ phase: 'write', done: 10, total: 90 });
    const before = calls;
    forked[0].hear({ phase: 'write', done: 20, total: 90 });
    expect(await caught).toBe(thrown);
    forked[0].hear({ phase: 'write', done: 30, total: 90 });
    forked[0].wake();
    expect([calls, timesOf('fork')]).toEqual([before, 0]);
    expect(fs.readdirSync('.')).toEqual([]);
  });
});

test('when the process ends, an open capture is closed', async () => {
  const before = process.listeners('exit');
  const writing = write({ isolation: 'fork' });
  await settled();
  const [listener] = process.listeners('exit').filter((one) => !before.includes(one));
  listener();
  expect(timesOf('closeForked')).toBe(1);
  expect((await writing).error.code).toBe('ERR_RS_PROFILER_ABORTED');
  expect(process.listeners('exit')).toEqual(before);
});
