'use strict';

/** The chunks of an export belong to whoever gets them: never touched again, whole characters, memory of their own. */

const profiler = require('../..');
const { runClean } = require('../helpers/child');
const { runTogether } = require('../helpers/together');

describe.each([['snapshot.export()', false], ['createHeapSnapshotStream()', true]])('a chunk of %s', (_, anew) => {
  test("kept by a 'data' listener, and by a file stream with a write of its own, stays what it was", async () => {
    const seen = await runTogether(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const kept = { listener: [], write: [] };
      class Logging extends fs.WriteStream {
        write(chunk, ...args) {
          kept.write.push({ chunk, copy: Buffer.from(chunk) });
          return super.write(chunk, ...args);
        }
      }
      const stream = input ? profiler.createHeapSnapshotStream() : profiler.takeSnapshot().export();
      stream.on('data', (chunk) => kept.listener.push({ chunk, copy: Buffer.from(chunk) }));
      await require('node:events').once(stream.pipe(new Logging('a.heapsnapshot')), 'finish');
      await new Promise(setImmediate);
      const same = (list) => list.length > 0 && list.every(({ chunk, copy }) => chunk.equals(copy));
      report([same(kept.listener), same(kept.write)]);
    }, { input: anew });
    expect(seen).toEqual([true, true]);
  });

  test('kept by `for await` beside a pipe stays what it was', async () => {
    const same = await runTogether(async ({ profiler, report, input }) => {
      const kept = [];
      const stream = input ? profiler.createHeapSnapshotStream() : profiler.takeSnapshot().export();
      (async () => {
        for await (const chunk of stream) kept.push({ chunk, copy: Buffer.from(chunk) });
      })();
      const file = require('node:fs').createWriteStream('a.heapsnapshot');
      await require('node:events').once(stream.pipe(file), 'finish');
      await new Promise(setImmediate);
      report(kept.length > 0 && kept.every(({ chunk, copy }) => chunk.equals(copy)));
    }, { input: anew });
    expect(same).toBe(true);
  });

  test('has its memory for itself and can be transferred', async () => {
    const seen = await runTogether(async ({ profiler, report, input }) => {
      const { once } = require('node:events');
      const { port1, port2 } = new (require('node:worker_threads').MessageChannel)();
      for await (const chunk of input ? profiler.createHeapSnapshotStream() : profiler.takeSnapshot().export()) {
        const { byteOffset, length } = chunk;
        const own = chunk.buffer.byteLength;
        const [received] = await Promise.all([once(port2, 'message'), port1.postMessage(chunk, [chunk.buffer])]);
        report({ byteOffset, own: own === length, received: (received[0].length ?? received[0].data.length) === length, left: chunk.length });
        break;
      }
      port1.close();
    }, { input: anew });
    expect(seen).toEqual({ byteOffset: 0, own: true, received: true, left: 0 });
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
  const equal = await runTogether(async ({ profiler, report }) => {
    const http = require('node:http');
    const zlib = require('node:zlib');
    globalThis.kept = Array.from({ length: 10000 }, (_, index) => ({ index, text: `string ${index}` }));
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

/**
 * Profiles whose names make every chunk border fall inside a character, at every alignment. Each function asks for its sample
 * itself, however little time V8's sampler gets.
 */
test('no chunk ends inside a character', async () => {
  const faults = await runTogether(async ({ profiler, report }) => {
    const faults = [];
    let chunksSeen = 0;
    const { Writable } = require('node:stream');
    for (const [kind, character] of Object.entries({ umlaut: 'ä', CJK: '漢', astral: '𠮷' })) {
      const name = character.repeat(2000);
      const functions = Array.from({ length: 60 }, (_, index) => new Function('sample', `return function ${name}${index}() { sample(); }`)(profiler.collectSample));
      // A border may fall on each byte of a character.
      for (let shift = 0; shift < Buffer.byteLength(character); shift++) {
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
