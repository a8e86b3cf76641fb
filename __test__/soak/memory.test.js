'use strict';

/**
 * Cycle after cycle in one process: what the second half of a run adds to its RSS is compared with noise. The first
 * half fills caches, of V8 and of the allocator.
 */

const { runClean } = require('../helpers/child');

const NOISE_MB = 16;

/** What a process may need for cycles of small profiles at all: V8's and the allocator's caches. */
const CACHES_MB = 64;

/**
 * Megabytes that `cycles` calls of a function added: the second half of them, and all but the first ten. The function
 * is given to the child as text.
 */
async function growth(cycle, cycles) {
  const { begin, middle, end } = await runClean(
    async ({ input, report, ...context }) => {
      const cycle = new Function('require', `return ${input.cycle}`)(require);
      const packages = { profiler: require(input.main), workload: require(input.workload), sleep: context.sleep };
      const turn = () => new Promise(setImmediate);
      const rss = async () => {
        for (let i = 0; i < 4; i++) {
          global.gc();
          await turn();
        }
        return process.memoryUsage.rss() / 1048576;
      };
      // The allocator gives memory back when it likes: the least of several readings is what is really held.
      const readings = [];
      for (let i = 0; i < input.cycles; i++) {
        if (i === 10 || (i > 0 && i % Math.ceil(input.cycles / 20) === 0)) readings.push(await rss());
        await cycle(packages, i);
      }
      readings.push(await rss());
      const half = Math.floor(readings.length / 2);
      const least = (from, to) => Math.min(...readings.slice(from, to));
      report({ begin: readings[0], middle: least(half / 2, half), end: least(half + half / 2) });
    },
    {
      nodeArgs: ['--expose-gc'],
      input: {
        cycle: String(cycle),
        cycles,
        main: require.resolve('../..'),
        workload: require.resolve('../helpers/workload'),
      },
    },
  );
  return { late: end - middle, all: end - begin };
}

describe('RSS stays where it is', () => {
  const cold = ({ profiler, workload }, index) => {
    profiler.startProfiling('cycle');
    workload.hotCaller(index);
    const profile = profiler.stopProfiling('cycle');
    if (index % 2) JSON.stringify(profile);
    profile.delete();
    return new Promise(setImmediate);
  };
  const warm = ({ profiler }) => {
    profiler.warmUp();
    profiler.startProfiling('cycle');
    profiler.stopProfiling('cycle').delete();
    return new Promise(setImmediate);
  };

  test.each([
    ['cold ones, half of them read', cold],
    ['warm ones, none of them read', warm],
  ])('over 1000 CPU profiles, %s', async (kind, cycle) => {
    const added = await growth(cycle, 1000);
    expect(added.late).toBeLessThan(NOISE_MB);
    expect(added.all).toBeLessThan(CACHES_MB);
  });

  test('over 1000 CPU profiles that nobody deletes but deleteAllProfiles', async () => {
    const added = await growth(({ profiler }, index) => {
      profiler.warmUp();
      profiler.startProfiling(`n${index}`);
      profiler.stopProfiling(`n${index}`).export(() => {});
      if (index % 50 === 49) profiler.deleteAllProfiles();
      return new Promise(setImmediate);
    }, 1000);
    expect(added.late).toBeLessThan(NOISE_MB);
  });

  test('over 1000 sampling heap profiles', async () => {
    const added = await growth(({ profiler, workload }) => {
      profiler.startSamplingHeapProfiling(1024, 16);
      workload.allocateThings(20);
      profiler.stopSamplingHeapProfiling().export(() => {});
      return new Promise(setImmediate);
    }, 1000);
    expect(added.late).toBeLessThan(NOISE_MB);
  });

  test('over 50 snapshots, serialised, exported, streamed and compared in turns', async () => {
    const added = await growth(async ({ profiler }, index) => {
      const snapshot = profiler.takeSnapshot();
      if (index % 4 === 0) {
        snapshot.serialize(
          () => {},
          () => {},
        );
      }
      if (index % 4 === 1) snapshot.export(() => {});
      if (index % 4 === 2) for await (const chunk of snapshot.export()) chunk.toString('latin1', 0, 1);
      if (index % 4 === 3) snapshot.compare(snapshot);
      snapshot.delete();
      await new Promise(setImmediate);
    }, 50);
    expect(added.late).toBeLessThan(NOISE_MB);
  });
});

describe('RSS without forced garbage collections', () => {
  test('does not grow with 2000 warm CPU profiles that are deleted at once', async () => {
    const grown = await runClean(async ({ profiler, report }) => {
      let begin;
      profiler.warmUp();
      for (let i = 0; i < 2000; i++) {
        if (i === 10) begin = process.memoryUsage.rss();
        profiler.startProfiling('cycle');
        profiler.stopProfiling('cycle').delete();
        await new Promise(setImmediate);
      }
      report((process.memoryUsage.rss() - begin) / 1048576);
    });
    expect(grown).toBeLessThan(CACHES_MB);
  });
});

describe('RSS within one turn of the event loop', () => {
  test('does not grow with the text that is passed on', async () => {
    const { grown, text } = await runClean(
      ({ profiler, report }) => {
        const snapshot = profiler.takeSnapshot();
        let text = 0;
        const pass = () =>
          snapshot.serialize(
            (chunk, length) => {
              text += length;
            },
            () => {},
          );
        // V8's young generation grows first, to several times its size at the start.
        for (let i = 0; i < 10; i++) pass();
        const before = process.memoryUsage.rss();
        text = 0;
        for (let i = 0; i < 10; i++) pass();
        global.gc();
        report({ grown: (process.memoryUsage.rss() - before) / 1048576, text: text / 1048576 });
      },
      { nodeArgs: ['--expose-gc'] },
    );
    expect(text).toBeGreaterThan(2 * NOISE_MB);
    expect(grown).toBeLessThan(NOISE_MB);
  });
});
