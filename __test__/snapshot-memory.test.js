'use strict';

/** What an export costs in memory beside V8's own snapshot, and that this comes back. */

const fs = require('node:fs');

const { runClean } = require('./helpers/child');
const checks = require('./helpers/outcome');

const MIB = 1 << 20;
/** What Node's file streams, the collector and the allocator move about on their own. */
const NOISE_MIB = 8;

/**
 * Runs in the child: fills a heap of about 40 MB, exports in one way, and reports the largest resident set above the one
 * at the begin of the text, in MiB.
 */
async function measure({ profiler, report, input, sleep }) {
  const fs = require('node:fs');
  const { Writable } = require('node:stream');
  const { pipeline } = require('node:stream/promises');
  const { countsOfFile } = require(input.helpers);
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'latin1'))[1]) / 1024;
  const file = 'a.heapsnapshot';

  // Once with a small heap, so that code, threads and buffers are there.
  await profiler.writeHeapSnapshot(file);
  globalThis.kept = Array.from({ length: 350000 }, (_, index) => ({ index, text: `text ${index}`, pair: [index, index] }));
  global.gc();

  let begin;
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, resident() - begin);
  };
  const start = () => {
    global.gc();
    begin = resident();
    setInterval(look, 2).unref();
  };
  /** Onwards from the last call of phase 'walk', which comes when V8 has the snapshot. */
  const onProgress = ({ phase, done, total }) => {
    if (phase === 'walk' && done === total && begin === undefined) start();
  };
  const slowFile = () => {
    const out = fs.openSync(file, 'w');
    let writes = 0;
    return new Writable({
      highWaterMark: 16384,
      write(chunk, encoding, done) {
        fs.writeSync(out, chunk);
        look();
        if (++writes % 4 === 0) setTimeout(done, 2);
        else setImmediate(done);
      },
    });
  };
  const ways = {
    async pipe() {
      const snapshot = profiler.takeSnapshot('a');
      start();
      const piped = snapshot.export().pipe(fs.createWriteStream(file));
      await require('node:events').once(piped, 'finish');
      snapshot.delete();
    },
    async slow() {
      const snapshot = profiler.takeSnapshot('a');
      start();
      const stream = snapshot.export();
      snapshot.delete();
      await pipeline(stream, slowFile());
    },
    async modern() {
      await pipeline(profiler.createHeapSnapshotStream({ onProgress }), slowFile());
    },
    async file() {
      await profiler.writeHeapSnapshot(file, { onProgress });
    },
  };
  await ways[input.way]();
  look();
  const heap = process.memoryUsage().heapUsed;
  const { size } = fs.statSync(file);
  await sleep(50);
  global.gc();
  const after = resident() - begin;
  report({ peak, after, size, heap, whole: countsOfFile(file).whole });
}

// The numbers are read from Linux's /proc.
const onLinux = fs.existsSync('/proc/self/status') ? describe : describe.skip;

onLinux('the export of a heap of 40 MB', () => {
  test.each([
    ['pipe', 'export().pipe(file)'],
    ['slow', 'export() into a slow consumer'],
    ['modern', 'createHeapSnapshotStream into a slow consumer'],
    ['file', 'writeHeapSnapshot'],
  ])('%s: %s needs at most 16 MiB beside the snapshot, and gives that back', async (way) => {
    const input = { way, helpers: checks.file };
    const { peak, after, size, heap, whole } = await runClean(measure, { input, nodeArgs: ['--expose-gc'] });
    expect(whole).toBe(true);
    expect(heap).toBeGreaterThan(35 * MIB);
    // Were the text kept in memory, its size would show.
    expect(size).toBeGreaterThan(2 * (16 + NOISE_MIB) * MIB);
    expect(peak).toBeLessThan(16 + NOISE_MIB);
    // V8's own snapshot is gone, and it is larger than what is left of the rest.
    expect(after).toBeLessThan(0);
  });

  test('given up half way, the snapshot is freed as well', async () => {
    const rounds = await runClean(
      async ({ profiler, report, sleep }) => {
        const { once } = require('node:events');
        globalThis.kept = Array.from({ length: 100000 }, (_, index) => ({ index, text: `text ${index}` }));
        const resident = [];
        for (let round = 0; round < 8; round++) {
          const modern = profiler.createHeapSnapshotStream();
          await once(modern, 'readable');
          modern.destroy();
          const controller = new AbortController();
          const onProgress = ({ phase }) => phase === 'write' && controller.abort();
          await profiler.writeHeapSnapshot('a', { signal: controller.signal, onProgress }).catch(() => {});
          await sleep(10);
          global.gc();
          resident.push(process.memoryUsage().rss / 1048576);
        }
        report(resident);
      },
      { nodeArgs: ['--expose-gc'] },
    );
    // A snapshot of this heap is some 60 MiB: two more are taken in each round.
    expect(rounds[7] - rounds[2]).toBeLessThan(60);
  });
});
