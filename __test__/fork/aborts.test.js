'use strict';

/** Captures given up at any point: when the promise or stream has settled, child and file are gone. */

const { runUnharmed } = require('../helpers/service');
const { file: outcomes } = require('../helpers/outcome');

// Only ends a test that hangs.
jest.setTimeout(600_000);

test('24 aborts of files at random points', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers, processes, sleep }) => {
      const fs = require('node:fs');
      const { outcomeOf } = require(input.outcomes);
      const faults = [];
      const phases = { before: 0, walk: 0, write: 0, after: 0 };
      const before = processes.leftOpen();
      for (let round = 0; round < 24; round += 1) {
        const controller = new AbortController();
        let phase = 'before';
        const onProgress = (progress) => {
          phase = progress.phase;
        };
        const path = `a-${round}.heapsnapshot`;
        let settled = false;
        const promise = outcomeOf(profiler.writeHeapSnapshot(path, { signal: controller.signal, onProgress })).finally(() => {
          settled = true;
        });
        // A third in the midst of parking and forking.
        const wanted = ['before', 'walk', 'write'][round % 3];
        while (phase !== wanted && !settled) await sleep(1);
        await sleep(wanted === 'before' ? round * 4 : Math.random() * 50);
        const reason = new Error('enough');
        controller.abort(reason);
        const { error, value } = await promise;
        const { children, partial } = leftovers();
        if (children.length || partial.length) faults.push({ round, children, partial });
        if (value) {
          phase = 'after';
          fs.unlinkSync(path);
        } else if (error.code !== 'ABORT_ERR' || error.cause !== reason) {
          faults.push(error);
        }
        phases[phase] += 1;
        if (fs.readdirSync('.').length) faults.push(fs.readdirSync('.'));
      }
      // The turn was given back each time.
      const { isolation } = await profiler.writeHeapSnapshot('last.heapsnapshot', { isolation: 'fork', whenBusy: 'refuse' });
      return { faults, phases, isolation, same: before.join() === processes.leftOpen().join() };
    },
    { input: { outcomes } },
  );
  process.stdout.write(`    aborts by phase: ${JSON.stringify(result.phases)}\n`);
  expect(result).toMatchObject({ faults: [], isolation: 'fork', same: true });
  for (const phase of ['before', 'walk', 'write']) expect(result.phases[phase]).toBeGreaterThan(0);
});

test('18 streams destroyed at random points, some while a read is under way', async () => {
  const result = await runUnharmed(
    async ({ profiler, leftovers, processes, sleep }) => {
      const { once } = require('node:events');
      const faults = [];
      const read = { nothing: 0, some: 0 };
      const before = processes.leftOpen();
      for (let round = 0; round < 18; round += 1) {
        const stream = profiler.createHeapSnapshotStream({ isolation: 'fork' });
        let bytes = 0;
        stream.on('data', (chunk) => {
          bytes += chunk.length;
          // In the midst of the text, at once or a little later.
          if (round % 3 === 1) stream.destroy();
          if (round % 3 === 2) setTimeout(() => stream.destroy(), Math.random() * 20);
        });
        if (round % 3 === 0) sleep(round * 5).then(() => stream.destroy());
        await once(stream, 'close');
        read[bytes ? 'some' : 'nothing'] += 1;
        const { children } = leftovers();
        if (children.length) faults.push({ round, children });
      }
      const { isolation } = await profiler.writeHeapSnapshot('last.heapsnapshot', { isolation: 'fork', whenBusy: 'refuse' });
      return { faults, read, isolation, same: before.join() === processes.leftOpen().join() };
    },
  );
  expect(result).toMatchObject({ faults: [], isolation: 'fork', same: true });
  for (const count of Object.values(result.read)) expect(count).toBeGreaterThan(0);
});

test('an exception of onProgress ends child and file, and is the error', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers }) => {
      const { outcomeOf } = require(input.outcomes);
      const messages = [];
      for (const wanted of ['walk', 'write']) {
        const onProgress = ({ phase }) => {
          if (phase === wanted) throw new Error(`in ${phase}`);
        };
        const { error } = await outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork', onProgress }));
        messages.push(error.message);
      }
      return { messages, ...leftovers(), names: require('node:fs').readdirSync('.') };
    },
    { input: { outcomes } },
  );
  expect(result).toEqual({ messages: ['in walk', 'in write'], children: [], partial: [], names: [] });
});

test('progress that comes after the end reaches nobody', async () => {
  const result = await runUnharmed(
    async ({ main, profiler, input, leftovers }) => {
      const { once } = require('node:events');
      const { outcomeOf } = require(input.outcomes);
      const addon = require(require('node:path').join(main, '../binding.js')).loadAddon();
      const { NativeForkSnapshot } = addon;
      let hear;
      addon.NativeForkSnapshot = function (environment, request, wake, progress) {
        hear = progress;
        return new NativeForkSnapshot(environment, request, wake, progress);
      };
      const calls = { written: 0, aborted: 0, read: 0, destroyed: 0 };
      const late = {};
      const endOf = async (way, capture) => {
        await capture(() => {
          calls[way] += 1;
        });
        const before = calls[way];
        hear(['walk', 1, 2]);
        hear(['write', 1, 2]);
        late[way] = calls[way] - before;
      };
      const read = (stream) => once(stream.resume(), 'close');
      await endOf('written', (onProgress) => profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork', onProgress }));
      await endOf('aborted', (count) => {
        const controller = new AbortController();
        const onProgress = () => {
          count();
          controller.abort();
        };
        const { signal } = controller;
        return outcomeOf(profiler.writeHeapSnapshot('b.heapsnapshot', { isolation: 'fork', signal, onProgress }));
      });
      await endOf('read', (onProgress) => read(profiler.createHeapSnapshotStream({ isolation: 'fork', onProgress })));
      await endOf('destroyed', (count) => {
        const onProgress = () => {
          count();
          stream.destroy();
        };
        const stream = profiler.createHeapSnapshotStream({ isolation: 'fork', onProgress });
        return read(stream);
      });
      const heard = Object.keys(calls).filter((way) => calls[way] > 0);
      return { late, heard, ...leftovers(), names: require('node:fs').readdirSync('.') };
    },
    { input: { outcomes } },
  );
  expect(result).toEqual({
    late: { written: 0, aborted: 0, read: 0, destroyed: 0 },
    heard: ['written', 'aborted', 'read', 'destroyed'],
    children: [],
    partial: [],
    names: ['a.heapsnapshot'],
  });
});
