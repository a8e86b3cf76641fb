'use strict';

/** Exports that nobody finishes: what they held is free again, and while they wait they hold little. */

const { runClean } = require('../helpers/child');

const MB = 1024 * 1024;
const nodeArgs = ['--expose-gc'];

test('50 exports and files given up half way, their snapshots deleted or forgotten: memory does not grow', async () => {
  const sizes = await runClean(
    async ({ profiler, report }) => {
      const { once } = require('node:events');
      const sizes = [];
      for (let round = 0; round < 24; round++) {
        let snapshot = profiler.takeSnapshot();
        for (const readable of [snapshot.export(), snapshot.export()]) {
          await once(readable, 'readable');
          readable.read();
          if (round % 2) snapshot.delete();
          readable.destroy();
          await once(readable, 'close');
        }
        if (round % 5 === 0) {
          const controller = new AbortController();
          const onProgress = ({ phase }) => phase === 'write' && controller.abort();
          await profiler.writeHeapSnapshot('aborted', { isolation: 'inline', signal: controller.signal, onProgress }).catch(() => {});
        }
        // Without delete() the garbage collector has to do it.
        delete profiler.snapshots[snapshot.uid];
        snapshot = null;
        await new Promise(setImmediate);
        global.gc();
        await new Promise(setImmediate);
        sizes.push(process.memoryUsage.rss());
      }
      report(sizes);
    },
    { nodeArgs },
  );
  expect(sizes).toHaveLength(24);
  const median = (list) => [...list].sort((one, other) => one - other)[list.length >> 1];
  // One snapshot of such a program takes V8 more than 5 MB: the eight rounds in between would be 40 MB.
  expect((median(sizes.slice(16)) - median(sizes.slice(8, 16))) / MB).toBeLessThan(20);
});

test.each(['first', 'tenth'])('a consumer that pauses at its %s MiB keeps a few MiB of text in memory', async (where) => {
  const seen = await runClean(
    async ({ profiler, workload, input, sleep, report }) => {
      const things = workload.allocateThings(80000);
      const snapshot = profiler.takeSnapshot();
      let length = 0;
      let grown;
      for await (const chunk of snapshot.export()) {
        length += chunk.length;
        if (grown !== undefined || (input === 'tenth' && length < 10e6)) continue;
        // Chunks that were read are garbage; what waits between V8 and the consumer is not.
        await sleep(100);
        global.gc();
        const before = process.memoryUsage.rss();
        await sleep(400);
        grown = process.memoryUsage.rss() - before;
      }
      report({ length, grown, things: things.length });
    },
    { input: where, nodeArgs },
  );
  expect(seen.length).toBeGreaterThan(15 * MB);
  expect(seen.grown).toBeLessThan(4 * MB);
});
