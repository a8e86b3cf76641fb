'use strict';

/** V8's writer cannot be stopped within a string that is longer than a chunk: it would write past its buffer, or for ever. */

const { casesOf } = require('../../helpers/brief');
const { runClean } = require('../../helpers/child');

/**
 * Gives an export up inside a string that is longer than a chunk, in a process that was told to keep such strings. `prepare`
 * is run before the package is loaded; with `worker` all of it happens in a worker that has been given other arguments.
 */
async function giveUp({ prepare, worker = false, title }) {
  const { sent, whole } = await runClean(
    ({ main, input, report }) => {
      const { Worker } = require('node:worker_threads');
      if (input.title) process.title = input.title;
      const work = `
        ${input.prepare};
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
          const whole = await length(profiler.createHeapSnapshotStream({ isolation: 'inline' }), Infinity);
          // The strings are the last section, and each of these characters takes six.
          const sent = await length(profiler.createHeapSnapshotStream({ isolation: 'inline' }), whole - 12e6);
          tell({ sent, whole });
        })();`;
      if (!input.worker) {
        new Function('require', 'tell', work)(require, report);
        return;
      }
      const inWorker = `const tell = (told) => require('node:worker_threads').parentPort.postMessage(told); ${work}`;
      new Worker(inWorker, { eval: true, execArgv: [], env: {} }).on('message', report);
    },
    { input: { prepare, worker, title }, nodeArgs: ['--heap-snapshot-string-limit=100000000'] },
  );
  expect(whole).toBeGreaterThan(18e6);
  expect(sent).toBeLessThan(whole);
}

test.each(casesOf(
  ['a title, which Node writes over the arguments', { prepare: '', title: 'titled' }],
  ['emptied arguments, as people keep --inspect from children', { prepare: 'process.execArgv = []' }],
  ['a worker that was given other arguments', { prepare: '', worker: true }],
  ['such a worker and a title like the first argument', { prepare: '', worker: true, title: process.execPath }],
))('an export is given up inside a string that is longer than a chunk, in spite of %s', async (_, options) => {
  await giveUp(options);
});
