'use strict';

/** Files that were recorded while allocations were tracked: which calls allocated what accumulates. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { openHeapSnapshot } = require('..');
const { tempFolder } = require('./helpers/temp-folder');

const CLI = path.join(__dirname, '..', 'bin', 'rs-profiler.js');

/** Leaks while allocations are tracked, and writes what DevTools saves as `.heaptimeline`. */
function program(target) {
  const fs = require('node:fs');
  const inspector = require('node:inspector');
  const session = new inspector.Session();
  session.connect();
  const output = fs.openSync(target, 'w');
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => fs.writeSync(output, params.chunk));
  session.post('HeapProfiler.enable');
  session.post('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true });
  class Tracked {
    constructor() {
      this.payload = Buffer.alloc(2000).toString('latin1');
    }
  }
  const kept = [];
  globalThis.kept = kept;
  function allocateTracked() {
    kept.push(new Tracked());
  }
  function handleRequest() {
    allocateTracked();
  }
  for (let at = 0; at < 2000; at += 1) handleRequest();
  session.post('HeapProfiler.stopTrackingHeapObjects', () => fs.closeSync(output));
}

test('the stack of an allocation, and what allocated what accumulates', async () => {
  const folder = tempFolder();
  const file = path.join(folder, 'app.heaptimeline');
  const script = path.join(folder, 'app.js');
  fs.writeFileSync(script, `(${program})(${JSON.stringify(file)});`);
  // Without optimised code: functions inlined there have no frame of their own.
  execFileSync(process.execPath, ['--jitless', script]);
  const { trace_function_infos: infos, trace_tree: tree } = JSON.parse(fs.readFileSync(file, 'utf8'));
  expect([infos.length > 0, tree.length]).toEqual([true, 5]);

  const analysis = await openHeapSnapshot(file);
  const stacks = await Promise.all((await analysis.instances('Tracked')).map(({ id }) => analysis.allocationStack(id)));
  const known = stacks.filter((stack) => stack.length > 0);
  // V8 of Node 18 and 20 does not know the stack of each.
  expect(known.length).toBeGreaterThan(0);
  const names = known[0].map(({ functionName }) => functionName);
  expect(names.slice(names.indexOf('allocateTracked')).slice(0, 2)).toEqual(['allocateTracked', 'handleRequest']);
  const frame = known[0].find(({ functionName }) => functionName === 'allocateTracked');
  expect(frame).toMatchObject({ url: expect.stringContaining('app.js'), lineNumber: expect.any(Number) });
  expect(fs.readFileSync(script, 'utf8').split('\n')[frame.lineNumber - 1]).toContain('function allocateTracked');

  const [suspect] = await analysis.suspects();
  expect(suspect.accumulated).toMatchObject({ className: 'Tracked', allocatedBy: { url: expect.stringContaining('app.js') } });
  expect(suspect.sentence).toMatch(/, allocated by \w+ \(.*app\.js:\d+\)/);
  analysis.close();

  const output = execFileSync(process.execPath, [CLI, 'heap', 'retainers', file, String((await idOf(file, stacks)))], { encoding: 'utf8' });
  expect(output).toMatch(/\nAllocated by\n[^]* {2}allocateTracked .*app\.js:\d+\n/);
});

/** An object whose stack is known. */
async function idOf(file, stacks) {
  const analysis = await openHeapSnapshot(file);
  const instances = await analysis.instances('Tracked');
  analysis.close();
  return instances[stacks.findIndex((stack) => stack.length > 0)].id;
}

test('an object of a plain snapshot has none', async () => {
  const file = path.join(tempFolder(), 'plain.heapsnapshot');
  require('node:v8').writeHeapSnapshot(file);
  const analysis = await openHeapSnapshot(file);
  const [row] = await analysis.instances('Object', { limit: 1 });
  expect(await analysis.allocationStack(row)).toEqual([]);
  analysis.close();
});
