'use strict';

/**
 * What an export does that the originals do not: other kinds of receivers, back-pressure, and errors that are seen.
 */

const { once } = require('node:events');
const { Writable } = require('node:stream');

const profiler = require('..');
const { textOf, UserlandStream } = require('./helpers/streams');

describe('Snapshot#export, where it differs from v8-profiler-next', () => {
  let snapshot;
  let text;

  beforeAll(() => {
    snapshot = profiler.takeSnapshot('receivers');
    snapshot.export((error, exported) => {
      text = exported;
    });
  });

  afterAll(() => snapshot.delete());

  test('writes to a userland stream, waits for its drain, ends it and returns it', async () => {
    const receiver = new UserlandStream();
    expect(snapshot.export(receiver)).toBe(receiver);
    await once(receiver, 'finish');
    expect(receiver.text === text).toBe(true);
    expect(receiver.writesWhileWaiting).toBe(0);
  });

  test('writes to a WHATWG WritableStream, closes it and returns it', async () => {
    const { WritableStream } = require('node:stream/web');
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
    expect(snapshot.export(receiver)).toBe(receiver);
    await whenClosed;
    expect(Buffer.concat(chunks).toString() === text).toBe(true);
  });

  test('stays idle while a receiver holds its first chunk', async () => {
    let release;
    let received = 0;
    let begun;
    const first = new Promise((resolve) => {
      begun = resolve;
    });
    const receiver = new Writable({
      highWaterMark: 16384,
      write(chunk, encoding, done) {
        received += chunk.length;
        if (release) {
          done();
          return;
        }
        release = done;
        begun();
      },
    });
    snapshot.export(receiver);
    await first;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(received + receiver.writableLength).toBeLessThan(2 * 1024 * 1024);
    expect(text.length).toBeGreaterThan(3 * 1024 * 1024);
    release();
    await once(receiver, 'finish');
    expect(received).toBe(text.length);
  });

  test('stays idle while nobody reads the stream it made', async () => {
    const stream = snapshot.export();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(stream.readableLength + stream.writableLength).toBeLessThan(2 * 1024 * 1024);
    expect((await textOf(stream)) === text).toBe(true);
  });

  test('keeps a deleted snapshot until its paused exports have ended', async () => {
    const short = profiler.takeSnapshot('paused');
    const first = short.export();
    const second = short.export();
    await once(first, 'readable');
    short.delete();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const firstText = await textOf(first);
    const secondText = await textOf(second);
    expect(firstText === secondText).toBe(true);
    expect(JSON.parse(firstText).snapshot.node_count).toBe(short.nodesCount);
  });

  test('frees a deleted snapshot whose export is destroyed', async () => {
    const short = profiler.takeSnapshot('destroyed');
    const stream = short.export();
    await once(stream, 'readable');
    short.delete();
    stream.destroy();
    await once(stream, 'close');
    expect(() => short.export()).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_DELETED' }));
  });

  test.each([['text'], [5], [true], [{}], [{ write() {} }], [Symbol('s')]])('refuses %p at once', (receiver) => {
    const attempt = () => snapshot.export(receiver);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow('dataReceiver is not a function');
    expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' }));
  });

  test.each([
    ['a WritableStream that has a writer', () => {
      const stream = new (require('node:stream/web').WritableStream)();
      stream.getWriter();
      return stream;
    }],
    ['one whose getWriter throws', () => ({ getWriter() { throw new Error('no writer'); } })],
    ['one whose writer is none', () => ({ getWriter: () => ({ closed: null }) })],
    ['a stream without removeListener and emit', () => ({ write: () => true, end() {}, on() {} })],
  ])('refuses %s at once, not in a rejection that nobody sees', async (what, make) => {
    const unseen = jest.fn();
    process.on('unhandledRejection', unseen);
    try {
      expect(() => snapshot.export(make())).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' }));
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(unseen).not.toHaveBeenCalled();
    } finally {
      process.removeListener('unhandledRejection', unseen);
    }
  });

  test('leaves a WritableStream unlocked when there is nothing to export any more', () => {
    const gone = profiler.takeSnapshot('gone');
    gone.delete();
    const stream = new (require('node:stream/web').WritableStream)();
    expect(() => gone.export(stream)).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_DELETED' }));
    expect(stream.locked).toBe(false);
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

  test('stops quietly when the receiver is destroyed half way', async () => {
    const receiver = new Writable({
      write(chunk, encoding, done) {
        setImmediate(done);
      },
    });
    snapshot.export(receiver);
    await new Promise(setImmediate);
    receiver.destroy();
    await once(receiver, 'close');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await textOf(snapshot.export())) === text).toBe(true);
  });
});
