'use strict';

/** The package called from within its own callbacks. */

const { runTogether } = require('../../helpers/together');

describe('hazard: calls from within callbacks (differs from v8-profiler-next)', () => {
  test('delete within serialize, export and control', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const first = profiler.takeSnapshot();
      let chunks = 0;
      const serialized = codeOf(() =>
        first.serialize(
          () => {
            if (++chunks === 2) first.delete();
          },
          () => {},
        ),
      );
      const second = profiler.takeSnapshot();
      let length = 0;
      second.export((error, text) => {
        second.delete();
        length = text.length;
      });
      const third = codeOf(() => profiler.takeSnapshot(() => profiler.deleteAllSnapshots()));
      const allowed = ({ error }) => !error || error.code === 'ERR_RS_PROFILER_DELETED';
      report([chunks >= 2, allowed(serialized), length > 100000, allowed(third)]);
    });
    expect(seen).toEqual([true, true, true, true]);
  });

  test('serialize within serialize, export within export', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const snapshot = profiler.takeSnapshot();
      const texts = ['', ''];
      snapshot.serialize(
        (chunk) => {
          if (!texts[0]) {
            snapshot.serialize(
              (inner) => {
                texts[1] += inner;
              },
              () => {},
            );
          }
          texts[0] += chunk;
        },
        () => {
          snapshot.export((error, text) => texts.push(text));
        },
      );
      report([texts.length, texts.every((text) => text === texts[0]), texts[0].length > 100000]);
    });
    expect(seen).toEqual([3, true, true]);
  });

  test('snapshots, tracking and profiles within serialize and getHeapStats', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const titles = [];
      const everything = (label) => {
        profiler.startProfiling(label);
        profiler.startSamplingHeapProfiling();
        titles.push(profiler.takeSnapshot(label).title);
        profiler.collectSample();
        profiler.stopSamplingHeapProfiling();
        titles.push(profiler.stopProfiling(label).title);
      };
      profiler.startTrackingHeapObjects();
      profiler.getHeapStats(
        () => {
          if (titles.length) return;
          everything('iterator');
          profiler.getHeapStats(() => profiler.stopTrackingHeapObjects());
          profiler.startTrackingHeapObjects();
        },
        () => everything('callback'),
      );
      profiler.stopTrackingHeapObjects();
      profiler.snapshots[Object.keys(profiler.snapshots)[0]].serialize(
        () => {
          if (titles.length === 4) everything('chunk');
          return false;
        },
        () => {},
      );
      report(titles);
    });
    expect(seen).toEqual(['iterator', 'iterator', 'callback', 'callback', 'chunk', 'chunk']);
  });

  test('a getter of a profile that is read while it is exported', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      profiler.startProfiling();
      const profile = profiler.stopProfiling();
      Object.defineProperty(profile, 'mine', {
        enumerable: true,
        get() {
          profile.delete();
          profiler.startProfiling('inner');
          return profiler.stopProfiling('inner').head.functionName;
        },
      });
      profile.export((error, text) => report([error === undefined, JSON.parse(text).mine]));
    });
    expect(seen).toEqual([true, '(root)']);
  });
});
