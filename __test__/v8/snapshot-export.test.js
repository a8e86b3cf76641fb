'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const { PassThrough, Transform, Writable } = require('node:stream');
const { finished } = require('node:stream/promises');

const profiler = require('../..');
const { tempFolder } = require('../helpers/temp-folder');
const { textOf, chunksOf } = require('../helpers/streams');

const CHUNK = 51200;

/** From Node 24 on V8 does not cut a number in two: its chunks may be a few characters short. */
const isFull = (length) => length <= CHUNK && length > CHUNK - 32;

let snapshot;
let text;

/** Whether two long texts are equal; a failing toBe() would print both. */
function expectSameText(actual) {
  expect(actual.length).toBe(text.length);
  expect(actual === text).toBe(true);
}

beforeAll(() => {
  snapshot = profiler.takeSnapshot('export');
  const chunks = [];
  snapshot.serialize(
    (chunk) => chunks.push(chunk),
    () => {},
  );
  text = chunks.join('');
});

afterAll(() => snapshot.delete());

describe('Snapshot#serialize', () => {
  test('hands over strings of 51200 characters and then calls the callback, before it returns', () => {
    const lengths = [];
    const order = [];
    const result = snapshot.serialize(
      (chunk, length) => {
        order.push('chunk');
        expect(typeof chunk).toBe('string');
        expect(chunk.length).toBe(length);
        lengths.push(length);
      },
      (...args) => order.push(['done', args.length]),
    );
    order.push('returned');
    expect(result).toBeUndefined();
    expect(lengths.slice(0, -1).every(isFull)).toBe(true);
    expect(lengths[lengths.length - 1]).toBeLessThanOrEqual(CHUNK);
    expect(order.slice(-2)).toEqual([['done', 0], 'returned']);
    expect(order.filter((entry) => entry === 'chunk')).toHaveLength(lengths.length);
  });

  test('stops when the iterator returns false, and then leaves the callback out', () => {
    let chunks = 0;
    const callback = jest.fn();
    snapshot.serialize(() => ++chunks < 3, callback);
    expect(chunks).toBe(3);
    expect(callback).not.toHaveBeenCalled();
  });

  test('goes on for every other value', () => {
    const values = [0, '', null, undefined, NaN];
    const callback = jest.fn();
    let chunks = 0;
    snapshot.serialize(() => values[chunks++ % values.length], callback);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('says what is wrong with its arguments', () => {
    const wrong = (...args) => {
      try {
        snapshot.serialize(...args);
      } catch (error) {
        return `${error.name}: ${error.message}`;
      }
      return 'nothing thrown';
    };
    expect(wrong()).toBe('Error: Invalid number of arguments');
    expect(wrong(() => {})).toBe('Error: Invalid number of arguments');
    expect(wrong(1, 2)).toBe('TypeError: Arguments must be a functions');
    expect(wrong(() => {}, 'text')).toBe('TypeError: Arguments must be a functions');
    expect(wrong('text', () => {})).toBe('TypeError: Arguments must be a functions');
  });
});

describe('Snapshot#export with a callback', () => {
  test('calls it with (null, text) before it returns undefined', () => {
    const order = [];
    const result = snapshot.export((...args) => {
      order.push('called');
      expect(args).toHaveLength(2);
      expect(args[0]).toBeNull();
      expectSameText(args[1]);
    });
    order.push('returned');
    expect(order).toEqual(['called', 'returned']);
    expect(result).toBeUndefined();
  });

  test('gives a heap snapshot that DevTools can read', () => {
    const parsed = JSON.parse(text);
    expect(Object.keys(parsed)).toEqual(
      expect.arrayContaining(['snapshot', 'nodes', 'edges', 'trace_function_infos', 'trace_tree', 'samples', 'strings']),
    );
    const { meta } = parsed.snapshot;
    expect(Object.keys(meta)).toEqual(
      expect.arrayContaining(['node_fields', 'node_types', 'edge_fields', 'edge_types', 'sample_fields']),
    );
    expect(parsed.snapshot.node_count).toBe(snapshot.nodesCount);
    expect(parsed.nodes).toHaveLength(parsed.snapshot.node_count * meta.node_fields.length);
    expect(parsed.edges).toHaveLength(parsed.snapshot.edge_count * meta.edge_fields.length);
  });
});

describe('Snapshot#export to a stream', () => {
  test.each([[undefined], [null], [0], [''], [false]])('makes an ExportStream when given %p', async (receiver) => {
    const stream = snapshot.export(receiver);
    expect(stream.constructor.name).toBe('ExportStream');
    expect(stream).toBeInstanceOf(Transform);
    stream.destroy();
    await once(stream, 'close');
  });

  test('delivers Buffers of about 51200 bytes and then finishes', async () => {
    const stream = snapshot.export();
    const done = finished(stream);
    const chunks = await chunksOf(stream);
    await done;
    expect(chunks.every((chunk) => Buffer.isBuffer(chunk))).toBe(true);
    expect(chunks.slice(0, -1).every((chunk) => isFull(chunk.length))).toBe(true);
    expectSameText(Buffer.concat(chunks).toString());
  });

  test('can be piped to a file', async () => {
    const file = path.join(tempFolder(), 'a.heapsnapshot');
    const piped = snapshot.export().pipe(fs.createWriteStream(file));
    await once(piped, 'finish');
    expectSameText(fs.readFileSync(file, 'utf8'));
  });

  test('writes to a core stream, ends it and returns it', async () => {
    const file = path.join(tempFolder(), 'b.heapsnapshot');
    const receiver = fs.createWriteStream(file);
    expect(snapshot.export(receiver)).toBe(receiver);
    await once(receiver, 'finish');
    expectSameText(fs.readFileSync(file, 'utf8'));
  });

  test('respects a slow receiver', async () => {
    const chunks = [];
    const receiver = new Writable({
      highWaterMark: 1000,
      write(chunk, encoding, done) {
        chunks.push(chunk);
        setImmediate(done);
      },
    });
    snapshot.export(receiver);
    await once(receiver, 'finish');
    expectSameText(Buffer.concat(chunks).toString());
  });

  test('can run several times at once', async () => {
    const texts = await Promise.all([
      textOf(snapshot.export()),
      textOf(snapshot.export(new PassThrough())),
      textOf(snapshot.export()),
    ]);
    texts.forEach(expectSameText);
  });

  test('goes on when serialize and export(callback) run meanwhile', async () => {
    const stream = snapshot.export();
    snapshot.export((error, exported) => expectSameText(exported));
    snapshot.serialize(() => false, jest.fn());
    expectSameText(await textOf(stream));
  });

  test('can be given up half way; the snapshot stays usable', async () => {
    const stream = snapshot.export();
    await once(stream, 'readable');
    expect(stream.read()).not.toBeNull();
    stream.destroy();
    await once(stream, 'close');
    expectSameText(await textOf(snapshot.export()));
  });

  test('leaves the error of a failing receiver to that receiver', async () => {
    const receiver = fs.createWriteStream(path.join(tempFolder(), 'no', 'such', 'folder'));
    snapshot.export(receiver);
    const [error] = await once(receiver, 'error');
    expect(error.code).toBe('ENOENT');
    expectSameText(await textOf(snapshot.export()));
  });

  test('is complete when the snapshot is deleted right after export()', async () => {
    const short = profiler.takeSnapshot('short-lived');
    const { nodesCount } = short;
    const stream = short.export();
    short.delete();
    expect(profiler.snapshots).not.toHaveProperty(String(short.uid));
    const parsed = JSON.parse(await textOf(stream));
    expect(parsed.snapshot.node_count).toBe(nodesCount);
  });
});
