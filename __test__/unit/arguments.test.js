'use strict';

/** What the functions that return promises and streams refuse, before the addon hears of it. */

const fs = require('node:fs');
const path = require('node:path');

const { Fuzzer, everyPlace, everyValue } = require('../helpers/junk');
const { outcomeOf } = require('../helpers/outcome');
const { TEXTS, calls, failNext, forked, profiler, heapdump } = require('../helpers/stand-in');
const { tempFolder } = require('../helpers/temp-folder');

const INVALID = { code: 'ERR_RS_PROFILER_INVALID_ARGUMENT', isError: true };

const home = process.cwd();

beforeEach(() => {
  process.chdir(tempFolder());
  calls.length = 0;
  forked.quick = true;
});

afterEach(() => process.chdir(home));

describe('writeHeapSnapshot', () => {
  test.each([
    [5],
    [{}],
    [true],
    [Symbol('path')],
    ['nul\0'],
    ['a', 'options'],
    ['a', { signal: {} }],
    ['a', { signal: null }],
    ['a', { onProgress: 'text' }],
    ['a', { exposeInternals: 1 }],
    ['a', { exposeNumericValues: 'yes' }],
    ['a', { isolation: 'child' }],
  ])('rejects (%p, %p) as an invalid argument', async (...args) => {
    const { error } = await outcomeOf(profiler.writeHeapSnapshot(...args));
    expect(error).toMatchObject({ name: 'TypeError', ...INVALID });
    expect(fs.readdirSync('.')).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('passes its options on, and frees the snapshot', async () => {
    await profiler.writeHeapSnapshot('a.heapsnapshot', { exposeInternals: true, exposeNumericValues: false, isolation: 'inline' });
    expect(calls.filter(([method]) => method === 'takeSnapshot')).toEqual([['takeSnapshot', true, false]]);
    expect(calls.filter(([method]) => method === 'delete')).toHaveLength(1);
    expect(fs.readFileSync('a.heapsnapshot', 'utf8')).toBe(TEXTS.snapshot);
  });

  test.each(['takeSnapshot', 'export', 'writeFile'])('rejects with what %s of the addon throws', async (method) => {
    failNext(method, { code: 'ERR_RS_PROFILER_CLOSED', message: 'It is closed.' });
    const { error } = await outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'inline' }));
    expect(error).toMatchObject({ code: 'ERR_RS_PROFILER_CLOSED', message: 'It is closed.', isError: true });
  });
});

describe('createHeapSnapshotStream', () => {
  test.each([
    ['options'],
    [5],
    [{ signal: {} }],
    [{ onProgress: 'text' }],
    [{ exposeInternals: 1 }],
    [{ exposeNumericValues: 'yes' }],
    [{ isolation: 'child' }],
  ])('throws for %p, before anything is made', (options) => {
    const attempt = () => profiler.createHeapSnapshotStream(options);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(expect.objectContaining({ code: INVALID.code }));
    expect(calls).toEqual([]);
  });
});

describe('captureCpuProfile', () => {
  test.each([
    [undefined],
    [{}],
    [{ samplingIntervalUs: 1000 }],
    [{ durationMs: '5' }],
    [{ durationMs: -1 }],
    [{ durationMs: NaN }],
    [{ durationMs: 5, samplingIntervalUs: 0 }],
    [{ durationMs: 5, mode: 'other' }],
    [{ durationMs: 5, format: 'svg' }],
    [{ durationMs: 5, path: 5 }],
    [{ durationMs: 5, onProgress: 'text' }],
    [{ signal: {} }],
    ['text'],
  ])('rejects %p', async (options) => {
    const { error } = await outcomeOf(profiler.captureCpuProfile(options));
    expect(error).toMatchObject(INVALID);
    expect(calls).toEqual([]);
  });
});

describe('takeSnapshot', () => {
  afterEach(() => profiler.deleteAllSnapshots());

  test.each([undefined, null, '', 0, false, NaN, [], () => {}])('gives the name %p the title "Snapshot <uid>"', (name) => {
    const { title, uid } = profiler.takeSnapshot(name);
    expect(title).toBe(`Snapshot ${uid}`);
  });

  test.each([['S', 'S'], [5, '5'], [{}, '[object Object]'], [true, 'true']])('makes a string of the name %p', (name, title) => {
    expect(profiler.takeSnapshot(name).title).toBe(title);
  });

  test('refuses a Symbol as a name and leaves nothing behind', () => {
    expect(() => profiler.takeSnapshot(Symbol('name'))).toThrow(TypeError);
    expect(calls).toEqual([]);
    expect(profiler.snapshots).toEqual({});
  });

  test('accepts anything for control', () => {
    for (const control of [undefined, null, 5, 'text', {}, () => {}]) {
      expect(profiler.takeSnapshot('c', control).typeId).toBe('HEAP');
    }
  });
});

describe('arguments that make no sense', () => {
  test('of the heap profiler and of a snapshot', async () => {
    const fuzzer = new Fuzzer();
    await fuzzer.run('takeSnapshot', everyPlace(), profiler.takeSnapshot);
    for (const name of ['getHeapStats', 'getObjectByHeapObjectId', 'getHeapObjectId']) {
      await fuzzer.run(name, everyPlace(), profiler[name]);
    }
    const snapshot = profiler.takeSnapshot('kept');
    for (const name of ['compare', 'serialize', 'export']) {
      await fuzzer.run(name, everyPlace(), (...args) => snapshot[name](...args));
    }
    profiler.deleteAllSnapshots();
    expect(fuzzer.findings).toEqual([]);
    expect(fuzzer.calls).toBe(7 * 13 * 5);
  });


  test('of the functions that write a snapshot', async () => {
    const fuzzer = new Fuzzer();
    await fuzzer.run('writeHeapSnapshot', everyPlace(), profiler.writeHeapSnapshot);
    const write = (options) => profiler.writeHeapSnapshot('junk.heapsnapshot', options);
    for (const option of ['signal', 'onProgress', 'exposeInternals', 'exposeNumericValues', 'isolation']) {
      await fuzzer.run(option, everyValue(), (value) => write({ [option]: value }));
    }
    await fuzzer.run('writeHeapSnapshot', everyValue(), write);
    await fuzzer.run('writeSnapshot', everyPlace(), heapdump.writeSnapshot);
    await fuzzer.run('stream', everyPlace(), profiler.createHeapSnapshotStream, (stream) => stream.destroy());
    expect(fuzzer.findings).toEqual([]);
    // Where a text was written, it is whole.
    for (const name of fs.readdirSync('.')) expect(fs.readFileSync(path.resolve(name), 'utf8')).toBe(TEXTS.snapshot);
  });
});
