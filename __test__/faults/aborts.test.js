'use strict';

/** Captures given up at every point: when the promise has settled, child and file are gone. */

const { runServed } = require('../helpers/service');

/** The soak tier does it more often. */
const ROUNDS = process.env.RS_PROFILER_SOAK ? 10 : 1;
/** A capture may be complete before it is given up; then the next one is. */
const TRIES = 20;

test('a signal, at each point', async () => {
  const { faults, aborted, last, same } = await runServed(
    async ({ profiler, input, leftovers, processes, outcome }) => {
      const fs = require('node:fs');
      globalThis.kept = Array.from({ length: 5000 }, (_, at) => ({ at, text: `some text ${at}` }));
      const faults = [];
      const write = (options) => profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork', ...options });
      /** Gives up a capture at a point; tells whether it did. */
      const giveUp = async (point) => {
        const controller = new AbortController();
        const reason = new Error('enough');
        let settled = false;
        const onProgress = ({ phase }) => phase === point && controller.abort(reason);
        const writing = outcome.outcomeOf(write({ signal: controller.signal, onProgress }));
        writing.finally(() => (settled = true));
        if (point === 'call') controller.abort(reason);
        if (point === 'child') {
          await processes.nextChild(new Set(), () => settled);
          controller.abort(reason);
        }
        const { value, error } = await writing;
        if (value) fs.unlinkSync('a.heapsnapshot');
        else if (error.code !== 'ABORT_ERR' || error.cause !== reason) faults.push({ point, error });
        const left = { ...leftovers(), names: fs.readdirSync('.') };
        if (Object.values(left).flat().length > 0) faults.push({ point, left });
        return value === undefined;
      };
      const aborted = {};
      let before;
      for (const point of ['call', 'child', 'walk', 'write']) {
        // By now what is opened once is open.
        if (point === 'walk') before = processes.leftOpen();
        aborted[point] = 0;
        for (let left = input.tries; aborted[point] < input.rounds && left > 0; left--) aborted[point] += await giveUp(point);
      }
      const same = before.join() === processes.leftOpen().join();
      const { isolation } = await write();
      return { faults, aborted, last: isolation, same };
    },
    { input: { rounds: ROUNDS, tries: TRIES + ROUNDS } },
  );
  expect(faults).toEqual([]);
  expect(aborted).toEqual({ call: ROUNDS, child: ROUNDS, walk: ROUNDS, write: ROUNDS });
  expect({ last, same }).toEqual({ last: 'fork', same: true });
});

test.each(['walk', 'write'])('an exception of onProgress in phase %s ends child and file, and is the error', async (wanted) => {
  const { same, left, names } = await runServed(
    async ({ profiler, input, leftovers }) => {
      const fs = require('node:fs');
      globalThis.kept = Array.from({ length: 5000 }, (_, at) => ({ at, text: `some text ${at}` }));
      const thrown = new RangeError('from the test');
      const onProgress = ({ phase, done, total }) => {
        // The last call comes when the file is complete.
        if (phase === input.wanted && !(phase === 'write' && done === total)) throw thrown;
      };
      for (let left = input.tries; left > 0; left--) {
        const options = { isolation: 'auto', onProgress };
        const caught = await profiler.writeHeapSnapshot('a.heapsnapshot', options).catch((error) => error);
        if (caught === thrown) return { same: true, left: leftovers(), names: fs.readdirSync('.') };
        fs.unlinkSync('a.heapsnapshot');
      }
      return { same: false };
    },
    { input: { wanted, tries: TRIES } },
  );
  expect({ same, left, names }).toEqual({ same: true, left: { children: [], partial: [] }, names: [] });
});

test('one that waits for its turn', async () => {
  const { code, whole, left, names } = await runServed(async ({ profiler, leftovers, outcome }) => {
    const controller = new AbortController();
    const first = profiler.writeHeapSnapshot('first', { isolation: 'fork' });
    const second = outcome.outcomeOf(profiler.writeHeapSnapshot('second', { isolation: 'fork', signal: controller.signal }));
    controller.abort();
    const { code } = (await second).error;
    await first;
    const { whole } = outcome.countsOfFile('first.heapsnapshot');
    return { code, whole, left: leftovers(), names: require('node:fs').readdirSync('.') };
  });
  expect({ code, whole }).toEqual({ code: 'ABORT_ERR', whole: true });
  expect({ left, names }).toEqual({ left: { children: [], partial: [] }, names: ['first.heapsnapshot'] });
});

test('a worker that is terminated during its capture', async () => {
  const { left, last } = await runServed(async ({ profiler, main, leftovers, processes }) => {
    const { Worker } = require('node:worker_threads');
    const source = `require(${JSON.stringify(main)}).writeHeapSnapshot('worker', { isolation: 'fork' });`;
    const worker = new Worker(source, { eval: true });
    let over = false;
    worker.on('exit', () => (over = true));
    const child = await processes.nextChild(new Set(), () => over);
    await worker.terminate();
    // Nobody is left to wait for it.
    while (child && processes.isAlive(child)) await new Promise((resolve) => setTimeout(resolve, 5));
    const left = leftovers();
    const { isolation } = await profiler.writeHeapSnapshot('last', { isolation: 'fork' });
    return { left, last: isolation };
  });
  expect({ left, last }).toEqual({ left: { children: [], partial: [] }, last: 'fork' });
});
