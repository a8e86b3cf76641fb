'use strict';

const profiler = require('../..');
const { runClean } = require('../helpers/child');
const { runTogether } = require('../helpers/together');

afterEach(() => profiler.stopTrackingHeapObjects());

describe('startTrackingHeapObjects and stopTrackingHeapObjects', () => {
  test('return undefined, ignore arguments, and may be repeated in any order', async () => {
    const results = await runClean(({ profiler, report }) => {
      const { startTrackingHeapObjects: start, stopTrackingHeapObjects: stop } = profiler;
      const seen = [stop(), start(), start('x', 1), stop(), stop(), start(), stop()];
      report(seen.map((value) => value === undefined));
    });
    expect(results).toEqual(new Array(7).fill(true));
  });
});

describe('getHeapStats', () => {
  test('calls the iterator with flat triples, then the callback without arguments, before it returns a number', () => {
    profiler.startTrackingHeapObjects();
    const order = [];
    const result = profiler.getHeapStats(
      (...args) => {
        order.push('iterator');
        expect(args).toHaveLength(1);
        expect(Array.isArray(args[0])).toBe(true);
        expect(args[0].length % 3).toBe(0);
        expect(args[0].every((value) => typeof value === 'number')).toBe(true);
      },
      (...args) => order.push(`callback ${args.length}`),
    );
    order.push('returned');
    expect(order[0]).toBe('iterator');
    expect(order.slice(-2)).toEqual(['callback 0', 'returned']);
    expect(typeof result).toBe('number');
    expect(result).toBeGreaterThan(0);
  });

  test('reports what was allocated since the last call as a fragment of its own', () => {
    profiler.startTrackingHeapObjects();
    profiler.getHeapStats();
    const kept = new Array(2000).fill(null).map((unused, index) => ({ index }));
    const fragments = [];
    profiler.getHeapStats((triples) => {
      for (let i = 0; i < triples.length; i += 3) {
        fragments.push({ index: triples[i], count: triples[i + 1], size: triples[i + 2] });
      }
    });
    expect(fragments.some(({ count, size }) => count >= kept.length && size >= 16 * kept.length)).toBe(true);
  });

  test('takes anything else than functions for nothing', () => {
    profiler.startTrackingHeapObjects();
    for (const args of [[], [null, 'text']]) {
      expect(typeof profiler.getHeapStats(...args)).toBe('number');
    }
  });

  test('works when nothing is tracked', async () => {
    const seen = await runClean(({ profiler, report }) => {
      let calls = 0;
      let done = 0;
      const id = profiler.getHeapStats(
        () => calls++,
        () => done++,
      );
      report({ id: typeof id, called: calls > 0, done });
    });
    expect(seen).toEqual({ id: 'number', called: true, done: 1 });
  });

  test('lets the callback stop the tracking', () => {
    profiler.startTrackingHeapObjects();
    const callback = jest.fn(() => profiler.stopTrackingHeapObjects());
    expect(typeof profiler.getHeapStats(() => {}, callback)).toBe('number');
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('puts its samples into a snapshot that is serialised before the tracking stops', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const samplesOf = (snapshot) => {
        let text = '';
        snapshot.export((error, exported) => {
          text = exported;
        });
        return JSON.parse(text).samples.length;
      };
      profiler.startTrackingHeapObjects();
      profiler.getHeapStats();
      const kept = new Array(1000).fill(null).map(() => ({}));
      profiler.getHeapStats();
      const snapshot = profiler.takeSnapshot();
      const during = samplesOf(snapshot);
      profiler.stopTrackingHeapObjects();
      report({ during, after: samplesOf(snapshot), kept: kept.length });
    });
    expect(seen.during).toBeGreaterThan(0);
    expect(seen.during % 2).toBe(0);
    expect(seen.after).toBe(0);
  });
});

// Each look-up makes V8 mark the whole heap: in a child, whose heap is smaller than Jest's.
describe('getHeapObjectId and getObjectByHeapObjectId', () => {
  test('without an argument there is no id', () => {
    expect(profiler.getHeapObjectId()).toBeUndefined();
  });

  test('an object keeps its id and is found by it', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const object = { kind: 'numbered' };
      profiler.takeSnapshot();
      const id = profiler.getHeapObjectId(object);
      const found = [id, `${id} and more`, id + 0.5].map((given) => profiler.getObjectByHeapObjectId(given) === object);
      report({ positive: id > 0, same: profiler.getHeapObjectId(object) === id, found });
    });
    expect(seen).toEqual({ positive: true, same: true, found: [true, true, true] });
  });

  test('functions, symbols, strings and booleans are found too; undefined and null have an id, but only a preview', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const values = [profiler.getHeapObjectId, Symbol('numbered'), ['numbered', 'text'].join(' '), true];
      profiler.takeSnapshot();
      const find = (value) => profiler.getObjectByHeapObjectId(profiler.getHeapObjectId(value));
      report({
        found: values.map((value) => find(value) === value),
        ids: [undefined, null].map((value) => profiler.getHeapObjectId(value) > 0),
        previews: [undefined, null].map(find),
      });
    });
    const preview = 'Preview is not available';
    expect(seen).toEqual({ found: Array(4).fill(true), ids: [true, true], previews: [preview, preview] });
  });

  test('small integers have the id 0', () => {
    expect([0, 1, -1, 1000].map((value) => profiler.getHeapObjectId(value))).toEqual([0, 0, 0, 0]);
  });

  test('nothing is numbered before the first snapshot or tracking', async () => {
    const seen = await runClean(({ profiler, report }) => {
      const object = {};
      const before = profiler.getHeapObjectId(object);
      profiler.startTrackingHeapObjects();
      report([before, profiler.getHeapObjectId(object) > 0, typeof profiler.getHeapObjectId({})]);
    });
    expect(seen).toEqual([0, true, 'number']);
  });

  test('what is no number, or no known id, gives undefined', async () => {
    const types = await runTogether(({ profiler, report }) => {
      const ids = ['a', undefined, null, NaN, {}, [], '', 2 ** 31 - 2];
      report(ids.map((id) => typeof profiler.getObjectByHeapObjectId(id)));
    });
    expect(types).toEqual(Array(8).fill('undefined'));
  });
});

describe('getHeapStats, where it differs from v8-profiler-next', () => {
  test('passes on what its functions throw', () => {
    profiler.startTrackingHeapObjects();
    const callback = jest.fn();
    const failing = () => {
      throw new RangeError('from the iterator');
    };
    expect(() => profiler.getHeapStats(failing, callback)).toThrow('from the iterator');
    expect(callback).not.toHaveBeenCalled();
    expect(() => profiler.getHeapStats(() => {}, failing)).toThrow('from the iterator');
    expect(typeof profiler.getHeapStats()).toBe('number');
  });
});
