'use strict';

/**
 * Beside @datadog/pprof, the profiler of dd-trace: a native addon that uses V8's CPU profiler and sampling heap profiler in the
 * same process, with a signal handler of its own around V8's.
 */

const { runClean } = require('./helpers/child');
const { bytesByFunction, hitsByFunction } = require('./helpers/profiles');
const { tempFolder } = require('./helpers/temp-folder');

/** What the children load, and how dd-trace starts it; `useCPED` from Node 24 on. */
const input = {
  pprof: require.resolve('@datadog/pprof'),
  wall: {
    durationMillis: 60000,
    intervalMicros: 1000,
    withContexts: true,
    collectCpuTime: true,
    workaroundV8Bug: true,
    useCPED: Number(process.versions.node.split('.')[0]) >= 24,
  },
  folder: undefined,
};

/** Own values by function name, of a profile of theirs that came through JSON as `[strings, functions, locations, samples]`. */
function ownValues([strings, functions, locations, samples]) {
  const nameOf = Object.fromEntries(functions.map(([id, name]) => [id, strings[name]]));
  const functionOf = Object.fromEntries(locations);
  const values = {};
  for (const [leaf, value] of samples) {
    const name = nameOf[functionOf[leaf]];
    values[name] = (values[name] || 0) + value;
  }
  return values;
}

/** For the children: a profile of theirs without its bigints. Travels as source text. */
const plain = String((profile) => [
  profile.stringTable.strings,
  profile.function.map(({ id, name }) => [Number(id), Number(name)]),
  profile.location.map(({ id, line }) => [Number(id), Number(line[0].functionId)]),
  profile.sample.map(({ locationId, value }) => [Number(locationId[0]), Number(value[0])]),
]);

/** Runs `fn` in a child where `input` holds all of the above. */
const beside = (fn) => runClean(fn, { input: { ...input, plain, folder: tempFolder() } });

describe('CPU profiles', () => {
  test('both are right, whoever starts and stops first', async () => {
    const { ours, theirs } = await beside(({ profiler, workload, report, input }) => {
      const { time } = require(input.pprof);
      const plain = eval(input.plain);
      const ours = [];
      const theirs = [];
      const end = (title) => ours.push(profiler.stopProfiling(title));
      time.start(input.wall);
      for (const title of ['within', 'within again']) {
        profiler.startProfiling(title);
        workload.spin(60);
        end(title);
      }
      profiler.startProfiling('over their restart');
      theirs.push(plain(time.stop(true)));
      workload.spin(60);
      end('over their restart');
      profiler.startProfiling('over their stop and start');
      workload.spin(60);
      theirs.push(plain(time.stop()));
      time.start(input.wall);
      workload.spin(60);
      end('over their stop and start');
      workload.spin(60);
      theirs.push(plain(time.stop()));
      profiler.startProfiling('after all');
      workload.spin(60);
      end('after all');
      report({ ours, theirs });
    });
    expect(ours.map(({ title }) => title)).toEqual(['within', 'within again', 'over their restart', 'over their stop and start', 'after all']);
    for (const profile of ours) expect([profile.title, hitsByFunction(profile).hotLeaf > 5]).toEqual([profile.title, true]);
    expect(theirs).toHaveLength(3);
    for (const profile of theirs) expect(ownValues(profile).hotLeaf).toBeGreaterThan(5);
  });

  test('warmed up and cooled down, ours leaves theirs running', async () => {
    const { ours, theirs } = await beside(({ profiler, workload, report, input }) => {
      const { time } = require(input.pprof);
      profiler.warmUp();
      time.start(input.wall);
      profiler.startProfiling('warm');
      workload.spin(60);
      const ours = profiler.stopProfiling('warm');
      ours.delete();
      profiler.coolDown();
      time.stop(true);
      workload.spin(60);
      report({ ours, theirs: eval(input.plain)(time.stop()) });
    });
    expect(hitsByFunction(ours).hotLeaf).toBeGreaterThan(5);
    expect(ownValues(theirs).hotLeaf).toBeGreaterThan(5);
  });

  test('what both leave running at the end does no harm', async () => {
    const started = await beside(({ profiler, workload, report, input }) => {
      const { time, heap } = require(input.pprof);
      time.start(input.wall);
      heap.start(4096, 32);
      profiler.startProfiling('open');
      workload.spin(30);
      report(time.isStarted());
    });
    expect(started).toBe(true);
  });
});

test('heap snapshots in the process and forked, while both of their profilers run', async () => {
  const { nodes, files, cpu, heap } = await beside(async ({ profiler, workload, report, input }) => {
    const { time, heap } = require(input.pprof);
    const plain = eval(input.plain);
    time.start(input.wall);
    heap.start(4096, 32);
    const kept = workload.allocateThings(20000);
    const nodes = [];
    const snapshot = profiler.takeSnapshot('ours');
    snapshot.export((error, text) => nodes.push(JSON.parse(text).snapshot.node_count, snapshot.nodesCount));
    snapshot.delete();
    const files = [];
    for (const isolation of ['inline', 'fork']) {
      const { path, ...facts } = await profiler.writeHeapSnapshot(`${input.folder}/${isolation}.heapsnapshot`, { isolation });
      const read = JSON.parse(require('fs').readFileSync(path, 'utf8'));
      const things = read.nodes.filter((value, index) => index % read.snapshot.meta.node_fields.length === 1 && read.strings[value] === 'RetainedThing');
      files.push([facts.isolation, facts.nodes === read.snapshot.node_count, things.length >= kept.length]);
    }
    workload.spin(60);
    report({ nodes, files, cpu: plain(time.stop()), heap: plain(heap.profile()) });
    heap.stop();
  });
  expect(nodes[0]).toBe(nodes[1]);
  expect(files).toEqual([
    ['inline', true, true],
    ['fork', true, true],
  ]);
  expect(ownValues(cpu).hotLeaf).toBeGreaterThan(5);
  expect(ownValues(heap).allocateThings + ownValues(heap).RetainedThing).toBeGreaterThan(1000);
});

describe('sampling heap profiles, of which V8 has one per thread', () => {
  test('beside theirs, ours says that it is busy, theirs is complete, and then ours runs', async () => {
    const { codes, theirs, ours } = await beside(async ({ profiler, workload, codeOf, report, input }) => {
      const { heap } = require(input.pprof);
      heap.start(4096, 32);
      const kept = [workload.allocateThings(10000)];
      const codes = [codeOf(() => profiler.startSamplingHeapProfiling(4096, 32)), codeOf(() => profiler.stopSamplingHeapProfiling())].map(({ error }) => error.code);
      codes.push(await profiler.captureSamplingHeapProfile({ durationMs: 5 }).catch(({ code }) => code));
      kept.push(workload.allocateThings(10000));
      const theirs = eval(input.plain)(heap.profile());
      heap.stop();
      profiler.startSamplingHeapProfiling(4096, 32);
      kept.push(workload.allocateThings(10000));
      report({ codes, theirs, ours: profiler.stopSamplingHeapProfiling(), kept: kept.length });
    });
    expect(codes).toEqual(['ERR_RS_PROFILER_BUSY', 'ERR_RS_PROFILER_NOT_RUNNING', 'ERR_RS_PROFILER_BUSY']);
    // Objects of before and after our attempts.
    expect(ownValues(theirs).allocateThings + ownValues(theirs).RetainedThing).toBeGreaterThan(18000);
    expect(bytesByFunction(ours).allocateThings).toBeGreaterThan(0);
  });

  test('theirs that starts and stops within ours takes our samples along, and ours says so', async () => {
    const { failed, again } = await beside(({ profiler, workload, codeOf, report, input }) => {
      const { heap } = require(input.pprof);
      profiler.startSamplingHeapProfiling(4096, 32);
      heap.start(4096, 32);
      heap.stop();
      const { error } = codeOf(() => profiler.stopSamplingHeapProfiling());
      profiler.startSamplingHeapProfiling(4096, 32);
      const kept = workload.allocateThings(10000);
      report({ failed: error, again: profiler.stopSamplingHeapProfiling(), kept: kept.length });
    });
    expect(failed).toMatchObject({ code: 'ERR_RS_PROFILER_NOT_RUNNING', isError: true });
    expect(failed.message).toMatch('stopped by somebody else');
    expect(bytesByFunction(again).allocateThings).toBeGreaterThan(0);
  });

  test('ours that stops within theirs ends theirs, which says so', async () => {
    const { ours, theirs } = await beside(({ profiler, workload, codeOf, report, input }) => {
      const { heap } = require(input.pprof);
      profiler.startSamplingHeapProfiling(4096, 32);
      heap.start(4096, 32);
      const kept = workload.allocateThings(10000);
      const ours = profiler.stopSamplingHeapProfiling();
      report({ ours, theirs: codeOf(() => heap.profile()), kept: kept.length });
      heap.stop();
    });
    expect(bytesByFunction(ours).allocateThings).toBeGreaterThan(0);
    expect(theirs.error).toMatchObject({ isError: true });
  });
});

test('in a worker thread, beside theirs in both threads, which is then terminated', async () => {
  const { ours, theirs, main } = await beside(async ({ profiler, workload, report, main, input }) => {
    const { Worker } = require('worker_threads');
    const { time } = require(input.pprof);
    time.start(input.wall);
    const source = `
      const { parentPort, workerData: { main, workload, input } } = require('worker_threads');
      const profiler = require(main);
      const { time } = require(input.pprof);
      time.start(input.wall);
      profiler.startProfiling('in a worker');
      require(workload).spin(60);
      const ours = JSON.stringify(profiler.stopProfiling('in a worker'));
      const theirs = eval(input.plain)(time.stop());
      time.start(input.wall);
      profiler.startProfiling('open');
      parentPort.postMessage({ ours: JSON.parse(ours), theirs });
      setInterval(() => require(workload).spin(5), 1);`;
    const worker = new Worker(source, { eval: true, workerData: { main, workload: workload.file, input } });
    const found = await new Promise((resolve, reject) => worker.on('error', reject).on('message', resolve));
    profiler.startProfiling('in the main thread');
    workload.spin(60);
    await worker.terminate();
    workload.spin(60);
    report({ ...found, main: [profiler.stopProfiling('in the main thread'), eval(input.plain)(time.stop())] });
  });
  for (const profile of [ours, main[0]]) expect(hitsByFunction(profile).hotLeaf).toBeGreaterThan(5);
  for (const profile of [theirs, main[1]]) expect(ownValues(profile).hotLeaf).toBeGreaterThan(5);
});
