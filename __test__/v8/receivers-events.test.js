'use strict';

/** What a receiver sees of an export beside the bytes: its listeners, strings or Buffers, an early end. */

const { EventEmitter, once } = require('node:events');
const http = require('node:http');
const { PassThrough, Writable } = require('node:stream');
const { WritableStream } = require('node:stream/web');

const profiler = require('../..');
const { UserlandStream } = require('../helpers/streams');

let snapshot;
let text;

beforeAll(() => {
  snapshot = profiler.takeSnapshot('events');
  snapshot.export((error, exported) => {
    text = exported;
  });
});

afterAll(() => snapshot.delete());

/** A stream that collects what it is given, as it is given. */
function collector(options) {
  const chunks = [];
  const stream = new Writable({
    write(chunk, encoding, done) {
      chunks.push(chunk);
      setImmediate(done);
    },
    ...options,
  });
  return Object.assign(stream, { chunks });
}

describe('the listeners of an export', () => {
  test('are one set per stream, however many chunks there are, and go with it', async () => {
    const receiver = new UserlandStream({ every: 1 });
    const added = [];
    receiver.on('newListener', (event) => added.push(String(event)));
    const before = receiver.eventNames();
    snapshot.export(receiver);
    await once(receiver, 'finish');
    expect(receiver.chunks.length).toBeGreaterThan(20);
    const ours = added.filter((event) => event !== 'finish' && event !== 'error');
    expect(ours.sort()).toEqual(['close', 'drain', String(EventEmitter.errorMonitor)].sort());
    await new Promise(setImmediate);
    expect(receiver.eventNames()).toEqual(before);
  });

  test('a drain that comes within write is not missed', async () => {
    const receiver = new UserlandStream();
    receiver.write = function write(chunk) {
      this.chunks.push(Buffer.from(chunk));
      this.emit('drain');
      return false;
    };
    snapshot.export(receiver);
    await once(receiver, 'finish');
    expect(receiver.text === text).toBe(true);
  });
});

describe('what a receiver is given', () => {
  test.each([
    ['a Writable', () => collector(), 'object'],
    ['a Writable with decodeStrings: false', () => collector({ decodeStrings: false }), 'string'],
    ['a Writable in object mode', () => collector({ objectMode: true }), 'string'],
    ['a stream older than Node\'s present ones', () => {
      const stream = new UserlandStream();
      stream.write = function write(chunk) {
        this.chunks.push(chunk);
        return true;
      };
      return stream;
    }, 'string'],
  ])('%s', async (name, make, type) => {
    profiler.startProfiling('strings');
    const profile = profiler.stopProfiling('strings');
    for (const [exporter, expected] of [[snapshot, text], [profile, JSON.stringify(profile)]]) {
      const receiver = make();
      exporter.export(receiver);
      await once(receiver, 'finish');
      expect(new Set(receiver.chunks.map((chunk) => typeof chunk))).toEqual(new Set([type]));
      const whole = type === 'string' ? receiver.chunks.join('') : Buffer.concat(receiver.chunks).toString();
      expect(whole === expected).toBe(true);
    }
    profile.delete();
  });

  test('a response of http: Buffers', async () => {
    const types = new Set();
    const server = http.createServer((request, response) => {
      const { write } = response;
      response.write = (chunk, ...args) => {
        types.add(Buffer.isBuffer(chunk));
        return write.call(response, chunk, ...args);
      };
      snapshot.export(response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const got = await new Promise((resolve, reject) => {
      http.get({ host: '127.0.0.1', port: server.address().port, agent: false }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).toString()));
      }).on('error', reject);
    });
    await new Promise((resolve) => server.close(resolve));
    expect(got === text).toBe(true);
    expect(types).toEqual(new Set([true]));
  });
});

describe('a receiver that goes early', () => {
  const ways = {
    'is destroyed': (stream) => stream.destroy(),
    'is destroyed with an error': (stream) => stream.on('error', () => {}).destroy(new Error('mine')),
    'is ended by somebody else': (stream) => stream.end(),
  };

  test.each(Object.keys(ways))('%s: the export stops at once, quietly', async (way) => {
    const receiver = new PassThrough({ highWaterMark: 1 });
    const errors = [];
    receiver.on('error', (error) => errors.push(error.message));
    snapshot.export(receiver);
    await once(receiver, 'readable');
    ways[way](receiver);
    const writes = jest.spyOn(receiver, 'write');
    receiver.resume();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(writes).not.toHaveBeenCalled();
    expect(errors).toEqual(way.includes('error') ? ['mine'] : []);
  });

  test('a WritableStream that fails half way keeps its own error', async () => {
    let given = 0;
    const receiver = new WritableStream({
      write() {
        if (++given === 3) throw new RangeError('full');
      },
    });
    snapshot.export(receiver);
    while (receiver.locked) await new Promise(setImmediate);
    await expect(receiver.getWriter().closed).rejects.toThrow('full');
    expect(given).toBe(3);
  });
});
