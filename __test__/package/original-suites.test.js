'use strict';

/**
 * What the suites of v8-profiler 5.7.0 and v8-profiler-next 1.10.0 check, in our own words and numbered as they are.
 * (Their worker suite is in workers.test.js.)
 */

const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');

const profiler = require('../..');
const { tempFolder } = require('../helpers/temp-folder');
const { walkTree } = require('../helpers/profiles');

const count = (registry) => Object.keys(registry).length;

beforeAll(() => {
  profiler.deleteAllProfiles();
  profiler.deleteAllSnapshots();
});

describe('CPU, the native part', () => {
  afterEach(() => {
    profiler.setGenerateType(0);
    profiler.profiles.slice().forEach((profile) => profile.delete());
  });

  function profileOf(...args) {
    profiler.startProfiling(...args);
    return profiler.stopProfiling();
  }

  test('1, 2: has start, stop, collectSample and profiles', () => {
    const { startProfiling, stopProfiling, collectSample, profiles } = profiler;
    expect([startProfiling, stopProfiling, collectSample].map((value) => typeof value)).toEqual(
      new Array(3).fill('function'),
    );
    expect(Array.isArray(profiles)).toBe(true);
  });

  test('3: a profile has its nine properties', () => {
    const keys = ['delete', 'typeId', 'uid', 'title', 'head', 'startTime', 'endTime', 'samples', 'timestamps'];
    const profile = profileOf('P', true);
    for (const key of keys) expect(profile).toHaveProperty(key);
  });

  test('4: delete lowers the number of profiles by one', () => {
    const profile = profileOf('P');
    const before = count(profiler.profiles);
    profile.delete();
    expect(count(profiler.profiles)).toBe(before - 1);
  });

  test('5: head has the properties of a tree node', () => {
    const { head } = profileOf('P');
    const keys = ['functionName', 'url', 'lineNumber', 'children', 'bailoutReason', 'id', 'hitCount', 'scriptId'];
    for (const key of keys) expect(head).toHaveProperty(key);
  });

  test('5, v8-profiler only (where it differs from v8-profiler-next): and callUID', () => {
    expect(profileOf('P').head).toHaveProperty('callUID');
  });

  test('8, 9 of v8-profiler-next: type 1 has nodes and timeDeltas', () => {
    profiler.setGenerateType(1);
    profiler.setProfilesCleanupLimit([]);
    profiler.setProfilesCleanupLimit(null);
    const profile = profileOf('', true, 1);
    expect(Array.isArray(profile.nodes)).toBe(true);
    expect(Array.isArray(profile.timeDeltas)).toBe(true);
    const frameKeys = ['functionName', 'scriptId', 'lineNumber', 'columnNumber', 'bailoutReason', 'url'];
    for (const node of profile.nodes) {
      for (const key of ['id', 'hitCount', 'callFrame', 'children']) expect(node).toHaveProperty(key);
      for (const key of frameKeys) expect(node.callFrame).toHaveProperty(key);
    }
  });
});

describe('CPU, the package', () => {
  afterEach(() => profiler.setGenerateType(0));

  test('1-3: start and stop unbound without arguments, then there is one profile', () => {
    const { startProfiling, stopProfiling } = profiler;
    expect(() => startProfiling()).not.toThrow();
    expect(() => stopProfiling()).not.toThrow();
    expect(count(profiler.profiles)).toBe(1);
    profiler.deleteAllProfiles();
    expect(count(profiler.profiles)).toBe(0);
  });

  test('4: the title is the name given at the start, also when the stop names nothing', () => {
    profiler.startProfiling('P');
    expect(profiler.stopProfiling().title).toBe('P');
  });

  test.each([[[true]], [[true, undefined, 'abc']]])('5: startProfiling(...%p) records samples', (args) => {
    profiler.startProfiling(...args);
    expect(profiler.stopProfiling().samples.length).toBeGreaterThan(0);
  });

  test('5: type 0 with mode 1 is complete', () => {
    profiler.startProfiling(true, undefined, 1);
    const profile = profiler.stopProfiling();
    expect([profile.head, profile.startTime, profile.endTime].every(Boolean)).toBe(true);
    expect([profile.samples, profile.timestamps].every(Array.isArray)).toBe(true);
  });

  test('5: type 1 is complete, and has neither head nor timestamps', () => {
    profiler.setGenerateType(1);
    profiler.startProfiling(true, undefined, 1);
    const profile = profiler.stopProfiling();
    expect([profile.nodes, profile.timeDeltas].every(Array.isArray)).toBe(true);
    expect([profile.head, profile.timestamps]).toEqual([undefined, undefined]);
  });

  test('6, 7: the interval cannot be set while profiling, and can be afterwards', () => {
    const { setSamplingInterval } = profiler;
    profiler.startProfiling();
    expect(() => setSamplingInterval()).toThrow(
      'setSamplingInterval must be called when there are no profiles being recorded.',
    );
    profiler.stopProfiling();
    expect(() => setSamplingInterval(1000)).not.toThrow();
  });

  test('8, 9: export with a callback gives JSON, export().pipe(file) finishes', async () => {
    profiler.startProfiling('', true);
    const profile = profiler.stopProfiling();
    const text = await new Promise((resolve, reject) =>
      profile.export((error, result) => (error ? reject(error) : resolve(result))),
    );
    expect(typeof JSON.parse(text)).toBe('object');
    const file = path.join(tempFolder(), 'cpu.json');
    await once(profile.export().pipe(fs.createWriteStream(file)), 'finish');
    expect(walkTree(JSON.parse(fs.readFileSync(file, 'utf8')).head).length).toBeGreaterThan(0);
    profiler.deleteAllProfiles();
  });
});

describe('HEAP', () => {
  let snapshot;

  beforeAll(() => {
    const { takeSnapshot } = profiler;
    snapshot = takeSnapshot('S');
  });

  afterAll(() => profiler.deleteAllSnapshots());

  test('native 6, 7: has its functions, and a snapshot its properties', () => {
    for (const key of ['takeSnapshot', 'startTrackingHeapObjects', 'stopTrackingHeapObjects', 'getHeapStats']) {
      expect(typeof profiler[key]).toBe('function');
    }
    const keys = ['delete', 'serialize', 'getNode', 'root', 'typeId', 'uid', 'title', 'nodesCount'];
    for (const key of [...keys, 'maxSnapshotJSObjectId']) expect(key in snapshot).toBe(true);
  });

  test('10-12: taken unbound, one of its kind, with the title "S"', () => {
    expect(count(profiler.snapshots)).toBe(1);
    expect(snapshot.title).toBe('S');
  });

  test('13, v8-profiler only (where it differs from v8-profiler-next): progress reaches its total', () => {
    let reached = false;
    const taken = profiler.takeSnapshot((progress, total) => {
      reached = reached || progress === total;
    });
    expect(reached).toBe(true);
    taken.delete();
  });

  test('14: tracking, stats for the iterator, then the callback, and a number', (done) => {
    profiler.startTrackingHeapObjects();
    const iterator = jest.fn();
    const id = profiler.getHeapStats(iterator, () => {
      profiler.stopTrackingHeapObjects();
      setImmediate(() => {
        expect(Array.isArray(iterator.mock.calls[0][0])).toBe(true);
        expect(typeof id).toBe('number');
        done();
      });
    });
  });

  test('15-18: ids and objects', () => {
    expect(profiler.getObjectByHeapObjectId('a')).toBeUndefined();
    expect(profiler.getHeapObjectId(snapshot)).toBeGreaterThanOrEqual(0);
    expect(profiler.getHeapObjectId(profiler)).toBeGreaterThan(0);
    expect(profiler.getHeapObjectId(undefined)).toBeGreaterThan(0);
    expect(profiler.getHeapObjectId()).toBeUndefined();
  });

  test('19: delete takes one key out', () => {
    const other = profiler.takeSnapshot();
    const before = count(profiler.snapshots);
    other.delete();
    expect(count(profiler.snapshots)).toBe(before - 1);
    expect(profiler.snapshots[other.uid]).toBeUndefined();
  });

  test('20-22: serialize, export().pipe(file) and export(callback) give the same complete JSON', async () => {
    let serialized = '';
    snapshot.serialize(
      (chunk) => {
        serialized += chunk;
      },
      () => {},
    );
    const file = path.join(tempFolder(), 'heap.json');
    await once(snapshot.export().pipe(fs.createWriteStream(file)), 'finish');
    expect(fs.readFileSync(file, 'utf8') === serialized).toBe(true);
    const exported = await new Promise((resolve) => snapshot.export((error, text) => resolve(text)));
    expect(exported === serialized).toBe(true);
    const parsed = JSON.parse(serialized);
    for (const key of ['snapshot', 'nodes', 'edges', 'samples', 'strings']) expect(parsed).toHaveProperty(key);
    for (const key of ['meta', 'node_count', 'edge_count']) expect(parsed.snapshot).toHaveProperty(key);
    for (const key of ['node_fields', 'node_types', 'edge_fields', 'edge_types', 'sample_fields']) {
      expect(parsed.snapshot.meta).toHaveProperty(key);
    }
  });

  test('23: compare does not throw', () => {
    expect(typeof snapshot.compare(snapshot)).toBe('object');
  });
});

describe('SAMPLING HEAP', () => {
  test('starts and stops unbound, and gives a tree', () => {
    const { startSamplingHeapProfiling, stopSamplingHeapProfiling } = profiler;
    startSamplingHeapProfiling();
    const { head } = stopSamplingHeapProfiling();
    for (const key of ['callFrame', 'selfSize', 'children']) expect(head).toHaveProperty(key);
    for (const key of ['functionName', 'scriptId', 'url', 'lineNumber', 'columnNumber']) {
      expect(head.callFrame).toHaveProperty(key);
    }
  });
});
