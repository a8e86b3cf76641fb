'use strict';

/** A Symbol where text or a number is expected: it has no text, so that what joins it to a string throws. */

const profiler = require('../..');
const { runClean } = require('../helpers/child');

const symbol = Symbol('odd');
const REFUSED = { name: 'TypeError', code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' };

afterEach(() => {
  profiler.deleteAllProfiles();
  jest.restoreAllMocks();
});

test('startProfiling refuses it as a name, and starts nothing', () => {
  expect(() => profiler.startProfiling(symbol)).toThrow(expect.objectContaining({ ...REFUSED, message: 'Cannot convert a Symbol value to a string' }));
  expect(() => profiler.stopProfiling()).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_NOT_RUNNING' }));
});

test('stopProfiling knows no profile of that name, and ends none', () => {
  profiler.startProfiling('running');
  expect(profiler.stopProfiling(symbol)).toBeUndefined();
  expect(profiler.stopProfiling('running').title).toBe('running');
});

test('as recsamples it is true, as a mode 0', () => {
  profiler.startProfiling('odd', symbol, symbol);
  expect(profiler.stopProfiling('odd').samples.length).toBeGreaterThan(0);
});

test('settings say the line that they say of everything else, and change nothing', () => {
  const print = jest.spyOn(console, 'error').mockImplementation(() => {});
  expect([profiler.setGenerateType(symbol), profiler.setProfilesCleanupLimit(symbol)]).toEqual([undefined, undefined]);
  expect(print.mock.calls).toEqual([['type should in [0, 1], got Symbol(odd).'], ['limit should be number.']]);
  expect(() => profiler.setSamplingInterval(symbol)).toThrow(expect.objectContaining(REFUSED));
});

test('the registries hold nothing under it', () => {
  profiler.startProfiling('found');
  const { uid } = profiler.stopProfiling('found');
  expect(profiler.findProfile(uid).title).toBe('found');
  expect([profiler.getProfile(symbol), profiler.findProfile(symbol), profiler.getSnapshot(symbol), profiler.findSnapshot(symbol)]).toEqual(new Array(4).fill(undefined));
});

test('sampling heap profiles refuse it in both places, and nothing runs then', () => {
  expect(() => profiler.startSamplingHeapProfiling(symbol, symbol)).toThrow(expect.objectContaining({ ...REFUSED, message: 'first argument type must be uint32' }));
  expect(() => profiler.startSamplingHeapProfiling(1024, symbol)).toThrow(expect.objectContaining({ ...REFUSED, message: 'first argument type must be number' }));
  expect(() => profiler.stopSamplingHeapProfiling()).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_NOT_RUNNING' }));
});

test('a profile whose title becomes one keeps it, and is written without it, as JSON.stringify does', async () => {
  for (const type of [0, 1]) {
    profiler.setGenerateType(type);
    profiler.startProfiling('odd');
    const profile = profiler.stopProfiling('odd');
    profile.title = symbol;
    expect(profile.getHeader()).toEqual({ typeId: 'CPU', uid: profile.uid, title: symbol });
    const [error, text] = await new Promise((resolve) => profile.export((...result) => resolve(result)));
    expect([error, text]).toEqual([undefined, JSON.stringify(profile)]);
    expect(JSON.parse(text)).not.toHaveProperty('title');
  }
  profiler.setGenerateType(0);
});

test('a snapshot refuses it where it wants a number, and one whose title becomes one is written', async () => {
  const seen = await runClean(({ profiler, codeOf, report }) => {
    const symbol = Symbol('odd');
    const snapshot = profiler.takeSnapshot();
    const codes = [codeOf(() => snapshot.getNode(symbol)), codeOf(() => snapshot.getNodeById(symbol)), codeOf(() => profiler.getObjectByHeapObjectId(symbol))];
    snapshot.title = symbol;
    const { title } = snapshot.getHeader();
    snapshot.export((error, text) => report({ codes: codes.map(({ error: { code } }) => code), kept: title === symbol, count: JSON.parse(text).snapshot.node_count === snapshot.nodesCount }));
    snapshot.delete();
  });
  expect(seen).toEqual({ codes: new Array(3).fill(REFUSED.code), kept: true, count: true });
});

test('files are not written under it', async () => {
  const seen = await runClean(async ({ profiler, heapdump, report }) => {
    const symbol = Symbol('odd');
    const codes = [];
    for (const attempt of [
      () => profiler.captureCpuProfile({ durationMs: 5, path: symbol }),
      () => profiler.captureCpuProfile({ durationMs: 5, format: symbol }),
      () => profiler.captureSamplingHeapProfile({ durationMs: 5, path: symbol }),
      () => profiler.writeHeapSnapshot(symbol),
    ]) codes.push(await attempt().then(String, ({ code }) => code));
    const before = require('fs').readdirSync('.').length;
    // What is no string is no name, and the default is taken, as with heapdump.
    const name = await new Promise((resolve) => heapdump.writeSnapshot(symbol, (error, file) => resolve(file)));
    report({ codes, before, name });
  });
  expect(seen).toEqual({ codes: new Array(4).fill(REFUSED.code), before: 0, name: expect.stringMatching(/^heapdump-\d+\.\d+\.heapsnapshot$/) });
});
