'use strict';

/** createHeapSnapshotStream. What walks the heap runs in a child, whose heap is smaller than Jest's. */

const { once } = require('node:events');
const { Readable } = require('node:stream');

const { createHeapSnapshotStream } = require('../..');
const { ISOLATIONS, inIsolation } = require('../helpers/isolations');
const { runTogether } = require('../helpers/together');
const checks = require('../helpers/outcome');
const { textOf } = require('../helpers/streams');

const childOf = (isolation) => (fn, input) =>
  runTogether(inIsolation(isolation, fn), { input: { helpers: checks.file, streams: require.resolve('../helpers/streams'), ...input } });

test('gives a core Readable of Buffers, inside Jest as well', async () => {
  const stream = createHeapSnapshotStream();
  expect(stream).toBeInstanceOf(Readable);
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks.every((chunk) => Buffer.isBuffer(chunk))).toBe(true);
  expect(checks.countsOf(Buffer.concat(chunks).toString()).whole).toBe(true);
  expect(stream.destroyed).toBe(true);
});

describe.each(ISOLATIONS)('createHeapSnapshotStream, %s', (isolation) => {
  const inChild = childOf(isolation);

  test('walks the heap at the first read, not before', async () => {
    const { before, early, late } = await inChild(async ({ profiler, report, sleep, input }) => {
      class Early {}
      class Late {}
      const calls = [];
      globalThis.kept = [new Early()];
      const stream = profiler.createHeapSnapshotStream({ onProgress: (call) => calls.push(call) });
      await sleep(50);
      const before = calls.length;
      globalThis.kept = [new Late()];
      const { nodes, strings, snapshot } = JSON.parse(await require(input.streams).textOf(stream));
      const { node_fields: fields, node_types: types } = snapshot.meta;
      const isObject = types[0].indexOf('object');
      const counted = (name) => {
        let count = 0;
        for (let at = 0; at < nodes.length; at += fields.length) {
          if (nodes[at] === isObject && strings[nodes[at + 1]] === name && nodes[at + 4] > 0) count++;
        }
        return count;
      };
      report({ before, early: counted('Early'), late: counted('Late') });
    });
    expect(before).toBe(0);
    // Of each class there is a prototype; of one of them, also an object.
    expect(late).toBeGreaterThan(early);
  });

  test('knows exposeNumericValues and exposeInternals', async () => {
    const { plain, numeric, hidden, sameHidden } = await inChild(async ({ profiler, report, input }) => {
      const { countsOf, hasHiddenNodes } = require(input.helpers);
      const textWith = (options) => require(input.streams).textOf(profiler.createHeapSnapshotStream(options));
      globalThis.kept = Array.from({ length: 6000 }, (_, index) => [index + 0.5, 'text', index]);
      const { nodes: plain } = countsOf(await textWith(null));
      const all = await textWith({ exposeNumericValues: true, exposeInternals: true });
      const { nodes: numeric } = countsOf(all);
      globalThis.kept = null;
      require('node:v8').writeHeapSnapshot('a.heapsnapshot', { exposeInternals: true });
      const sameHidden = hasHiddenNodes(require('node:fs').readFileSync('a.heapsnapshot', 'utf8'));
      report({ plain, numeric, hidden: hasHiddenNodes(all), sameHidden });
    });
    expect(numeric).toBeGreaterThan(plain + 4500);
    expect(hidden).toBe(sameHidden);
  });

  test('two at once, read in turns, are both whole', async () => {
    const whole = await inChild(async ({ profiler, report, input }) => {
      const streams = [profiler.createHeapSnapshotStream(), profiler.createHeapSnapshotStream()];
      const parts = [[], []];
      const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
      for (let open = 2; open > 0;) {
        open = 0;
        for (const [index, iterator] of iterators.entries()) {
          const { done, value } = await iterator.next();
          if (done) continue;
          open++;
          parts[index].push(value);
        }
      }
      report(parts.map((chunks) => require(input.helpers).countsOf(Buffer.concat(chunks).toString()).whole));
    });
    expect(whole).toEqual([true, true]);
  });

  test('goes through a pipeline into a compressed file', async () => {
    const whole = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const zlib = require('node:zlib');
      const { pipeline } = require('node:stream/promises');
      await pipeline(profiler.createHeapSnapshotStream(), zlib.createGzip({ level: 1 }), fs.createWriteStream('a.gz'));
      report(require(input.helpers).countsOf(zlib.gunzipSync(fs.readFileSync('a.gz')).toString()).whole);
    });
    expect(whole).toBe(true);
  });

  test('produces nothing while its consumer pauses, and then goes on', async () => {
    const { waiting, whole } = await inChild(async ({ profiler, report, sleep, input }) => {
      globalThis.kept = Array.from({ length: 60000 }, (_, index) => ({ index }));
      const calls = [];
      const stream = profiler.createHeapSnapshotStream({ onProgress: (call) => calls.push(call) });
      await require('node:events').once(stream, 'readable');
      await sleep(100);
      const waiting = { buffered: stream.readableLength, done: calls[calls.length - 1].done };
      const text = await require(input.streams).textOf(stream);
      report({ waiting, whole: require(input.helpers).countsOf(text).whole && text.length > 2 * waiting.done });
    });
    expect(waiting.buffered).toBeLessThan(4 << 20);
    expect(waiting.done).toBeLessThan(4 << 20);
    expect(whole).toBe(true);
  });
});

describe.each(ISOLATIONS)('createHeapSnapshotStream, %s, given up', (isolation) => {
  const inChild = childOf(isolation);

  test('before its first read: no walk, no error', async () => {
    const onProgress = jest.fn();
    const stream = createHeapSnapshotStream({ isolation, onProgress });
    stream.destroy();
    await once(stream, 'close');
    expect(await textOf(stream).catch((error) => error.code)).toMatch(/PREMATURE_CLOSE|^$/);
    expect(onProgress).not.toHaveBeenCalled();
  });

  test.each(['before', 'during walk', 'during write', 'on a timer'])(
    'a signal aborted %s gives an error event with its reason',
    async (when) => {
      const { error, sameReason, listeners } = await inChild(
        async ({ profiler, report, input }) => {
          const { outcomeOf } = require(input.helpers);
          const { textOf } = require(input.streams);
          const controller = new AbortController();
          const { signal } = controller;
          const reason = new Error('enough');
          const onProgress = ({ phase }) => input.when === `during ${phase}` && controller.abort(reason);
          if (input.when === 'before') controller.abort(reason);
          const reading = outcomeOf(textOf(profiler.createHeapSnapshotStream({ signal, onProgress })));
          if (input.when === 'on a timer') setTimeout(() => controller.abort(reason), 1);
          const { error } = await reading;
          const listeners = require('node:events').getEventListeners(signal, 'abort').length;
          report({ error, sameReason: error.cause === reason, listeners });
        },
        { when },
      );
      expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', isError: true });
      expect({ sameReason, listeners }).toEqual({ sameReason: true, listeners: 0 });
    },
  );

  // In the child of those that were given up.
  test('the next stream works and reports walk and writing up to their ends, and a signal aborted after that does nothing', async () => {
    const { counts, faults, lastDone, length, listeners } = await inChild(async ({ profiler, report, input }) => {
      const { countsOf, progressFaults } = require(input.helpers);
      const calls = [];
      const controller = new AbortController();
      const { signal } = controller;
      const stream = profiler.createHeapSnapshotStream({ signal, onProgress: (call) => calls.push({ ...call }) });
      const text = await require(input.streams).textOf(stream);
      const listeners = require('node:events').getEventListeners(signal, 'abort').length;
      controller.abort();
      const faults = progressFaults(calls, ['walk', 'write']);
      report({ counts: countsOf(text), faults, lastDone: calls.at(-1).done, length: Buffer.byteLength(text), listeners });
    });
    expect({ whole: counts.whole, faults, listeners }).toEqual({ whole: true, faults: [], listeners: 0 });
    expect(lastDone).toBe(length);
  });

  test.each(['walk', 'write'])('an onProgress that throws in phase %s is the error of the stream', async (phase) => {
    const same = await inChild(
      async ({ profiler, report, input }) => {
        const thrown = new RangeError('from the test');
        const onProgress = ({ phase }) => {
          if (phase === input.phase) throw thrown;
        };
        const stream = profiler.createHeapSnapshotStream({ onProgress });
        stream.resume();
        const [error] = await require('node:events').once(stream, 'error');
        report(error === thrown);
      },
      { phase },
    );
    expect(same).toBe(true);
  });

  test('a loop that breaks off lets the process end, and leaves no error', async () => {
    const first = await inChild(async ({ profiler, report }) => {
      for await (const chunk of profiler.createHeapSnapshotStream()) {
        report(chunk.toString('latin1', 0, 12));
        break;
      }
    });
    expect(first).toBe('{"snapshot":');
  });
});
