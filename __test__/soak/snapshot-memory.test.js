'use strict';

/** What an export costs in memory beside V8's own snapshot, and that the snapshot's memory comes back. */

const fs = require('node:fs');

const { runClean } = require('../helpers/child');
const { describeIf } = require('../helpers/needs');

const MIB = 1 << 20;
/** What Node's own streams, the collector and the allocator move about. */
const NOISE_MIB = 8;

/**
 * Runs in the child: fills a heap of about 40 MB with few strings (V8's serializer keeps a table of the distinct ones),
 * exports in one way, and reports the largest resident set above that at the begin of the text, in MiB.
 */
async function measure({ profiler, report, input }) {
  const fs = require('node:fs');
  const { once } = require('node:events');
  const { Writable } = require('node:stream');
  const { pipeline } = require('node:stream/promises');
  const file = 'a.heapsnapshot';
  const resident = () => process.memoryUsage.rss() / 1048576;

  class Link {
    constructor(next) {
      this.next = next;
      this.data = { yes: true, no: null };
    }
  }
  // Once with a small heap, so that code, threads and buffers are there.
  await profiler.writeHeapSnapshot(file, { isolation: 'inline' });
  for (let i = 0; i < 400000; i++) globalThis.kept = new Link(globalThis.kept);

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
  /** The last call of phase 'walk' comes when V8 has the snapshot. */
  const onProgress = ({ phase, done, total }) => {
    if (phase === 'walk' && done === total && begin === undefined) start();
  };
  /** Chunks that nobody holds are V8's to collect when it likes: this consumer has them collected, to see what is held. */
  const slowFile = () => {
    const out = fs.openSync(file, 'w');
    let written = 0;
    return new Writable({
      highWaterMark: 16384,
      write(chunk, encoding, done) {
        fs.writeSync(out, chunk);
        if (written >> 21 !== (written + chunk.length) >> 21) global.gc({ type: 'minor' });
        written += chunk.length;
        look();
        setTimeout(done, written % 3);
      },
    });
  };
  const ways = {
    async pipe() {
      const snapshot = profiler.takeSnapshot('a');
      start();
      const piped = snapshot.export().pipe(fs.createWriteStream(file));
      snapshot.delete();
      await once(piped, 'finish');
    },
    async slow() {
      const snapshot = profiler.takeSnapshot('a');
      start();
      await pipeline(snapshot.export(), slowFile());
      snapshot.delete();
    },
    modern: () => pipeline(profiler.createHeapSnapshotStream({ isolation: 'inline', onProgress }), slowFile()),
    file: () => profiler.writeHeapSnapshot(file, { isolation: 'inline', onProgress }),
  };
  const heap = process.memoryUsage().heapUsed;
  await ways[input]();
  look();
  const { size } = fs.statSync(file);
  const end = Buffer.alloc(1);
  fs.readSync(fs.openSync(file), end, 0, 1, size - 1);
  report({ peak, size, heap, end: end.toString() });
}

describe('the export of a heap of 40 MB', () => {
  test.each([
    ['pipe', 'export() piped to a file'],
    ['slow', 'export() to a slow consumer'],
    ['modern', 'createHeapSnapshotStream to a slow consumer'],
    ['file', 'writeHeapSnapshot'],
  ])('%s: %s holds at most 16 MiB beside the snapshot', async (way) => {
    const { peak, size, heap, end } = await runClean(measure, { input: way, nodeArgs: ['--expose-gc'] });
    expect(end).toBe('}');
    expect(heap).toBeGreaterThan(30 * MIB);
    // Were the text kept in memory, its size would show.
    expect(size).toBeGreaterThan(2.5 * (16 + NOISE_MIB) * MIB);
    expect(peak).toBeLessThan(16 + NOISE_MIB);
  });
});

describe('the memory of V8\'s own snapshot is free again', () => {
  test.each([
    ['delete', 'deleted right after export()'],
    ['destroy', 'in a stream that is destroyed half way'],
    ['abort', 'in a writeHeapSnapshot that is aborted'],
  ])('%s: when it was %s', async (way) => {
    const { size, residents } = await runClean(
      async ({ profiler, report, sleep, input }) => {
        const { once } = require('node:events');
        for (let i = 0; i < 60000; i++) globalThis.kept = { next: globalThis.kept, data: { yes: true } };
        const ways = {
          async delete() {
            const snapshot = profiler.takeSnapshot('a');
            const stream = snapshot.export();
            snapshot.delete();
            stream.resume();
            await once(stream, 'end');
          },
          async destroy() {
            const stream = profiler.createHeapSnapshotStream({ isolation: 'inline' });
            await once(stream, 'readable');
            stream.destroy();
          },
          async abort() {
            const controller = new AbortController();
            const onProgress = ({ phase }) => phase === 'write' && controller.abort();
            await profiler.writeHeapSnapshot('a', { isolation: 'inline', signal: controller.signal, onProgress }).catch(() => {});
          },
        };
        const resident = async () => {
          await sleep(10);
          return process.memoryUsage.rss() / 1048576;
        };
        const before = await resident();
        // The size of one snapshot, and the room that is used again from then on.
        const kept = profiler.takeSnapshot('size');
        const size = (await resident()) - before;
        kept.delete();
        const residents = [];
        for (let round = 0; round < 4; round++) {
          await ways[input]();
          residents.push(await resident());
        }
        report({ size, residents });
      },
      { input: way },
    );
    expect(size).toBeGreaterThan(15);
    // Left over, each of the three would add its size.
    expect(residents[3] - residents[0]).toBeLessThan(1.5 * size);
  });
});

// The threads of a process are listed in Linux's /proc.
describeIf(fs.existsSync('/proc/self/task'), 'there is no /proc/self/task')('the thread that writes the text', () => {
  test.each(['write', 'walk'])('ends when a stream is destroyed in phase %s', async (phase) => {
    const { whole, givenUp } = await runClean(
      async ({ profiler, report, sleep, input }) => {
        const fs = require('node:fs');
        const { once } = require('node:events');
        const threads = () =>
          fs.readdirSync('/proc/self/task').filter((id) => {
            return fs.readFileSync(`/proc/self/task/${id}/comm`, 'latin1').trim() === 'rs-profiler';
          }).length;
        const whole = profiler.createHeapSnapshotStream({ isolation: 'inline' });
        whole.resume();
        await once(whole, 'close');
        await sleep(10);
        const before = threads();
        const onProgress = ({ phase }) => phase === input && stream.destroy();
        const stream = profiler.createHeapSnapshotStream({ isolation: 'inline', onProgress });
        stream.resume();
        await once(stream, 'close');
        await sleep(50);
        report({ whole: before, givenUp: threads() });
      },
      { input: phase },
    );
    expect(whole).toBeGreaterThan(0);
    expect(givenUp).toBe(whole);
  });
});
