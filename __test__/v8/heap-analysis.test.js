'use strict';

/** openHeapSnapshot of the streams of this Node: as they come, as they fail, and given up; its progress. */

const fs = require('node:fs');
const path = require('node:path');
const { PassThrough, Readable } = require('node:stream');
const { ReadableStream } = require('node:stream/web');
const zlib = require('node:zlib');
const { openHeapSnapshot } = require('../..');
const { tempFolder } = require('../helpers/temp-folder');

const FILE = path.resolve(__dirname, '..', '..', 'crates', 'core', 'tests', 'fixtures', 'devtools', 'n24.heapsnapshot.gz');
const ABORTED = { name: 'AbortError', code: 'ABORT_ERR' };

let packed;
let text;
let wanted;

beforeAll(async () => {
  packed = fs.readFileSync(FILE);
  text = zlib.gunzipSync(packed);
  const analysis = await openHeapSnapshot(FILE);
  wanted = await analysis.classes();
  analysis.close();
});

async function classesOf(input, options) {
  const analysis = await openHeapSnapshot(input, options);
  const classes = await analysis.classes();
  analysis.close();
  return classes;
}

/** Pieces of a buffer. */
function* piecesOf(bytes, size) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('a stream is opened while it comes:', () => {
  test.each([
    ['a file', () => fs.createReadStream(FILE)],
    ['its text, decompressed', () => fs.createReadStream(FILE).pipe(zlib.createGunzip())],
    ['strings', () => fs.createReadStream(FILE).pipe(zlib.createGunzip()).setEncoding('utf8')],
    ['one big piece', () => Readable.from([text], { objectMode: false })],
    ['many small pieces', () => Readable.from(piecesOf(packed, 977))],
    ['Uint8Arrays in object mode', () => Readable.from([...piecesOf(packed, 100_000)].map((piece) => new Uint8Array(piece)))],
    ['a web stream', () => new ReadableStream({
      start(controller) {
        for (const piece of piecesOf(packed, 50_000)) controller.enqueue(new Uint8Array(piece));
        controller.close();
      },
    })],
    ['an async generator', () => (async function* pieces() {
      yield Buffer.alloc(0);
      yield* piecesOf(text, 1 << 20);
    }())],
  ])('%s', async (name, stream) => {
    expect(await classesOf(stream())).toEqual(wanted);
  });

  test('strings that end within a character', async () => {
    const name = '😀a😀';
    const odd = text.toString().replace('"<dummy>",', `"<dummy>",${JSON.stringify(name)},`)
      // Names are numbers of strings: the second one is now another.
      .replace(/"nodes":\[\d+,\d+,/, (found) => found.replace(/\d+,$/, '1,'));
    const at = odd.indexOf(name);
    const nameOfRoot = async (input) => {
      const analysis = await openHeapSnapshot(Readable.from(input));
      const root = await analysis.node(1);
      analysis.close();
      return root.name;
    };
    expect(await nameOfRoot([odd])).toBe(name);
    expect(await nameOfRoot([odd.slice(0, at + 1), odd.slice(at + 1, at + 4), odd.slice(at + 4)])).toBe(name);
    // Half of a character that bytes follow stays half.
    expect(await nameOfRoot([odd.slice(0, at + 4), Buffer.from(odd.slice(at + 5))])).toBe('😀a\ufffd');
  });

  test('no faster than it is read', async () => {
    // Much more than may wait, in a section that is passed over.
    const zeros = Buffer.alloc(1 << 16, '0,');
    let given = 0;
    let most = 0;
    const analysis = await openHeapSnapshot((async function* pieces() {
      yield Buffer.from('{"passed over":[');
      for (; given < 128 << 20; given += zeros.length) yield zeros;
      yield Buffer.from('0],');
      yield text.subarray(1);
    }()), { onProgress: ({ phase, done }) => {
      if (phase === 'read') most = Math.max(most, given - done);
    } });
    analysis.close();
    // What waits, and what is being decoded.
    expect(most).toBeLessThan(16 << 20);
  });

  test('a piece that changes later is what it was', async () => {
    const feed = (async function* pieces() {
      const piece = Buffer.alloc(1 << 16);
      for (const part of piecesOf(packed, piece.length)) {
        part.copy(piece);
        yield piece.subarray(0, part.length);
        piece.fill(0);
      }
    }());
    expect(await classesOf(feed)).toEqual(wanted);
  });
});

describe('what a stream fails with is the error:', () => {
  test('its own, as it is', async () => {
    const thrown = new RangeError('mine');
    const failing = new PassThrough();
    failing.write(packed.subarray(0, 1000));
    setImmediate(() => failing.destroy(thrown));
    await expect(openHeapSnapshot(failing)).rejects.toBe(thrown);
    await expect(openHeapSnapshot((async function* pieces() {
      yield packed.subarray(0, 10);
      throw thrown;
    }()))).rejects.toBe(thrown);
    await expect(openHeapSnapshot({ [Symbol.asyncIterator]: () => { throw thrown; } })).rejects.toBe(thrown);
  });

  test('a file that is not there', async () => {
    await expect(openHeapSnapshot(fs.createReadStream(path.join(tempFolder(), 'none')))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('destroyed before its end, before or while it is read', async () => {
    const early = fs.createReadStream(FILE);
    early.destroy();
    await expect(openHeapSnapshot(early)).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_STREAM_/) });
    const late = new PassThrough();
    late.write(packed.subarray(0, 1000));
    setImmediate(() => late.destroy());
    await expect(openHeapSnapshot(late)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  test('a web stream that somebody else reads', async () => {
    const locked = new ReadableStream();
    locked.getReader();
    await expect(openHeapSnapshot(locked)).rejects.toMatchObject({ name: 'TypeError' });
  });

  test('things that are no text', async () => {
    const stream = Readable.from([{ a: 1 }]);
    await expect(openHeapSnapshot(stream)).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
    expect(stream.destroyed).toBe(true);
  });

  test('cut off, or no snapshot: the stream is ended then', async () => {
    await expect(openHeapSnapshot(Readable.from([text.subarray(0, 5000)]))).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT' });
    const endless = Readable.from((async function* pieces() {
      for (;;) yield 'this is no snapshot'.repeat(10_000);
    }()));
    await expect(openHeapSnapshot(endless)).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_SNAPSHOT' });
    expect(endless.destroyed).toBe(true);
  });
});

describe('an opening is given up', () => {
  test('before it begins: a stream is not touched', async () => {
    const stream = fs.createReadStream(FILE);
    await expect(openHeapSnapshot(FILE, { signal: AbortSignal.abort('early') })).rejects.toMatchObject({ ...ABORTED, cause: 'early' });
    await expect(openHeapSnapshot(stream, { signal: AbortSignal.abort() })).rejects.toMatchObject(ABORTED);
    expect(await classesOf(stream)).toEqual(wanted);
  });

  test('while it reads a file', async () => {
    const controller = new AbortController();
    const opening = openHeapSnapshot(FILE, { signal: controller.signal });
    controller.abort('enough');
    await expect(opening).rejects.toMatchObject({ ...ABORTED, cause: 'enough' });
  });

  test('while it waits for a stream, which is destroyed', async () => {
    const controller = new AbortController();
    const stream = new PassThrough();
    stream.write(packed.subarray(0, 1000));
    const opening = openHeapSnapshot(stream, { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(opening).rejects.toMatchObject(ABORTED);
    expect(stream.destroyed).toBe(true);
  });

  test('from onProgress, also in its last call, and by what that throws', async () => {
    const thrown = new Error('enough');
    await expect(openHeapSnapshot(FILE, { onProgress: () => { throw thrown; } })).rejects.toBe(thrown);
    const controller = new AbortController();
    const onProgress = ({ phase, done, total }) => {
      if (phase === 'analyse' && done === total) controller.abort();
    };
    await expect(openHeapSnapshot(FILE, { signal: controller.signal, onProgress })).rejects.toMatchObject(ABORTED);
  });

  test('and so is a question', async () => {
    const analysis = await openHeapSnapshot(FILE);
    const controller = new AbortController();
    const asked = [analysis.duplicatedStrings({ signal: controller.signal }), analysis.compare(analysis, { signal: controller.signal })];
    controller.abort('enough');
    for (const each of asked) await expect(each).rejects.toMatchObject({ ...ABORTED, cause: 'enough' });
    await expect(analysis.summary({ signal: controller.signal })).rejects.toMatchObject(ABORTED);
    expect(await analysis.classes()).toEqual(wanted);
    analysis.close();
  });
});

test('progress goes forward, phase by phase, to its end', async () => {
  const seen = [];
  const analysis = await openHeapSnapshot(Readable.from((async function* pieces() {
    yield text.subarray(0, text.length / 2);
    await new Promise((resolve) => setTimeout(resolve, 120));
    yield text.subarray(text.length / 2);
  }())), { onProgress: (progress) => seen.push(progress) });
  analysis.close();
  expect(seen[0]).toMatchObject({ phase: 'read', total: 0 });
  const last = seen[seen.length - 1];
  expect(last).toEqual({ phase: 'analyse', done: last.total, total: expect.any(Number) });
  const order = ['read', 'analyse'];
  for (const [at, { phase, done }] of seen.slice(1).entries()) {
    expect(order.indexOf(phase)).toBeGreaterThanOrEqual(order.indexOf(seen[at].phase));
    if (phase === seen[at].phase) expect(done).toBeGreaterThanOrEqual(seen[at].done);
  }
  const files = [];
  (await openHeapSnapshot(FILE, { onProgress: (progress) => files.push(progress) })).close();
  for (const { phase, done, total } of files) {
    expect(done).toBeLessThanOrEqual(total);
    if (phase === 'read') expect(total).toBe(packed.length);
  }
});
