'use strict';

/** Forked snapshots where others changed built-in objects, and what the permission model leaves of turns. */

const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');

const { outcomeOf } = require('../helpers/outcome');
const { TEXTS, calls, forked, profiler } = require('../helpers/stand-in');
const { textOf } = require('../helpers/streams');
const { tempFolder } = require('../helpers/temp-folder');

const home = process.cwd();
const write = (options, name = 'a') => outcomeOf(profiler.writeHeapSnapshot(`${name}.heapsnapshot`, options));
const turnsOf = () => calls.filter(([method]) => method === 'forkSnapshot').map(([, { turns }]) => turns);

beforeEach(() => {
  process.chdir(tempFolder());
  calls.length = 0;
  forked.quick = true;
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  process.chdir(home);
});

describe('properties on Object.prototype', () => {
  const NAMES = ['failure', 'pauseMs', 'attempts', 'target', 'isolation', 'isolationReason', 'reason'];

  afterEach(() => {
    for (const name of NAMES) delete Object.prototype[name];
  });

  test.each([['fork', 1], ['inline', 0]])('are no facts of a snapshot: %s', async (isolation, attempts) => {
    for (const name of NAMES) Object.prototype[name] = 'inherited';
    const { value, error } = await write({ isolation });
    const stream = profiler.createHeapSnapshotStream({ isolation });
    const text = await textOf(stream);
    for (const name of NAMES) delete Object.prototype[name];
    const facts = { isolation, attempts, pauseMs: expect.any(Number) };
    expect(error).toBeUndefined();
    expect(value).toMatchObject(facts);
    expect(stream).toMatchObject(facts);
    expect(text).toBe(TEXTS.snapshot);
  });
});

test('with mocked timers everything comes to its end, and a stream with an aborted signal too', async () => {
  // The stand-in's own.
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  expect((await write({ isolation: 'fork' })).value.isolation).toBe('fork');
  expect(await textOf(profiler.createHeapSnapshotStream())).toBe(TEXTS.snapshot);
  const stream = profiler.createHeapSnapshotStream({ signal: AbortSignal.abort() });
  const [error] = await once(stream, 'error');
  expect(error).toMatchObject({ code: 'ABORT_ERR' });
});

describe('the folder for turns', () => {
  let runtime;

  beforeEach(() => {
    runtime = process.env.XDG_RUNTIME_DIR;
    process.env.XDG_RUNTIME_DIR = fs.realpathSync('.');
  });

  afterEach(() => {
    delete process.permission;
    delete process.env.XDG_RUNTIME_DIR;
    if (runtime !== undefined) process.env.XDG_RUNTIME_DIR = runtime;
  });

  test('is one of this user', async () => {
    await write();
    process.env.XDG_RUNTIME_DIR = 'relative';
    await write({}, 'b');
    const [own, temporary] = turnsOf();
    expect(own).toBe(path.resolve('rs-profiler'));
    expect(path.basename(temporary)).toBe(`rs-profiler-${process.geteuid?.()}`);
  });

  test('is left alone where the permission model forbids to write there', async () => {
    const allowed = path.resolve('a.heapsnapshot');
    process.permission = { has: (scope, file) => scope !== 'fs.write' || file === allowed };
    expect((await write()).value.isolation).toBe('fork');
    expect(turnsOf()).toEqual([undefined]);
  });
});
