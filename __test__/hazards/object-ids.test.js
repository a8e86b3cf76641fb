'use strict';

/**
 * Objects behind the ids of a snapshot: V8 also finds those that JavaScript never sees otherwise. Each look-up makes V8
 * mark the whole heap (0.3 s and more), so a few of each kind have to do.
 */

const { runClean } = require('../helpers/child');

test('getObjectByHeapObjectId finds every kind of thing that a snapshot shows, and gives no crash', async () => {
  const seen = await runClean(({ profiler, report }) => {
    const util = require('node:util');
    const held = { marker: true, big: 10n ** 30n, symbol: Symbol('held'), text: 'held text', fraction: 0.5 };
    const snapshot = profiler.takeSnapshot();

    // The first and the last id of every node type; of code and hidden ones, of which there are many kinds, more.
    const ids = new Map();
    for (let index = 0; index < snapshot.nodesCount; index++) {
      const { type, name, id } = snapshot.getNode(index);
      const known = ids.get(type) || ids.set(type, []).get(type);
      const most = type === 'Hidden' || type === 'Code' ? 5 : 2;
      if (known.every((node) => node.name !== name) && (known.length < most || index % 977 === 0)) known.push({ name, id });
    }
    const chosen = [...ids.values()].flatMap((nodes) => [...nodes.slice(0, 2), ...nodes.slice(2, 5)]);

    const given = new Set();
    for (const { id } of chosen.slice(0, 36)) {
      const found = profiler.getObjectByHeapObjectId(id);
      given.add(found === 'Preview is not available' ? 'hidden' : typeof found);
      util.types.isDate(found);
      Object.prototype.toString.call(found);
    }
    const same = profiler.getObjectByHeapObjectId(profiler.getHeapObjectId(held)) === held;
    const function_ = profiler.getObjectByHeapObjectId(profiler.getHeapObjectId(report)) === report;
    const unknown = [0, 2 ** 31, 2 ** 32 - 1].map((id) => typeof profiler.getObjectByHeapObjectId(id));
    snapshot.delete();
    report({ given: [...given].sort(), types: ids.size > 8, same, function_, unknown, after: profiler.getHeapObjectId(held) > 0 });
  });
  expect(seen.given).toEqual(expect.arrayContaining(['function', 'hidden', 'number', 'object', 'string']));
  expect(seen).toMatchObject({ types: true, same: true, function_: true, unknown: Array(3).fill('undefined'), after: true });
});

test('getHeapObjectId takes every kind of value', async () => {
  const seen = await runClean(({ profiler, report }) => {
    const object = {};
    const make = () => [
      ...[undefined, null, true, 0, -1, 2 ** 31, 0.5, NaN, '', 'text', Symbol('s'), Symbol.iterator, 10n, 10n ** 40n],
      ...[object, [], () => {}, class {}, new Proxy({}, {}), new Map(), Promise.resolve(), new Error('e'), globalThis],
      ...[process, new Uint8Array(8), new WeakRef(object), async function* generate() {}, import.meta],
    ];
    const values = new Function(`return ${make}`.replace(', import.meta', '')).call();
    report(values === undefined);
  });
  expect(seen).toBe(false);
});
