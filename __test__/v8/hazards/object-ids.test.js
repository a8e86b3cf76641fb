'use strict';

/**
 * Objects behind the ids of a snapshot: V8 also finds those that JavaScript never sees otherwise. Each look-up makes V8
 * mark the whole heap (a tenth of a second and more), so one or a few of each kind have to do.
 */

const { runTogether } = require('../../helpers/together');

test('getObjectByHeapObjectId finds every kind of thing that a snapshot shows, and does not crash', async () => {
  const seen = await runTogether(({ profiler, report }) => {
    const held = { marker: true };
    const snapshot = profiler.takeSnapshot();

    // Nodes of different names, a few of each type, from all over the heap.
    const chosen = new Map();
    const names = new Set();
    for (let index = 0; index < snapshot.nodesCount; index += 7) {
      const { type, name, id } = snapshot.getNode(index);
      const few = chosen.get(type) || [];
      if (few.length >= (type === 'Hidden' || type === 'Object' ? 4 : 1) || names.has(name)) continue;
      names.add(name);
      chosen.set(type, [...few, id]);
    }

    const given = new Set();
    for (const id of [...chosen.values()].flat()) {
      const found = profiler.getObjectByHeapObjectId(id);
      given.add(found === 'Preview is not available' ? 'hidden' : typeof found);
      Object.prototype.toString.call(found);
    }
    const find = (value) => profiler.getObjectByHeapObjectId(profiler.getHeapObjectId(value)) === value;
    report({
      given: [...given],
      types: chosen.size > 8,
      same: [find(held), find('a text of this test')],
      unknown: [0, 2 ** 32 - 1].map((id) => typeof profiler.getObjectByHeapObjectId(id)),
      kept: held.marker,
    });
  });
  expect(seen.given).toEqual(expect.arrayContaining(['function', 'hidden', 'object', 'string']));
  expect(seen).toMatchObject({ types: true, same: [true, true], unknown: Array(2).fill('undefined'), kept: true });
});

test('getHeapObjectId takes every kind of value, before and after the first snapshot', async () => {
  const seen = await runTogether(({ profiler, report }) => {
    const object = {};
    const primitives = [undefined, null, true, 0, -1, 2 ** 31, 0.5, NaN, '', 'text', Symbol('s'), Symbol.iterator, 10n];
    const objects = [object, [], () => {}, class {}, new Proxy({}, {}), new Map(), Promise.resolve(), new Error('e')];
    const values = [...primitives, ...objects, globalThis, process, new Uint8Array(8), new WeakRef(object)];
    const before = values.map(profiler.getHeapObjectId);
    profiler.takeSnapshot();
    const after = values.map(profiler.getHeapObjectId);
    report({
      numbers: [...before, ...after].every((id) => Number.isInteger(id) && id >= 0),
      objects: after.slice(primitives.length).every((id) => id > 0),
      nothing: typeof profiler.getHeapObjectId(),
    });
  });
  expect(seen).toEqual({ numbers: true, objects: true, nothing: 'undefined' });
});
