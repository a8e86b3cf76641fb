'use strict';

/** onNearHeapLimit, in processes that are driven into their limit. */

const fs = require('node:fs');
const path = require('node:path');

const { onNearHeapLimit } = require('..');
const { run } = require('./helpers/child');
const { buildLimits } = require('./helpers/limits');
const { tempFolder } = require('./helpers/temp-folder');

// The child is niced: on a machine with much other work it gets little of it. The harness of the children ends what hangs.
jest.setTimeout(300_000);

const file = (folder) => path.join(folder, fs.readdirSync(folder).find((name) => !name.endsWith('.partial')));

/** Leaks until the process ends, or `input.rounds` are over: in turns of the event loop, or without one. */
async function leak({ profiler, report, input }) {
  const heard = [];
  const callback = (error, capture) => heard.push(error ? { code: error.code, message: error.message } : capture);
  profiler.onNearHeapLimit({ dir: input.folder, ...input.options, callback });
  class LeakedThing {
    constructor(at) {
      this.payload = `payload ${at}`;
      this.own = { at };
    }
  }
  const limit = () => require('node:v8').getHeapStatistics().heap_size_limit;
  const first = limit();
  let head;
  for (let at = 0; heard.length < (input.captures || 1) || input.die; at += 1) {
    // A list, not one huge array, which V8 of Node 18 takes minutes to walk; of long texts, so that there are not too many.
    head = { next: head, thing: new LeakedThing(at), text: Buffer.alloc(2000, 120).toString('latin1') };
    if (!input.busy && at % 100 === 0) {
      // Slowly once the limit is raised: the child, which is niced, shall have a processor.
      await new Promise((resolve) => setTimeout(resolve, limit() > first ? 50 : 2));
    }
  }
  report(heard);
  process.exit();
}

function leakUntil(input, options) {
  return run(leak, { input, nodeArgs: ['--max-old-space-size=128'], ...options });
}

function expectWhole(target) {
  const { snapshot, nodes, strings } = JSON.parse(fs.readFileSync(target, 'utf8'));
  expect(nodes.length).toBe(snapshot.node_count * snapshot.meta.node_fields.length);
  expect(strings).toContain('LeakedThing');
}

test('a service that leaks goes on while a child takes the snapshot, and hears of it', async () => {
  const folder = tempFolder();
  const { report: heard } = await leakUntil({ folder, options: { raiseBytes: 512 << 20, redact: 'strings' } });
  expect(heard).toEqual([{
    kind: 'snapshot', path: file(folder), limitBytes: expect.any(Number), pauseMs: expect.any(Number), isolation: 'fork',
    redacted: expect.objectContaining({ blanked: expect.any(Number) }),
  }]);
  expectWhole(heard[0].path);
  expect(fs.readdirSync(folder)).toEqual([path.basename(heard[0].path)]);
});

test('in this process, when that is asked for, and where no child can be had: with the reason, and ids that can be compared', async () => {
  const asked = tempFolder();
  const { report: inline } = await leakUntil({ folder: asked, options: { isolation: 'inline' } });
  expect(inline).toEqual([{ kind: 'snapshot', path: file(asked), limitBytes: expect.any(Number), pauseMs: expect.any(Number), isolation: 'inline' }]);
  const refused = tempFolder();
  const { report: auto } = await leakUntil({ folder: refused, options: {} }, { launcher: [buildLimits(tempFolder()), 'nofork', '--'] });
  expect(auto).toMatchObject([{ path: file(refused), isolation: 'inline', isolationReason: expect.stringMatching(/Operation not permitted/) }]);
  for (const [{ path: written }] of [inline, auto]) {
    expectWhole(written);
    expect(JSON.parse(fs.readFileSync(written, 'utf8')).snapshot).not.toHaveProperty('rs_profiler');
  }
});

test('more than one, until maxCaptures; each header tells of the child', async () => {
  const folder = tempFolder();
  const { report: heard } = await leakUntil({ folder, captures: 2, options: { maxCaptures: 2, raiseBytes: 64 << 20 } });
  expect(heard).toMatchObject([{ isolation: 'fork' }, { isolation: 'fork' }]);
  expect(heard[1].limitBytes).toBeGreaterThan(heard[0].limitBytes);
  expect(fs.readdirSync(folder).sort()).toEqual(heard.map((capture) => path.basename(capture.path)).sort());
  for (const { path: written } of heard) {
    expectWhole(written);
    expect(JSON.parse(fs.readFileSync(written, 'utf8')).snapshot.rs_profiler).toMatchObject({ isolation: 'fork', stable_ids: false });
  }
});

test('a disk that is full: the callback hears of it, the service goes on, and no file is left', async () => {
  const folder = tempFolder();
  const launcher = [buildLimits(tempFolder()), `fsize=${1 << 20}`, '--'];
  for (const isolation of ['fork', 'inline']) {
    const { report: heard, code } = await leakUntil({ folder, options: { isolation, raiseBytes: 512 << 20 } }, { launcher });
    expect(heard).toEqual([{ code: 'EFBIG', message: expect.any(String) }]);
    expect([code, fs.readdirSync(folder)]).toEqual([0, []]);
  }
});

test('one that never gets back to its event loop leaves a whole snapshot, and ends as it would have', async () => {
  const folder = tempFolder();
  const { report, code, signal } = await leakUntil({ folder, busy: true, die: true, options: {} });
  expect(report).toBeUndefined();
  expect(code === 0 && signal === null).toBe(false);
  expectWhole(file(folder));
});

test('another capture that waits for the event loop does not stand in the way', async () => {
  const folder = tempFolder();
  const { report: found } = await run(
    async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const { once } = require('node:events');
      const { getHeapStatistics } = require('node:v8');
      const near = new Promise((resolve) => {
        profiler.onNearHeapLimit({ dir: input.folder, raiseBytes: 512 << 20, callback: (error, capture) => resolve(error ? error.code : capture.isolation) });
      });
      const stream = profiler.createHeapSnapshotStream({ isolation: 'fork', headroom: false });
      stream.read();
      await new Promise(setImmediate);
      // Until the child writes, this thread does not get back to its event loop, which the stream waits for.
      const first = getHeapStatistics().heap_size_limit;
      let head;
      while (getHeapStatistics().heap_size_limit === first) head = { head, text: Buffer.alloc(2000, 120).toString('latin1') };
      while (fs.readdirSync(input.folder).length === 0) [].concat([head]);
      // The stream may be whole by now, and the capture near the limit does not keep the process.
      setInterval(() => {}, 1000);
      let bytes = 0;
      stream.on('data', (chunk) => (bytes += chunk.length));
      await once(stream, 'end');
      report({ near: await near, streamed: bytes > 1e6, isolation: stream.isolation });
      process.exit();
    },
    { input: { folder }, nodeArgs: ['--max-old-space-size=128'] },
  );
  expect(found).toEqual({ near: 'fork', streamed: true, isolation: 'fork' });
  expect(fs.readdirSync(folder)).toEqual([expect.stringMatching(/\.heapsnapshot$/)]);
});

test('a sampling heap profile instead', async () => {
  const folder = tempFolder();
  const options = { kind: 'sampling', intervalBytes: 32768 };
  const { report: heard } = await leakUntil({ folder, options });
  expect(heard).toMatchObject([{ kind: 'sampling', isolation: 'inline', path: file(folder) }]);
  const { head } = JSON.parse(fs.readFileSync(heard[0].path, 'utf8'));
  const names = (node) => [node.callFrame.functionName, ...node.children.flatMap(names)];
  expect(names(head)).toContain('leak');
});

/** Leaks in a worker thread with a limit of its own until the worker ends. */
async function leakInWorker({ report, input }) {
  const { once } = require('node:events');
  const { Worker } = require('node:worker_threads');
  const worker = new Worker(`
    const { workerData } = require('node:worker_threads');
    require(workerData.module).onNearHeapLimit({ dir: workerData.folder, maxCaptures: 1, raiseBytes: 64 << 20 });
    const things = { next: null };
    for (let head = things; ; head = head.next) head.next = { text: Buffer.alloc(2000, 120).toString('latin1'), next: null };
  `, { eval: true, workerData: input, resourceLimits: { maxOldGenerationSizeMb: 48 } });
  const [error] = await once(worker, 'error');
  report(error.code);
}

test("after the last capture in a worker, Node's own limit ends the worker and not the process", async () => {
  const folder = tempFolder();
  const { report, code } = await run(leakInWorker, { input: { folder, module: require.resolve('..') } });
  expect([report, code]).toEqual(['ERR_WORKER_OUT_OF_MEMORY', 0]);
  expect(JSON.parse(fs.readFileSync(file(folder), 'utf8')).snapshot.node_count).toBeGreaterThan(10000);
});

test('what cannot be watched is refused at once', () => {
  const folder = tempFolder();
  expect(() => onNearHeapLimit({ dir: path.join(folder, 'none') })).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  const invalid = expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  for (const options of [{ kind: 'cpu' }, { maxCaptures: 0 }, { raiseBytes: 1 }, { callback: 'x' }, { dir: 7 }]) {
    expect(() => onNearHeapLimit({ dir: folder, ...options })).toThrow(invalid);
  }
  const watch = onNearHeapLimit({ dir: folder });
  expect(() => onNearHeapLimit({ dir: folder })).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_BUSY' }));
  watch.stop();
  watch.stop();
  onNearHeapLimit({ dir: folder }).stop();
});

test('a fork that is demanded and cannot be had is refused at once, with the code of other snapshots', () => {
  const folder = tempFolder();
  const before = Object.getOwnPropertyDescriptor(process, 'permission');
  Object.defineProperty(process, 'permission', { value: { has: (scope) => scope === 'fs.write' }, configurable: true });
  try {
    const message = expect.stringContaining('--allow-child-process');
    const refused = expect.objectContaining({ code: 'ERR_RS_PROFILER_FORK_FAILED', message });
    expect(() => onNearHeapLimit({ dir: folder, isolation: 'fork' })).toThrow(refused);
    for (const options of [{}, { isolation: 'inline' }, { isolation: 'fork', kind: 'sampling' }]) {
      onNearHeapLimit({ dir: folder, ...options }).stop();
    }
  } finally {
    if (before) Object.defineProperty(process, 'permission', before);
    else delete process.permission;
  }
});
