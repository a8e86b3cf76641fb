'use strict';

const profiler = require('..');
const { walkTree, findFunction } = require('./helpers/profiles');
const workload = require('./helpers/workload');

/** The text that export gives. */
function exportText(profile, ...args) {
  return new Promise((resolve, reject) => {
    profile.export(...args, (error, text) => (error ? reject(error) : resolve(text)));
  });
}

function recordOnce(type, name) {
  profiler.startProfiling(name);
  workload.spin(60);
  profiler.setGenerateType(type);
  const profile = profiler.stopProfiling(name);
  profiler.setGenerateType(0);
  return profile;
}

/** A profile with the workload in it. On a busy machine V8's sampler thread may get no turn for as long as one takes. */
function record(type, name = 'formats') {
  let profile = recordOnce(type, name);
  for (let again = 0; again < 20 && !findFunction(profile, 'hotLeaf'); again += 1) {
    profile.delete();
    profile = recordOnce(type, name);
  }
  return profile;
}

afterEach(() => {
  profiler.setGenerateType(0);
  profiler.deleteAllProfiles();
});

const TREE_KEYS = ['typeId', 'uid', 'title', 'head', 'startTime', 'endTime', 'samples', 'timestamps'];
const NODES_KEYS = ['typeId', 'uid', 'title', 'nodes', 'startTime', 'endTime', 'samples', 'timeDeltas'];

describe('type 0, the tree', () => {
  test('JSON.stringify gives the .cpuprofile text, keys in the original order', async () => {
    const profile = record(0);
    const text = JSON.stringify(profile);
    expect(Object.keys(JSON.parse(text))).toEqual(TREE_KEYS);
    expect(await exportText(profile)).toBe(text);
  });

  test('the text says what the object says', async () => {
    const profile = record(0);
    const parsed = JSON.parse(await exportText(profile));
    expect(parsed.samples).toEqual(Array.from(profile.samples));
    expect(parsed.timestamps).toEqual(Array.from(profile.timestamps));
    expect([parsed.startTime, parsed.endTime]).toEqual([profile.startTime, profile.endTime]);
    const names = walkTree(parsed.head).map((node) => `${node.id} ${node.functionName} ${node.hitCount}`);
    expect(names).toEqual(walkTree(profile.head).map((node) => `${node.id} ${node.functionName} ${node.hitCount}`));
  });
});

describe('type 1, the nodes', () => {
  let profile;

  beforeEach(() => {
    profile = record(1);
  });

  test('has nodes and timeDeltas in the place of head and timestamps', async () => {
    expect(Object.keys(profile)).toEqual(['delete', ...NODES_KEYS]);
    const text = JSON.stringify(profile);
    expect(Object.keys(JSON.parse(text))).toEqual(NODES_KEYS);
    expect(await exportText(profile)).toBe(text);
  });

  test('gives times in microseconds, each sample relative to the one before', () => {
    const { startTime, endTime, samples, timeDeltas } = profile;
    expect(timeDeltas).toHaveLength(samples.length);
    expect(timeDeltas.every((delta) => Number.isInteger(delta))).toBe(true);
    expect(endTime - startTime).toBeGreaterThan(50000);
    const last = timeDeltas.reduce((time, delta) => time + delta, startTime);
    expect(last).toBeGreaterThan(startTime + 10000);
    expect(last).toBeLessThanOrEqual(endTime + 1000);
    const now = Number(process.hrtime.bigint() / 1000n);
    expect(Math.abs(now - endTime)).toBeLessThan(60e6);
  });

  test('lists the nodes depth first, with ids for children', () => {
    const { nodes } = profile;
    const byId = new Map(nodes.map((node) => [node.id, node]));
    expect(byId.size).toBe(nodes.length);
    expect(nodes[0].callFrame.functionName).toBe('(root)');
    const preorder = [];
    (function visit(node) {
      preorder.push(node.id);
      node.children.forEach((id) => visit(byId.get(id)));
    })(nodes[0]);
    expect(preorder).toEqual(nodes.map((node) => node.id));
    expect(profile.samples.every((id) => byId.has(id))).toBe(true);
  });

  test('has the keys of nodes and call frames in the original order', () => {
    const frameKeys = ['functionName', 'scriptId', 'bailoutReason', 'url', 'lineNumber', 'columnNumber'];
    for (const node of profile.nodes) {
      expect(Object.keys(node)).toEqual(['id', 'hitCount', 'callFrame', 'children']);
      expect(Array.isArray(node.children)).toBe(true);
      const rest = node.callFrame.lineTicks ? ['lineTicks'] : [];
      expect(Object.keys(node.callFrame)).toEqual([...frameKeys, ...rest]);
    }
    expect(profile.nodes[0].callFrame).toMatchObject({ scriptId: 0, url: '', lineNumber: 0, columnNumber: 0 });
    expect(profile.nodes.some((node) => node.children.length === 0)).toBe(true);
  });

  test('counts lines from 1, gives the path as it is, and line hits in the call frame', () => {
    const { callFrame, hitCount } = findFunction(profile, 'hotLeaf');
    expect(callFrame.url).toBe(workload.file);
    expect(typeof callFrame.scriptId).toBe('number');
    expect(callFrame.lineNumber).toBeGreaterThan(1);
    expect(callFrame.lineTicks.reduce((sum, tick) => sum + tick.hitCount, 0)).toBe(hitCount);
  });
});

describe('both types', () => {
  test('setGenerateType counts when the profile is stopped', () => {
    profiler.setGenerateType(1);
    profiler.startProfiling('late');
    profiler.setGenerateType(0);
    expect(profiler.stopProfiling('late')).toHaveProperty('head');
    profiler.startProfiling('late');
    profiler.setGenerateType(1);
    expect(profiler.stopProfiling('late')).toHaveProperty('nodes');
  });

  test.each([
    [0, ['head', 'samples', 'timestamps']],
    [1, ['nodes', 'samples', 'timeDeltas']],
  ])('type %p can first be read after delete', async (type, keys) => {
    const profile = record(type);
    profile.delete();
    profiler.startProfiling('another');
    profiler.stopProfiling('another').delete();
    for (const key of keys) expect(profile[key]).toBeTruthy();
    expect(findFunction(profile, 'hotLeaf')).toBeDefined();
    expect(await exportText(profile)).toBe(JSON.stringify(profile));
  });

  test.each([[0], [1]])('type %p: every read gives the same object', (type) => {
    const profile = record(type);
    for (const key of Object.keys(profile)) expect(Object.is(profile[key], profile[key])).toBe(true);
  });

  test.each([
    [0, 'head'],
    [1, 'nodes'],
  ])('type %p: what the program changes is in the export', async (type, key) => {
    const profile = record(type);
    profile.title = 'changed';
    profile.startTime = 7;
    profile.note = { added: true };
    const node = findFunction(profile, 'hotLeaf');
    (node.callFrame || node).functionName = 'renamedLeaf';
    profile.samples.push(-1);
    delete profile.endTime;
    const text = await exportText(profile);
    expect(text).toBe(JSON.stringify(profile));
    const parsed = JSON.parse(text);
    expect(parsed).toMatchObject({ title: 'changed', startTime: 7, note: { added: true } });
    expect(parsed).not.toHaveProperty('endTime');
    expect(parsed.samples[parsed.samples.length - 1]).toBe(-1);
    expect(findFunction(parsed, 'renamedLeaf')).toBeDefined();
    profile[key] = null;
    expect(JSON.parse(await exportText(profile))[key]).toBeNull();
  });

  test('an unread property can be replaced before anything reads it', async () => {
    const profile = record(0);
    profile.head = { mine: 1 };
    profile.samples = [1, 2];
    expect(profile.head).toEqual({ mine: 1 });
    const parsed = JSON.parse(await exportText(profile));
    expect([parsed.head, parsed.samples]).toEqual([{ mine: 1 }, [1, 2]]);
    expect(Object.keys(parsed)).toEqual(TREE_KEYS);
  });

  test('copies hold the same values', () => {
    const profile = record(0);
    const copy = { ...profile };
    expect(Object.keys(copy)).toEqual(Object.keys(profile));
    expect(copy.head).toBe(profile.head);
    expect(JSON.stringify(Object.assign({}, profile))).toBe(JSON.stringify(profile));
  });
});

describe('setGenerateType', () => {
  afterEach(() => jest.restoreAllMocks());

  test.each([[2], ['1'], [undefined], [null], [true]])('prints a line for %p and changes nothing', (type) => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => {});
    profiler.setGenerateType(1);
    expect(profiler.setGenerateType(type)).toBeUndefined();
    expect(print.mock.calls).toEqual([[`type should in [0, 1], got ${type}.`]]);
    profiler.startProfiling();
    expect(profiler.stopProfiling()).toHaveProperty('nodes');
  });

  test.each([[0], [1]])('takes %p without a word', (type) => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => {});
    expect(profiler.setGenerateType(type)).toBeUndefined();
    expect(print).not.toHaveBeenCalled();
  });
});
