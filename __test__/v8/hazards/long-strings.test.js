'use strict';

/** V8's writer cannot be stopped within a string that is longer than a chunk: it would write past its buffer, or for ever. */

const { runClean } = require('../../helpers/child');

const LONG = { nodeArgs: ['--heap-snapshot-string-limit=100000000'] };

test('an export is given up inside a string that is longer than a chunk', async () => {
  const { sent, whole } = await runClean(
    async ({ main, report }) => {
      // Node writes a title over the arguments of the process.
      process.title = 'titled';
      const profiler = require(main);
      global.text = Buffer.alloc(3e6, 0xe9).toString('latin1');
      const length = async (stream, most) => {
        let sent = 0;
        for await (const chunk of stream) {
          sent += chunk.length;
          if (sent > most) break;
        }
        return sent;
      };
      const whole = await length(profiler.createHeapSnapshotStream(), Infinity);
      // The strings are the last section, and each of these characters takes six.
      const sent = await length(profiler.createHeapSnapshotStream(), whole - 12e6);
      report({ sent, whole });
    },
    LONG,
  );
  expect(whole).toBeGreaterThan(18e6);
  expect(sent).toBeLessThan(whole);
});

test('so it is in a worker that was given other arguments than the process', async () => {
  const { sent, whole } = await runClean(({ main, report }) => {
    const { Worker } = require('worker_threads');
    const work = `
      const { parentPort } = require('worker_threads');
      const profiler = require(${JSON.stringify(main)});
      global.text = Buffer.alloc(3e6, 0xe9).toString('latin1');
      const length = async (stream, most) => {
        let sent = 0;
        for await (const chunk of stream) {
          sent += chunk.length;
          if (sent > most) break;
        }
        return sent;
      };
      (async () => {
        const whole = await length(profiler.createHeapSnapshotStream(), Infinity);
        const sent = await length(profiler.createHeapSnapshotStream(), whole - 12e6);
        parentPort.postMessage({ sent, whole });
      })();`;
    new Worker(work, { eval: true, execArgv: [], env: {} }).on('message', report);
  }, LONG);
  expect(whole).toBeGreaterThan(18e6);
  expect(sent).toBeLessThan(whole);
});
