'use strict';

/** takeSnapshot and V8: each of these walks a heap. */

const { runTogether } = require('../helpers/together');

describe('takeSnapshot', () => {
  // All kinds of names and controls stand in the unit tier, where no heap is walked.
  test('gives falsy names the title "Snapshot <uid>", turns the others into strings, and accepts anything for control', async () => {
    const titles = await runTogether(({ profiler, report }) => {
      const titleOf = (...args) => {
        const snapshot = profiler.takeSnapshot(...args);
        snapshot.delete();
        return snapshot.title === `Snapshot ${snapshot.uid}` ? 'from uid' : snapshot.title;
      };
      report([titleOf(), titleOf('', 5), titleOf({}, {})]);
    });
    expect(titles).toEqual(['from uid', 'from uid', '[object Object]']);
  });

  test('stores the snapshot under its uid, which is its highest object id', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const { takeSnapshot } = profiler;
      const first = takeSnapshot();
      const second = takeSnapshot('second');
      report({
        stored: [profiler.snapshots[first.uid] === first, profiler.snapshots[second.uid] === second],
        keys: Object.keys(profiler.snapshots).length,
        kinds: [typeof first.uid, typeof first.nodesCount, first.typeId],
        isHighestId: first.maxSnapshotJSObjectId === first.uid,
        ascending: second.uid > first.uid,
      });
    });
    expect(seen).toEqual({
      stored: [true, true],
      keys: 2,
      kinds: ['number', 'number', 'HEAP'],
      isHighestId: true,
      ascending: true,
    });
  });

  test('deleteAllSnapshots empties the registry and returns undefined', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      profiler.takeSnapshot('a');
      profiler.takeSnapshot('b');
      const { deleteAllSnapshots } = profiler;
      const before = Object.keys(profiler.snapshots).length;
      const result = deleteAllSnapshots();
      deleteAllSnapshots();
      report([before, Object.keys(profiler.snapshots).length, result === undefined]);
    });
    expect(seen).toEqual([2, 0, true]);
  });
});

describe('takeSnapshot, where it differs from v8-profiler-next', () => {
  test('calls control with the progress before it returns, whatever it returns; the last call has done === total', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const calls = [];
      let returned = false;
      const snapshot = profiler.takeSnapshot('progress', (done, total) => {
        calls.push([done, total, returned]);
        // This does not stop the walk.
        return false;
      });
      returned = true;
      let text = '';
      snapshot.export((error, exported) => {
        text = exported;
      });
      setImmediate(() => report({ calls, whole: JSON.parse(text).snapshot.node_count === snapshot.nodesCount }));
    });
    expect(seen.whole).toBe(true);
    expect(seen.calls.length).toBeGreaterThan(1);
    const last = seen.calls[seen.calls.length - 1];
    expect(last[0]).toBe(last[1]);
    expect(last[0]).toBeGreaterThan(0);
    for (const [index, [done, total, returned]] of seen.calls.entries()) {
      expect(typeof done).toBe('number');
      expect(total).toBeGreaterThan(0);
      expect(returned).toBe(false);
      if (index) expect(done).toBeGreaterThanOrEqual(seen.calls[index - 1][0]);
    }
  });

  test('takes a function in the place of the name as control, and ignores a second one', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const calls = { first: 0, second: 0 };
      let equal = false;
      profiler.takeSnapshot(
        (done, total) => {
          calls.first++;
          equal = done === total;
        },
        () => calls.second++,
      );
      report({ called: calls.first > 0, equal, second: calls.second });
    });
    expect(seen).toEqual({ called: true, equal: true, second: 0 });
  });

  test('passes on what control throws, and keeps no snapshot then', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const outcome = codeOf(() =>
        profiler.takeSnapshot('t', () => {
          throw new RangeError('from control');
        }),
      );
      const stored = Object.keys(profiler.snapshots).length;
      report({ message: outcome.error.message, stored, next: profiler.takeSnapshot('next').title });
    });
    expect(seen).toEqual({ message: 'from control', stored: 0, next: 'next' });
  });

  test('may be called again from control', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      let inner;
      const outer = profiler.takeSnapshot('outer', () => {
        inner = inner || profiler.takeSnapshot('inner');
      });
      report([outer.title, inner.title, Object.keys(profiler.snapshots).length]);
    });
    expect(seen).toEqual(['outer', 'inner', 2]);
  });
});
