'use strict';

/** More than one capture at a time: one child at a time, in whichever thread. */

const { runUnharmed } = require('../helpers/service');
const { file: outcomes } = require('../helpers/outcome');

test('the second waits for the first, or is refused, as it wishes', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers, processes }) => {
      const { outcomeOf, countsOfFile } = require(input.outcomes);
      let most = 0;
      const onProgress = () => {
        most = Math.max(most, processes.childrenOf(process.pid).length);
      };
      const options = { isolation: 'fork', onProgress };
      const first = profiler.writeHeapSnapshot('first.heapsnapshot', options);
      await processes.nextChild(new Set(), () => false);
      const second = profiler.writeHeapSnapshot('second.heapsnapshot', options);
      const refused = await outcomeOf(profiler.writeHeapSnapshot('third.heapsnapshot', { ...options, whenBusy: 'refuse' }));
      const asked = await outcomeOf(profiler.writeHeapSnapshot('fourth.heapsnapshot', { whenBusy: 'refuse' }));
      // One that waits can be given up as well.
      const controller = new AbortController();
      const aborted = outcomeOf(profiler.writeHeapSnapshot('fifth.heapsnapshot', { ...options, signal: controller.signal }));
      controller.abort();
      const codes = [refused, asked, await aborted].map(({ error }) => error.code);
      await Promise.all([first, second]);
      const whole = ['first', 'second'].map((name) => countsOfFile(`${name}.heapsnapshot`).whole);
      return { codes, most, whole, ...leftovers(), names: require('node:fs').readdirSync('.').sort() };
    },
    { input: { outcomes } },
  );
  expect(result).toEqual({
    codes: ['ERR_RS_PROFILER_BUSY', 'ERR_RS_PROFILER_BUSY', 'ABORT_ERR'],
    most: 1,
    whole: [true, true],
    children: [],
    partial: [],
    names: ['first.heapsnapshot', 'second.heapsnapshot'],
  });
});

test('two workers and the main thread; and a worker that is terminated during its capture', async () => {
  const result = await runUnharmed(
    async ({ profiler, main, input, leftovers, processes }) => {
      const { Worker } = require('node:worker_threads');
      const { once } = require('node:events');
      const { countsOfFile } = require(input.outcomes);
      const source = `
        const { parentPort, workerData } = require('node:worker_threads');
        const kept = globalThis.kept = Array.from({ length: 1000 }, (_, at) => ({ at, worker: workerData }));
        require(${JSON.stringify(main)}).writeHeapSnapshot('worker-' + workerData + '.heapsnapshot', { isolation: 'fork' })
          .then(({ isolation, attempts }) => parentPort.postMessage({ isolation, attempts }));`;
      const workers = [1, 2, 3].map((workerData) => new Worker(source, { eval: true, workerData }));
      const found = workers.slice(0, 2).map((worker) => once(worker, 'message'));
      found.push(profiler.writeHeapSnapshot('main.heapsnapshot', { isolation: 'fork' }).then((value) => [value]));
      // The third has its turn at some time, or waits for it.
      while (processes.childrenOf(process.pid).length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      await workers[2].terminate();
      const forks = (await Promise.all(found)).map(([{ isolation, attempts }]) => `${isolation} ${attempts}`);
      await Promise.all(workers.map((worker) => worker.terminate()));

      // Terminated while its own child works.
      const alone = new Worker(source, { eval: true, workerData: 4 });
      while (processes.childrenOf(process.pid).length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      await alone.terminate();
      const after = leftovers();
      const whole = ['worker-1', 'worker-2', 'main'].map((name) => countsOfFile(`${name}.heapsnapshot`).whole);
      const last = await profiler.writeHeapSnapshot('last.heapsnapshot', { isolation: 'fork', whenBusy: 'refuse' });
      return { forks, whole, after, last: last.isolation };
    },
    { input: { outcomes } },
  );
  expect(result).toEqual({
    forks: ['fork 1', 'fork 1', 'fork 1'],
    whole: [true, true, true],
    after: { children: [], partial: [] },
    last: 'fork',
  });
});
