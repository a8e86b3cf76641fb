'use strict';

/** writeHeapSnapshot. What walks the heap runs in a child, whose heap is smaller than Jest's. */

const path = require('node:path');

const { writeHeapSnapshot, snapshots } = require('../..');
const { ISOLATIONS, inIsolation } = require('../helpers/isolations');
const { runTogether } = require('../helpers/together');
const { tempFolder } = require('../helpers/temp-folder');
const checks = require('../helpers/outcome');

/** Runs a function in a child whose input has the path of the helpers. */
const childOf = (isolation) => (fn, options) => runTogether(inIsolation(isolation, fn), { ...options, input: { helpers: checks.file, ...options?.input } });

describe.each(ISOLATIONS)('writeHeapSnapshot, %s', (isolation) => {
  const inChild = childOf(isolation);

  test('resolves with facts that agree with the file, and reports the walk and the writing, each up to its end', async () => {
    const { result, counts, progress, mode, size, listed, kept } = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const { countsOfFile, progressFaults } = require(input.helpers);
      process.umask(0);
      const calls = [];
      const result = await profiler.writeHeapSnapshot('a.heapsnapshot', { onProgress: (call) => calls.push({ ...call }) });
      const { mode, size } = fs.statSync('a.heapsnapshot');
      const counts = countsOfFile('a.heapsnapshot');
      const progress = { faults: progressFaults(calls, ['walk', 'write']), lastDone: calls.at(-1).done };
      const kept = Object.keys(profiler.snapshots).length;
      report({ result, counts, progress, mode: mode & 0o777, size, listed: fs.readdirSync('.'), kept });
    });
    expect(Object.keys({ cowBytes: undefined, ...result }).sort()).toEqual([
      'attempts', 'bytes', 'cowBytes', 'durationMs', 'edges', 'engine', 'engineReason', 'isolation', 'isolationReason', 'nodes', 'path',
      'pauseMs',
    ]);
    // Of memory that a child has to itself.
    expect(result.cowBytes > 0).toBe(isolation === 'fork');
    expect(counts).toEqual({ nodes: result.nodes, edges: result.edges, whole: true });
    expect(progress).toEqual({ faults: [], lastDone: size });
    expect(result.bytes).toBe(size);
    expect(path.isAbsolute(result.path)).toBe(true);
    expect(path.basename(result.path)).toBe('a.heapsnapshot');
    expect(result.pauseMs).toBeGreaterThan(0);
    expect(result.durationMs).toBeGreaterThanOrEqual(result.pauseMs);
    expect(mode).toBe(0o600);
    expect(listed).toEqual(['a.heapsnapshot']);
    expect(kept).toBe(0);
  });

  test('works inside Jest, where globals are not those of Node', async () => {
    const file = path.join(tempFolder(), 'jest.heapsnapshot');
    const { nodes, edges } = await writeHeapSnapshot(file, { isolation });
    expect(checks.countsOfFile(file)).toEqual({ nodes, edges, whole: true });
    expect(snapshots).toEqual({});
  });

  test('gives names of its own in the current directory and below a trailing separator', async () => {
    const { pid, paths, cwd } = await inChild(async ({ profiler, report }) => {
      const fs = require('node:fs');
      fs.mkdirSync('folder');
      const paths = [];
      for (const target of [undefined, 'folder/']) paths.push((await profiler.writeHeapSnapshot(target)).path);
      report({ pid: process.pid, paths: paths.filter((file) => fs.existsSync(file)), cwd: process.cwd() });
    });
    const folder = path.join(cwd, 'folder');
    expect(paths.map((file) => path.dirname(file))).toEqual([cwd, folder]);
    const names = paths.map((file) => path.basename(file));
    for (const name of names) expect(name).toMatch(new RegExp(`^Heap\\.\\d{8}\\.\\d{6}\\.${pid}\\.0\\.\\d{3}\\.heapsnapshot$`));
    expect(new Set(names).size).toBe(2);
  });

  test('names the thread, and shows the heap of the thread it is called in', async () => {
    const { name, thread, found } = await inChild(async ({ main, report }) => {
      const { Worker } = require('node:worker_threads');
      const text = `const { parentPort } = require('node:worker_threads');
        class OnlyInTheWorker {}
        globalThis.kept = new OnlyInTheWorker();
        require(${JSON.stringify(main)}).writeHeapSnapshot().then(({ path }) => parentPort.postMessage(path));`;
      const worker = new Worker(text, { eval: true });
      const thread = String(worker.threadId);
      const file = await new Promise((resolve) => worker.once('message', resolve));
      const { strings } = JSON.parse(require('node:fs').readFileSync(file, 'utf8'));
      report({ name: require('node:path').basename(file).split('.')[4], thread, found: strings.includes('OnlyInTheWorker') });
    });
    expect({ name, found }).toEqual({ name: thread, found: true });
  });

  test('shows numbers with exposeNumericValues, and does with exposeInternals what Node does with it', async () => {
    const { plain, exposed, asNode } = await inChild(async ({ profiler, report, input }) => {
      const { hasHiddenNodes } = require(input.helpers);
      const isHidden = () => hasHiddenNodes(require('node:fs').readFileSync('a.heapsnapshot', 'utf8'));
      // Beside a string in an array, each number is an object of V8's heap.
      globalThis.kept = Array.from({ length: 6000 }, (_, index) => [index + 0.5, 'text', index]);
      const seen = [];
      for (const options of [{}, { exposeNumericValues: true, exposeInternals: true }]) {
        const { nodes } = await profiler.writeHeapSnapshot('a.heapsnapshot', options);
        seen.push({ nodes, hidden: isHidden() });
      }
      require('node:v8').writeHeapSnapshot('a.heapsnapshot', { exposeInternals: true });
      report({ plain: seen[0], exposed: seen[1], asNode: isHidden() });
    });
    expect(exposed.nodes).toBeGreaterThan(plain.nodes + 4500);
    expect([plain.hidden, exposed.hidden]).toEqual([true, asNode]);
  });

  test('two at once, and two to one name, are whole and leave nothing else', async () => {
    const { whole, sizes } = await inChild(async ({ profiler, report, input }) => {
      const { countsOfFile } = require(input.helpers);
      const fs = require('node:fs');
      const names = ['a.heapsnapshot', 'same.heapsnapshot', 'same.heapsnapshot'];
      const results = await Promise.all(names.map((name) => profiler.writeHeapSnapshot(name)));
      const listed = fs.readdirSync('.').sort();
      const same = fs.statSync('same.heapsnapshot').size;
      const sizes = { listed, ofOne: results.slice(1).some(({ bytes }) => bytes === same) };
      report({ whole: listed.every((name) => countsOfFile(name).whole), sizes });
    });
    expect(whole).toBe(true);
    expect(sizes).toEqual({ listed: ['a.heapsnapshot', 'same.heapsnapshot'], ofOne: true });
  });

  test('replaces a file, but only by a complete one', async () => {
    const { afterAbort, replaced } = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const { countsOfFile, outcomeOf } = require(input.helpers);
      fs.writeFileSync('a.heapsnapshot', 'old');
      const controller = new AbortController();
      const onProgress = ({ phase }) => phase === 'write' && controller.abort();
      const { error } = await outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', { signal: controller.signal, onProgress }));
      const afterAbort = [error.code, fs.readFileSync('a.heapsnapshot', 'utf8')];
      await profiler.writeHeapSnapshot('a.heapsnapshot');
      report({ afterAbort, replaced: countsOfFile('a.heapsnapshot').whole });
    });
    expect({ afterAbort, replaced }).toEqual({ afterAbort: ['ABORT_ERR', 'old'], replaced: true });
  });
});
