'use strict';

/** Snapshots of forked children as streams that are paused, given up or killed: what is left of them. */

const { run } = require('../helpers/child');
const { runServed, runServedAlone } = require('../helpers/service');

/** A capture may be over before something can happen to it; then the next one is. */
const TRIES = 20;
const NOTHING = { children: [], partial: [] };

/** Destroys streams, or aborts them, at a point. Resolves with what was left when they had closed. */
const givenUp = (input) => runServed(
  async ({ profiler, input, processes, leftovers }) => {
    globalThis.kept = Array.from({ length: 30000 }, (_, at) => ({ at, text: `some text ${at}` }));
    const before = processes.leftOpen();
    const closed = { error: [], ended: 0, tries: 0 };
    for (let left = input.tries; closed.error.length === 0 && left > 0; left--) {
      closed.tries++;
      const controller = new AbortController();
      const giveUp = () => (input.abort ? controller.abort() : stream.destroy(new Error('enough')));
      const onProgress = ({ phase }) => phase === input.point && giveUp();
      const stream = profiler.createHeapSnapshotStream({ isolation: 'fork', signal: controller.signal, onProgress });
      let over = false;
      stream.on('error', (error) => closed.error.push(error.name)).on('end', () => closed.ended++).on('close', () => (over = true));
      stream.resume();
      if (input.point === 'read') giveUp();
      if (input.point === 'child') {
        await processes.nextChild(new Set(), () => over);
        giveUp();
      }
      if (!over) await require('node:events').once(stream, 'close', { signal: AbortSignal.timeout(60_000) }).catch(() => {});
    }
    // What is opened once is open by the second time.
    const left = leftovers();
    const file = await profiler.writeHeapSnapshot('last', { isolation: 'fork' });
    return { error: closed.error, left, last: file.isolation, more: processes.leftOpen().length - before.length };
  },
  { input: { tries: TRIES, ...input } },
);

test.each(['read', 'child', 'walk', 'write'])('one that is destroyed at the point %p leaves no child', async (point) => {
  const { error, left, last, more } = await givenUp({ point, abort: false });
  expect({ error, left, last }).toEqual({ error: ['Error'], left: NOTHING, last: 'fork' });
  // The runtime's own, once.
  expect(more).toBeLessThan(6);
});

test.each(['child', 'write'])('one whose signal is aborted at the point %p leaves no child', async (point) => {
  const { error, left } = await givenUp({ point, abort: true });
  expect({ error, left }).toEqual({ error: ['AbortError'], left: NOTHING });
});

test('one that is never read forks nothing', async () => {
  const { children } = await runServed(async ({ profiler, leftovers, processes }) => {
    const stream = profiler.createHeapSnapshotStream({ isolation: 'fork' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { children } = leftovers();
    stream.destroy();
    return { children: [...children, ...processes.childrenOf(process.pid)] };
  });
  expect(children).toEqual([]);
});

/** Reads a stream whose children are killed: `all`, or the first, at their start or when bytes have come. */
const killed = (input) => runServed(
  async ({ profiler, input, processes, leftovers, outcome }) => {
    globalThis.kept = Array.from({ length: 60000 }, (_, at) => ({ at, text: `some text ${at}` }));
    for (let left = input.tries; left > 0; left--) {
      const stream = profiler.createHeapSnapshotStream({ isolation: input.isolation });
      const parts = [];
      let kills = 0;
      let over = false;
      const reading = outcome.outcomeOf((async () => {
        if (input.point === 'write') {
          await require('node:events').once(stream, 'readable');
          // It waits in its pipe, which is full.
          for (const child of processes.childrenOf(process.pid)) kills += processes.signal(child, 'SIGKILL');
        }
        for await (const part of stream) parts.push(part);
      })());
      reading.finally(() => (over = true));
      const known = new Set();
      while (input.point === 'start' && !over && (input.all || kills === 0)) {
        const child = await processes.nextChild(known, () => over);
        if (child) kills += processes.signal(child, 'SIGKILL');
      }
      const { error } = await reading;
      const { isolation, isolationReason, attempts } = stream;
      // A kill may have met a child that was done.
      if (kills > 0 && (error || !(isolation === 'fork' && attempts === 1))) {
        const whole = error ? undefined : outcome.countsOf(Buffer.concat(parts).toString()).whole;
        return { error: error && [error.code, error.isError], isolation, isolationReason, more: attempts > 1, whole, left: leftovers() };
      }
    }
    return undefined;
  },
  { input: { tries: TRIES, ...input } },
);

test('a child that is killed before its first byte is replaced', async () => {
  const result = await killed({ point: 'start', isolation: 'fork' });
  expect(result).toMatchObject({ isolation: 'fork', more: true, whole: true, left: NOTHING });
});

test('every child: auto does it in the process, and says why', async () => {
  const result = await killed({ point: 'start', isolation: 'auto', all: true });
  expect(result).toMatchObject({ isolation: 'inline', more: true, whole: true, left: NOTHING });
  expect(result.isolationReason).toMatch(/child.*\.$/);
});

test.each(['auto', 'fork'])('a child that is killed after its first byte is an error with %s', async (isolation) => {
  const result = await killed({ point: 'write', isolation });
  expect(result).toMatchObject({ error: ['ERR_RS_PROFILER_FORK_FAILED', true], isolation: 'fork', left: NOTHING });
});

test('in a worker, and one that is terminated meanwhile leaves no child', async () => {
  const { bytes, left } = await runServed(async ({ main, leftovers, processes }) => {
    const { Worker } = require('node:worker_threads');
    const { once } = require('node:events');
    const source = (end) => `
      const { parentPort } = require('node:worker_threads');
      const stream = require(${JSON.stringify(main)}).createHeapSnapshotStream({ isolation: 'fork' });
      ${end}`;
    const whole = new Worker(source("stream.resume().on('end', () => parentPort.postMessage(stream.bytes));"), { eval: true });
    const [bytes] = await once(whole, 'message');
    const paused = new Worker(source("stream.once('readable', () => parentPort.postMessage(1));setInterval(() => {}, 1000);"), { eval: true });
    await once(paused, 'message');
    const child = processes.childrenOf(process.pid)[0];
    await paused.terminate();
    while (child && processes.isAlive(child)) await new Promise((resolve) => setTimeout(resolve, 5));
    return { bytes, left: leftovers() };
  });
  expect(bytes).toBeGreaterThan(1e5);
  expect(left).toEqual(NOTHING);
});

test.each([
  ['comes to its natural end', ''],
  ['exits', 'process.exit(0);'],
])('a process that %s while its reader pauses leaves no child', async (_, end) => {
  const { code, signal, stderr, report } = await run(
    async ({ profiler, report, input }) => {
      globalThis.kept = Array.from({ length: 60000 }, (_, at) => ({ at, text: `some text ${at}` }));
      process.kept = profiler.createHeapSnapshotStream({ isolation: 'fork' });
      await require('node:events').once(process.kept, 'readable');
      report(require(input.processes).childrenOf(process.pid));
      new Function(input.end)();
    },
    { input: { end, processes: require.resolve('../helpers/processes') } },
  );
  expect({ code, signal, stderr, children: report.length }).toEqual({ code: 0, signal: null, stderr: '', children: 1 });
  const { isAlive } = require('../helpers/processes');
  while (isAlive(report[0])) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('one that nobody has any more is given up', async () => {
  const { code, stderr, report } = await run(
    async ({ profiler, report, sleep, input }) => {
      const processes = require(input);
      globalThis.kept = Array.from({ length: 60000 }, (_, at) => ({ at, text: `some text ${at}` }));
      const begin = async () => {
        const stream = profiler.createHeapSnapshotStream({ isolation: 'fork', onProgress: () => {} });
        await require('node:events').once(stream, 'readable');
      };
      await begin();
      const [child] = processes.childrenOf(process.pid);
      // Comes to its end by this or not at all: then the test's process is taken for hung.
      while (processes.isAlive(child)) {
        await sleep(10);
        global.gc();
      }
      report('gone');
    },
    { input: require.resolve('../helpers/processes'), nodeArgs: ['--expose-gc'] },
  );
  expect({ code, stderr, report }).toEqual({ code: 0, stderr: '', report: 'gone' });
});

/** A reader that pauses for longer than a child may do nothing, and then reads on. */
const pause = () => runServedAlone(async ({ profiler, processes, leftovers, outcome }) => {
  globalThis.kept = Array.from({ length: 60000 }, (_, index) => ({ index, text: `some text ${index}` }));
  let done = 0;
  const stream = profiler.createHeapSnapshotStream({ isolation: 'fork', onProgress: (progress) => ({ done } = progress) });
  await require('node:events').once(stream, 'readable');
  const [child] = processes.childrenOf(process.pid);
  // Longer than a child may do nothing.
  for (const end = Date.now() + 12_000; Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 100));
  const held = processes.isAlive(child);
  // Its turn is over.
  const file = await profiler.writeHeapSnapshot('other', { isolation: 'fork' });
  const others = [file.isolation, outcome.countsOfFile('other.heapsnapshot').whole, processes.isAlive(child)];
  const ahead = done;
  const parts = [];
  for await (const part of stream) parts.push(part);
  return { held, others, ahead, whole: outcome.countsOf(Buffer.concat(parts).toString()).whole, left: leftovers() };
});

/** It takes long, so it begins before the other tests, and is waited for after them. */
let pausing;
beforeAll(() => {
  pausing = pause();
  pausing.catch(() => {});
});

test('a reader that pauses holds child and text, and nobody else', async () => {
  const { held, others, ahead, whole, left } = await pausing;
  expect({ held, others, whole, left }).toEqual({ held: true, others: ['fork', true, true], whole: true, left: NOTHING });
  expect(ahead).toBeLessThan(4 << 20);
});
