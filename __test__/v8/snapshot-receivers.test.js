'use strict';

/**
 * What an export does that the originals do not: other kinds of receivers, back-pressure, and errors that are seen.
 */

const profiler = require('../..');
const { runTogether } = require('../helpers/together');

const input = require.resolve('../helpers/streams');

/** Runs a function in a child, whose heap is smaller than Jest's. `input` is helpers/streams.js. */
const inChild = (fn) => runTogether(fn, { input });

describe('Snapshot#export, where it differs from v8-profiler-next', () => {
  test('writes to a userland stream, waits for its drain, ends it and returns it', async () => {
    const seen = await inChild(async ({ profiler, report, input }) => {
      const { UserlandStream, textOf } = require(input);
      const snapshot = profiler.takeSnapshot();
      const receiver = new UserlandStream();
      const returned = snapshot.export(receiver);
      await require('node:events').once(receiver, 'finish');
      const same = receiver.text === await textOf(snapshot.export());
      report({ returned: returned === receiver, same, writesWhileWaiting: receiver.writesWhileWaiting });
    });
    expect(seen).toEqual({ returned: true, same: true, writesWhileWaiting: 0 });
  });

  test('writes to a WHATWG WritableStream, closes it and returns it', async () => {
    const seen = await inChild(async ({ profiler, report, input }) => {
      const { WritableStream } = require('node:stream/web');
      const snapshot = profiler.takeSnapshot();
      const chunks = [];
      let closed;
      const whenClosed = new Promise((resolve) => {
        closed = resolve;
      });
      const receiver = new WritableStream({
        async write(chunk) {
          await new Promise(setImmediate);
          chunks.push(Buffer.from(chunk));
        },
        close: () => closed(),
      });
      const returned = snapshot.export(receiver);
      await whenClosed;
      const same = Buffer.concat(chunks).toString() === await require(input).textOf(snapshot.export());
      report({ returned: returned === receiver, same });
    });
    expect(seen).toEqual({ returned: true, same: true });
  });

  test('stays idle while a receiver holds its first chunk, and while nobody reads the stream it made', async () => {
    const { held, idle, whole, length } = await inChild(async ({ profiler, report, sleep, input }) => {
      const { once } = require('node:events');
      const { Writable } = require('node:stream');
      globalThis.kept = Array.from({ length: 20000 }, (_, index) => ({ index, text: `string ${index}` }));
      const snapshot = profiler.takeSnapshot();
      let release;
      let received = 0;
      const receiver = new Writable({
        highWaterMark: 16384,
        write(chunk, encoding, done) {
          received += chunk.length;
          if (release) done();
          else release = done;
        },
      });
      snapshot.export(receiver);
      const stream = snapshot.export();
      await sleep(100);
      const held = received + receiver.writableLength;
      const idle = stream.readableLength + stream.writableLength;
      release();
      const [text] = await Promise.all([require(input).textOf(stream), once(receiver, 'finish')]);
      report({ held, idle, whole: received === Buffer.byteLength(text), length: text.length });
    });
    expect(Math.max(held, idle)).toBeLessThan(2 * 1024 * 1024);
    expect(length).toBeGreaterThan(3 * 1024 * 1024);
    expect(whole).toBe(true);
  });

  test('keeps a deleted snapshot until its paused exports have ended', async () => {
    const seen = await inChild(async ({ profiler, report, sleep, input }) => {
      const { textOf } = require(input);
      const snapshot = profiler.takeSnapshot('paused');
      const streams = [snapshot.export(), snapshot.export()];
      await require('node:events').once(streams[0], 'readable');
      snapshot.delete();
      await sleep(50);
      const [first, second] = [await textOf(streams[0]), await textOf(streams[1])];
      report({ same: first === second, whole: JSON.parse(first).snapshot.node_count === snapshot.nodesCount });
    });
    expect(seen).toEqual({ same: true, whole: true });
  });

  test('frees a deleted snapshot whose export is destroyed', async () => {
    const code = await inChild(async ({ profiler, codeOf, report }) => {
      const { once } = require('node:events');
      const snapshot = profiler.takeSnapshot('destroyed');
      const stream = snapshot.export();
      await once(stream, 'readable');
      snapshot.delete();
      stream.destroy();
      await once(stream, 'close');
      report(codeOf(() => snapshot.export()).error.code);
    });
    expect(code).toBe('ERR_RS_PROFILER_DELETED');
  });

  test('stops quietly when the receiver is destroyed half way', async () => {
    const same = await inChild(async ({ profiler, report, sleep, input }) => {
      const { once } = require('node:events');
      const { Writable } = require('node:stream');
      const { textOf } = require(input);
      const snapshot = profiler.takeSnapshot();
      const before = await textOf(snapshot.export());
      const receiver = new Writable({ write: (chunk, encoding, done) => setImmediate(done) });
      snapshot.export(receiver);
      await new Promise(setImmediate);
      receiver.destroy();
      await once(receiver, 'close');
      await sleep(50);
      report((await textOf(snapshot.export())) === before);
    });
    expect(same).toBe(true);
  });
});

describe('Snapshot#export and serialize inside Jest', () => {
  let snapshot;

  beforeAll(() => {
    snapshot = profiler.takeSnapshot('receivers');
  });

  afterAll(() => snapshot.delete());

  test.each([['text'], [5], [true], [{}], [{ write() {} }], [Symbol('s')]])('refuses %p at once', (receiver) => {
    const attempt = () => snapshot.export(receiver);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow('dataReceiver is not a function');
    expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' }));
  });

  test('passes on what the callback throws', () => {
    const failing = jest.fn(() => {
      throw new RangeError('from the callback');
    });
    expect(() => snapshot.export(failing)).toThrow('from the callback');
    expect(failing).toHaveBeenCalledTimes(1);
  });

  test('passes on what the iterator or the callback of serialize throws', () => {
    let chunks = 0;
    const callback = jest.fn();
    const iterator = () => {
      if (++chunks === 2) throw new RangeError('from the iterator');
    };
    expect(() => snapshot.serialize(iterator, callback)).toThrow('from the iterator');
    expect(chunks).toBe(2);
    expect(callback).not.toHaveBeenCalled();
    const failing = () => {
      throw new RangeError('from the end');
    };
    expect(() => snapshot.serialize(() => {}, failing)).toThrow('from the end');
  });
});
