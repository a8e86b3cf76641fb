'use strict';

/** Captures of a heap that is nearly at its limit, where V8 ends the process for less. */

const { runClean } = require('./helpers/child');

jest.setTimeout(300_000);

const NEAR_LIMIT = ['--expose-gc', '--max-old-space-size=64', '--max-semi-space-size=1'];

/** Fills the heap. Each look at its statistics, and each walk, begins with a collection; the fourth in vain is the end for V8. */
async function capture({ profiler, report, input }) {
  const v8 = require('node:v8');
  const kept = [];
  globalThis.kept = kept;
  const statistics = () => v8.getHeapStatistics();
  while (statistics().used_heap_size < input.megabytes << 20) {
    for (let at = 0; at < 1000; at += 1) kept.push({ at, text: `n${at}`, list: [at] });
  }
  const before = statistics().heap_size_limit;
  profiler.startTrackingHeapObjects();
  for (let at = 0; at < 6; at += 1) profiler.getHeapStats();
  profiler.stopTrackingHeapObjects();
  const { isolation, nodes } = await profiler.writeHeapSnapshot('/dev/null', { isolation: input.isolation, stableIds: input.stableIds });
  const count = kept.length;
  kept.length = 0;
  global.gc();
  // The limit is the old one again, or what V8 makes of it: a quarter above what was alive.
  report({ isolation, whole: nodes > count, raised: statistics().heap_size_limit / before });
}

test.each([['inline', false], ['fork', false], ['fork', true]])('a snapshot, %s, of a heap of 56 MB under a limit of 64 MB; stable ids: %s', async (isolation, stableIds) => {
  const found = await runClean(capture, { input: { isolation, stableIds, megabytes: 56 }, nodeArgs: NEAR_LIMIT });
  expect(found).toEqual({ isolation, whole: true, raised: expect.any(Number) });
  expect(found.raised).toBeLessThan(1.3);
});

test('a text that does not fit into the heap is refused, and the stream form gives it', async () => {
  const found = await runClean(({ profiler, report }) => {
    const kept = [];
    globalThis.kept = kept;
    for (let at = 0; at < 250_000; at += 1) kept.push({ at, text: `n${at}`, list: [at] });
    const snapshot = profiler.takeSnapshot();
    snapshot.export((error, text) => {
      let bytes = 0;
      const stream = snapshot.export();
      stream.on('data', (chunk) => { bytes += chunk.length; });
      stream.on('end', () => {
        snapshot.delete();
        report({ code: error.code, message: error.message, text, bytes });
      });
    });
  }, { nodeArgs: ['--max-old-space-size=64'] });
  expect(found).toMatchObject({ code: 'ERR_RS_PROFILER_STRING_TOO_LONG', message: expect.stringMatching(/--max-old-space-size.*writeHeapSnapshot/) });
  expect(found.text).toBeUndefined();
  expect(found.bytes).toBeGreaterThan(64 << 20);
});
