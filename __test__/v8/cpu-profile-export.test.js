'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const { PassThrough, Transform } = require('node:stream');

const profiler = require('../..');
const { run, runClean } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');
const { textOf, UserlandStream } = require('../helpers/streams');
const workload = require('../helpers/workload');

describe('CpuProfile#export', () => {
  let profile;
  let text;

  beforeEach(() => {
    profiler.startProfiling('export');
    workload.spin(30);
    profile = profiler.stopProfiling('export');
    text = JSON.stringify(profile);
  });

  afterEach(() => profiler.deleteAllProfiles());

  test('calls a callback after it has returned, with (undefined, text)', async () => {
    const order = [];
    const args = await new Promise((resolve) => {
      const result = profile.export((...received) => {
        order.push('called');
        resolve(received);
      });
      order.push(['returned', result]);
    });
    expect(order).toEqual([['returned', undefined], 'called']);
    expect(args).toEqual([undefined, text]);
  });

  test('writes what JSON.stringify gives, as it was when export was called', async () => {
    const exported = new Promise((resolve) => profile.export((error, result) => resolve(result)));
    profile.title = 'too late';
    expect(await exported).toBe(text);
    expect(text).toContain('"title":"export"');
  });

  test.each([[undefined], [null], [0], [''], [false]])('makes an ExportStream when given %p', async (receiver) => {
    const stream = profile.export(receiver);
    expect(stream.constructor.name).toBe('ExportStream');
    expect(stream).toBeInstanceOf(Transform);
    expect(await textOf(stream)).toBe(text);
  });

  test('can be piped to a file', async () => {
    const file = path.join(tempFolder(), 'a.cpuprofile');
    await once(profile.export().pipe(fs.createWriteStream(file)), 'finish');
    expect(fs.readFileSync(file, 'utf8')).toBe(text);
  });

  test('ends a core stream with the text and returns it', async () => {
    const file = path.join(tempFolder(), 'b.cpuprofile');
    const receiver = fs.createWriteStream(file);
    expect(profile.export(receiver)).toBe(receiver);
    await once(receiver, 'finish');
    expect(fs.readFileSync(file, 'utf8')).toBe(text);
  });

  test('works after delete, and for several receivers at once', async () => {
    profile.delete();
    const texts = await Promise.all([
      textOf(profile.export()),
      textOf(profile.export(new PassThrough())),
      new Promise((resolve) => profile.export((error, result) => resolve(result))),
    ]);
    expect(texts).toEqual([text, text, text]);
  });

  test('gives a callback the error of a profile that cannot be stringified', async () => {
    profile.loop = profile;
    const args = await new Promise((resolve) => profile.export((...received) => resolve(received)));
    expect(args[0].name).toBe('TypeError');
    expect(args[1]).toBeUndefined();
  });

  test('gives a stream that error as an event, and then ends it', async () => {
    profile.toJSON = () => {
      throw new RangeError('from toJSON');
    };
    const receiver = new PassThrough();
    const order = [];
    receiver.on('error', (error) => order.push(error.message));
    await new Promise((resolve) => {
      receiver.on('finish', resolve);
      expect(profile.export(receiver)).toBe(receiver);
    });
    expect(order).toEqual(['from toJSON']);
  });
});

describe('CpuProfile#export and SamplingHeapProfile#export', () => {
  test.each(['CpuProfile', 'SamplingHeapProfile'])('%s: what is no receiver fails on the next tick', async (kind) => {
    const { code, signal, report } = await run(
      ({ profiler, input, report }) => {
        const make = {
          CpuProfile() {
            profiler.startProfiling();
            return profiler.stopProfiling();
          },
          SamplingHeapProfile() {
            profiler.startSamplingHeapProfiling();
            return profiler.stopSamplingHeapProfiling();
          },
        };
        const order = [];
        process.on('uncaughtException', (error) => {
          order.push(`${error.name}: ${error.message}`);
          report(order);
        });
        order.push(String(make[input]().export('file.json')));
      },
      { input: kind },
    );
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(report).toEqual(['undefined', expect.stringMatching(/^TypeError: dataReceiver is not a function\b/)]);
  });

  test('what a callback throws is an uncaught exception', async () => {
    const seen = await runClean(({ profiler, report }) => {
      process.on('uncaughtException', (error) => report(error.message));
      profiler.startProfiling();
      profiler.stopProfiling().export(() => {
        throw new Error('from the callback');
      });
    });
    expect(seen).toBe('from the callback');
  });
});

describe('CpuProfile#export, where it differs from v8-profiler-next', () => {
  let profile;

  beforeAll(() => {
    profiler.startProfiling('receivers');
    workload.spin(30);
    profile = profiler.stopProfiling('receivers');
  });

  afterAll(() => profiler.deleteAllProfiles());

  test('writes to a userland stream', async () => {
    const receiver = new UserlandStream();
    expect(profile.export(receiver)).toBe(receiver);
    await once(receiver, 'finish');
    expect(receiver.text).toBe(JSON.stringify(profile));
  });

  test('writes to a WHATWG WritableStream and closes it', async () => {
    const { WritableStream } = require('node:stream/web');
    const chunks = [];
    await new Promise((resolve) => {
      const receiver = new WritableStream({ write: (chunk) => void chunks.push(Buffer.from(chunk)), close: resolve });
      expect(profile.export(receiver)).toBe(receiver);
    });
    expect(Buffer.concat(chunks).toString()).toBe(JSON.stringify(profile));
  });

  test('takes a format beside the receiver', async () => {
    for (const [format, key] of [
      ['tree', 'head'],
      ['nodes', 'nodes'],
      ['inspector', 'nodes'],
    ]) {
      const fromCallback = await new Promise((resolve, reject) =>
        profile.export({ format }, (error, result) => (error ? reject(error) : resolve(result))),
      );
      const fromStream = await textOf(profile.export({ format }));
      const receiver = new PassThrough();
      expect(profile.export({ format }, receiver)).toBe(receiver);
      expect(await textOf(receiver)).toBe(fromCallback);
      expect(fromStream).toBe(fromCallback);
      expect(JSON.parse(fromCallback)).toHaveProperty(key);
    }
  });

  test('refuses an unknown format', () => {
    expect(() => profile.export({ format: 'svg' }, () => {})).toThrow(
      expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' }),
    );
  });
});
