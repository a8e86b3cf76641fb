'use strict';

/** The chunks of an export belong to whoever gets them: never touched again, whole characters, memory of their own. */

const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { MessageChannel } = require('node:worker_threads');

const profiler = require('../..');
const { runClean } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');

let snapshot;

beforeAll(() => {
  snapshot = profiler.takeSnapshot('chunks');
});

afterAll(() => snapshot.delete());

const sources = {
  'snapshot.export()': () => snapshot.export(),
  'createHeapSnapshotStream()': () => profiler.createHeapSnapshotStream(),
};

describe.each(Object.keys(sources))('a chunk of %s', (source) => {
  const ways = {
    "a 'data' listener": (stream, keep) => stream.on('data', keep),
    'for await': (stream, keep) => {
      (async () => {
        for await (const chunk of stream) keep(chunk);
      })();
    },
  };

  test.each(Object.keys(ways))('kept by %s beside a pipe stays what it was', async (way) => {
    const kept = [];
    const stream = sources[source]();
    ways[way](stream, (chunk) => kept.push({ chunk, copy: Buffer.from(chunk) }));
    const file = fs.createWriteStream(path.join(tempFolder(), 'a.heapsnapshot'));
    await once(stream.pipe(file), 'finish');
    await new Promise(setImmediate);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every(({ chunk, copy }) => chunk.equals(copy))).toBe(true);
  });

  test('kept by a file stream with a write of its own stays what it was', async () => {
    const kept = [];
    class Logging extends fs.WriteStream {
      write(chunk, ...args) {
        kept.push({ chunk, copy: Buffer.from(chunk) });
        return super.write(chunk, ...args);
      }
    }
    await once(sources[source]().pipe(new Logging(path.join(tempFolder(), 'a.heapsnapshot'))), 'finish');
    await new Promise(setImmediate);
    expect(kept.every(({ chunk, copy }) => chunk.equals(copy))).toBe(true);
  });

  test('has its memory for itself and can be transferred', async () => {
    const { port1, port2 } = new MessageChannel();
    try {
      for await (const chunk of sources[source]()) {
        expect([chunk.byteOffset, chunk.buffer.byteLength]).toEqual([0, chunk.length]);
        const { length } = chunk;
        const [received] = await Promise.all([once(port2, 'message'), port1.postMessage(chunk, [chunk.buffer])]);
        expect([received[0].length ?? received[0].data.length, chunk.length]).toEqual([length, 0]);
        break;
      }
    } finally {
      port1.close();
    }
  });
});

test('short texts, of profiles that were read, are in memory of their own too', async () => {
  profiler.startProfiling('short');
  const profile = profiler.stopProfiling('short');
  JSON.stringify(profile);
  for await (const chunk of profile.export()) {
    expect([chunk.byteOffset, chunk.buffer.byteLength]).toEqual([0, chunk.length]);
  }
  profile.delete();
});

test('a response whose write compresses gets the whole snapshot', async () => {
  const equal = await runClean(async ({ profiler, report }) => {
    const http = require('node:http');
    const zlib = require('node:zlib');
    globalThis.kept = Array.from({ length: 30000 }, (_, index) => ({ index, text: `string ${index}` }));
    const snapshot = profiler.takeSnapshot();
    const ways = [() => snapshot.export(), (response) => snapshot.export(response), () => profiler.createHeapSnapshotStream()];
    const server = http.createServer((request, response) => {
      const gzip = zlib.createGzip({ level: 1 });
      const { write, end, on } = response;
      gzip.on('data', (chunk) => write.call(response, chunk) === false && gzip.pause());
      gzip.on('end', () => end.call(response));
      on.call(response, 'drain', () => gzip.resume());
      response.write = (chunk) => gzip.write(chunk);
      response.end = () => gzip.end();
      response.on = (event, listener) => (event === 'drain' ? gzip.on(event, listener) : on.call(response, event, listener));
      const made = ways[request.url.slice(1)](response);
      if (made !== response) made.pipe(response);
    });
    server.listen(0, '127.0.0.1', async () => {
      const whole = [];
      for (const way of ways.keys()) {
        whole.push(await new Promise((resolve) => {
          http.get({ host: '127.0.0.1', port: server.address().port, path: `/${way}`, agent: false }, (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
              const { snapshot, nodes } = JSON.parse(zlib.gunzipSync(Buffer.concat(chunks)));
              resolve(nodes.length === snapshot.node_count * snapshot.meta.node_fields.length);
            });
          });
        }));
      }
      server.close();
      report(whole);
    });
  });
  expect(equal).toEqual([true, true, true]);
});

/** Profiles whose names make every chunk border fall inside a character, at every alignment. */
test('no chunk ends inside a character', async () => {
  const faults = await runClean(async ({ profiler, report, workload }) => {
    const faults = [];
    let chunksSeen = 0;
    const { Writable } = require('node:stream');
    for (const [kind, character] of Object.entries({ umlaut: 'ä', CJK: '漢', astral: '𠮷' })) {
      const name = character.repeat(2000);
      const functions = Array.from({ length: 60 }, (_, index) => new Function('spin', `return function ${name}${index}() { return spin(1); }`)(workload.spin));
      for (let shift = 0; shift < 4; shift++) {
        const title = 'x'.repeat(shift);
        profiler.setGenerateType(1);
        profiler.startProfiling(title, true);
        for (const call of functions) call();
        const profile = profiler.stopProfiling(title);
        let added = '';
        for await (const chunk of profile.export({ format: 'nodes' })) {
          added += chunk;
          chunksSeen++;
        }
        let strings = '';
        await new Promise((resolve) => {
          const receiver = new Writable({ decodeStrings: false, write: (chunk, encoding, done) => done(void (strings += chunk)) });
          profile.export({ format: 'nodes' }, receiver).on('finish', resolve);
        });
        const called = await new Promise((resolve) => profile.export({ format: 'nodes' }, (error, text) => resolve(text)));
        const expected = JSON.stringify(profile);
        if (!expected.includes(name)) faults.push(`${kind}, ${shift}: the names are missing`);
        for (const [way, text] of Object.entries({ added, strings, called })) {
          if (text !== expected) faults.push(`${kind}, ${shift}: ${way}`);
        }
        profile.delete();
      }
    }
    report({ faults, several: chunksSeen > 30 });
  });
  expect(faults).toEqual({ faults: [], several: true });
});

describe('a callback', () => {
  test('is called in the next tick, and before anything that comes later', async () => {
    profiler.startProfiling('tick');
    profiler.startSamplingHeapProfiling();
    const profile = profiler.stopProfiling('tick');
    const sampling = profiler.stopSamplingHeapProfiling();
    const order = [];
    await new Promise((resolve) => {
      setImmediate(() => {
        order.push('immediate');
        resolve();
      });
      process.nextTick(() => order.push('tick before'));
      profile.export((error, text) => order.push(['profile', error, typeof text]));
      sampling.export((error, text) => order.push(['sampling', error, typeof text]));
      process.nextTick(() => order.push('tick after'));
      order.push('returned');
    });
    profile.delete();
    expect(order).toEqual([
      'returned', 'tick before', ['profile', undefined, 'string'], ['sampling', undefined, 'string'], 'tick after', 'immediate',
    ]);
  });

  test('is called even when the process is ended right after that', async () => {
    const text = await runClean(({ profiler, report }) => {
      profiler.startProfiling('end');
      profiler.stopProfiling('end').export((error, text) => report(JSON.parse(text).title));
      process.nextTick(() => process.exit());
    });
    expect(text).toBe('end');
  });
});
