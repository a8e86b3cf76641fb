'use strict';

const profiler = require('../..');
const { runTogether } = require('../helpers/together');

class SnapshotMarker {
  constructor() {
    this.payload = { inner: 'marker payload' };
    this[0] = { element: true };
  }
}

const NODE_TYPES = [
  'Array',
  'String',
  'Object',
  'Code',
  'Closure',
  'RegExp',
  'HeapNumber',
  'Native',
  'Synthetic',
  'ConsString',
  'SlicedString',
  'Hidden',
];
const EDGE_TYPES = ['ContextVariable', 'Element', 'Property', 'Internal', 'Hidden', 'Shortcut', 'Weak', 'Undefined'];

describe('Snapshot', () => {
  let marker;
  let snapshot;

  beforeAll(() => {
    marker = new SnapshotMarker();
    snapshot = profiler.takeSnapshot('object');
  });

  afterAll(() => {
    marker = null;
    snapshot.delete();
  });

  test('has its own properties in the original order', () => {
    expect(Object.keys(snapshot)).toEqual([
      'root',
      'getNode',
      'getNodeById',
      'delete',
      'serialize',
      'typeId',
      'title',
      'uid',
      'nodesCount',
      'maxSnapshotJSObjectId',
    ]);
    for (const key of Object.keys(snapshot)) {
      expect(Object.getOwnPropertyDescriptor(snapshot, key)).toMatchObject({ enumerable: true, configurable: true });
    }
  });

  test('is named Snapshot, with three methods on its prototype', () => {
    expect(snapshot.constructor.name).toBe('Snapshot');
    expect(Object.prototype.toString.call(snapshot)).toBe('[object Object]');
    const prototype = Object.getPrototypeOf(snapshot);
    for (const name of ['getHeader', 'compare', 'export']) {
      expect(Object.prototype.hasOwnProperty.call(prototype, name)).toBe(true);
    }
  });

  test('is enumerated with the methods of its prototype, as the originals are', () => {
    const keys = [];
    for (const key in snapshot) keys.push(key);
    expect(keys).toEqual([...Object.keys(snapshot), 'getHeader', 'compare', 'export']);
  });

  test('getHeader tells type, uid and the current title', () => {
    expect(snapshot.getHeader()).toEqual({ typeId: 'HEAP', uid: snapshot.uid, title: 'object' });
    snapshot.title = 'renamed';
    expect(snapshot.getHeader().title).toBe('renamed');
    snapshot.title = 'object';
    expect(Object.keys(snapshot.getHeader())).toEqual(['typeId', 'uid', 'title']);
  });

  // Nodes are compared by `===`: a failing toBe() would try to print the whole graph.

  test('root is the synthetic root, the same object on every read', () => {
    const { root } = snapshot;
    expect([root.type, root.name, root.id, root.shallowSize]).toEqual(['Synthetic', '', 1, 0]);
    expect(snapshot.root === root).toBe(true);
    expect(snapshot.getNode(0) === root).toBe(true);
    expect(snapshot.getNodeById(1) === root).toBe(true);
  });

  test('nodes have their five properties, of which children are edges', () => {
    const node = snapshot.getNode(1);
    expect(Object.keys(node)).toEqual(['children', 'type', 'name', 'id', 'shallowSize']);
    expect([typeof node.id, typeof node.name, typeof node.shallowSize]).toEqual(['number', 'string', 'number']);
    expect(Array.isArray(node.children)).toBe(true);
    expect(Object.keys(node.children[0])).toEqual(['type', 'name', 'from', 'to']);
  });

  test('a node is the same object however it is reached', () => {
    for (const edge of snapshot.root.children.slice(0, 50)) {
      expect(edge.from === snapshot.root).toBe(true);
      expect(snapshot.getNodeById(edge.to.id) === edge.to).toBe(true);
    }
    const node = snapshot.getNode(1000);
    expect(snapshot.getNode(1000) === node).toBe(true);
    expect(snapshot.getNodeById(node.id) === node).toBe(true);
  });

  test('edges have type, name, from and to, with numbers for names of elements and hidden edges', () => {
    const types = new Set();
    const seen = new Set();
    for (let index = 0; index < snapshot.nodesCount; index += index < 2000 ? 1 : 50) {
      const node = snapshot.getNode(index);
      types.add(node.type);
      for (const edge of node.children) {
        if (seen.has(edge.type)) continue;
        seen.add(edge.type);
        expect(EDGE_TYPES).toContain(edge.type);
        const isIndexed = edge.type === 'Element' || edge.type === 'Hidden';
        expect([edge.type, typeof edge.name]).toEqual([edge.type, isIndexed ? 'number' : 'string']);
        expect(edge.from === node).toBe(true);
      }
    }
    expect([...types].filter((type) => !NODE_TYPES.includes(type))).toEqual([]);
    expect([...seen]).toEqual(expect.arrayContaining(['Property', 'Element', 'Internal']));
  });

  test('an object of the program is found with its properties', () => {
    const id = profiler.getHeapObjectId(marker);
    expect(id).toBeGreaterThan(0);
    const node = snapshot.getNodeById(id);
    expect([node.type, node.name, node.id]).toEqual(['Object', 'SnapshotMarker', id]);
    expect(node.shallowSize).toBeGreaterThan(0);
    const payload = node.children.find((edge) => edge.name === 'payload');
    expect([payload.type, payload.to.type]).toEqual(['Property', 'Object']);
    expect(payload.to.id).toBe(profiler.getHeapObjectId(marker.payload));
    const inner = payload.to.children.find((edge) => edge.name === 'inner');
    expect([inner.to.type, inner.to.name]).toEqual(['String', 'marker payload']);
  });

  test.each([
    ['getNode', 'No index specified', 2 ** 31],
    // Ids of native objects use all 32 bits.
    ['getNodeById', 'No id specified', 2 ** 32],
  ])('%s names what is wrong with its argument', (method, message, tooLarge) => {
    expect(() => snapshot[method]()).toThrow(message);
    for (const wrong of ['1', 1.5, NaN, null, undefined, {}, tooLarge]) {
      expect(() => snapshot[method](wrong)).toThrow('Argument must be an integer');
    }
    let error;
    try {
      snapshot[method]('1');
    } catch (caught) {
      error = caught;
    }
    expect(error.name).toBe('TypeError');
  });

  test('JSON.stringify refuses it, because its nodes are circular', () => {
    expect(() => JSON.stringify(snapshot)).toThrow(/circular/i);
  });

  test('computes the children of a node once (where it differs from v8-profiler-next)', () => {
    const node = snapshot.getNode(2);
    const { children } = node;
    expect(node.children === children).toBe(true);
    expect(children.length === 0 || node.children[0] === children[0]).toBe(true);
  });
});

describe('Snapshot#delete', () => {
  test('returns the registry, takes the entry out, and leaves the plain properties readable', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const snapshot = profiler.takeSnapshot('gone');
      const { uid, nodesCount } = snapshot;
      const result = snapshot.delete();
      report({
        registry: result === profiler.snapshots,
        stored: uid in profiler.snapshots,
        header: JSON.stringify(snapshot.getHeader()) === JSON.stringify({ typeId: 'HEAP', uid, title: 'gone' }),
        nodesCount: snapshot.nodesCount === nodesCount,
      });
    });
    expect(seen).toEqual({ registry: true, stored: false, header: true, nodesCount: true });
  });

  test('looks the entry up by the current value of uid', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const snapshot = profiler.takeSnapshot();
      const { uid } = snapshot;
      snapshot.uid = uid + 1;
      profiler.snapshots[uid + 1] = snapshot;
      snapshot.delete();
      report([uid in profiler.snapshots, uid + 1 in profiler.snapshots]);
    });
    expect(seen).toEqual([true, false]);
  });
});

describe('Snapshot#compare', () => {
  test('counts objects by constructor name, the other minus this', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      class Compared {}
      const kept = [new Compared(), new Compared()];
      const first = profiler.takeSnapshot();
      for (let i = 0; i < 5; i++) kept.push(new Compared());
      const second = profiler.takeSnapshot();
      const odd = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'];
      const diff = first.compare(second);
      report({
        more: diff.Compared,
        fewer: second.compare(first).Compared,
        same: first.compare(first).Compared,
        empty: first.compare({}).Compared,
        nothing: codeOf(() => first.compare()).error.name,
        odd: odd.filter((key) => Object.prototype.hasOwnProperty.call(diff, key)),
        numbers: Object.values(diff).every((value) => typeof value === 'number'),
        kept: kept.length,
      });
    });
    expect(seen).toEqual({
      more: 5,
      fewer: -5,
      same: 0,
      empty: -2,
      nothing: 'TypeError',
      odd: [],
      numbers: true,
      kept: 7,
    });
  });
});
