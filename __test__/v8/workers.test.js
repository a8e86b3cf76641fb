'use strict';

/** Main thread and workers: each has a state of its own, and a worker may end at any moment. */

const { runClean } = require('../helpers/child');
const { untilSeen } = require('../helpers/repeat');

/** The soak tier does it more often. */
const ROUNDS = process.env.RS_PROFILER_SOAK ? 8 : 1;

/** What a worker of these tests does before it ends, by name: the body of an async function. */
const WORK = {
  'a CPU profile runs': `
    profiler.startProfiling('left running');
    profiler.startProfiling('also', true, 1);`,
  'warmUp was called and a profile was stopped': `
    profiler.warmUp();
    profiler.startProfiling('stopped');
    profiler.stopProfiling('stopped').samples.length;
    profiler.startProfiling('left running');`,
  'sampling and tracking run': `
    profiler.startSamplingHeapProfiling(1024, 16);
    profiler.startTrackingHeapObjects();
    profiler.getHeapStats();
    globalThis.kept = new Array(1000).fill(0).map((zero, index) => ({ index }));`,
  'exports have not ended': `
    const { threadId } = require('worker_threads');
    if (threadId % 4 < 2) globalThis.kept = profiler.takeSnapshot().export();
    else profiler.writeHeapSnapshot(threadId + '.heapsnapshot').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 2 * (threadId % 40)));`,
  'a large CPU profile is being copied': `
    profiler.setSamplingInterval(25);
    profiler.startProfiling('large');
    for (const end = Date.now() + 200; Date.now() < end;);
    const profile = profiler.stopProfiling('large');
    profile.export(() => {});
    profile.delete();`,
};

describe('main thread and worker at once', () => {
  test('capture all three kinds, independent of each other', async () => {
    const result = await runClean(async ({ main, report }) => {
      const fs = require('node:fs');
      const { Worker } = require('node:worker_threads');
      async function capture(file, prefix) {
        const { createWriteStream } = require('node:fs');
        const profiler = require(file);
        const title = `${prefix} profile`;
        profiler.setGenerateType(1);
        profiler.startSamplingHeapProfiling();
        profiler.startProfiling(title, true);
        profiler.collectSample();
        for (const end = Date.now() + 50; Date.now() < end; );
        const profile = profiler.stopProfiling(title);
        const save = (object, name, done = () => {}) =>
          new Promise((resolve, reject) => {
            const written = object.export().pipe(createWriteStream(prefix + name));
            // The suite of v8-profiler-next does it like this: delete() must be truthy.
            written.on('finish', () => (done() || name !== '.heapsnapshot') && resolve()).on('error', reject);
          });
        await save(profile, '.cpuprofile');
        const uids = Object.keys(profiler.profiles);
        profile.delete();
        await save(profiler.stopSamplingHeapProfiling(), '.heapprofile');
        const snapshot = profiler.takeSnapshot();
        const count = Object.keys(profiler.snapshots).length;
        await save(snapshot, '.heapsnapshot', snapshot.delete);
        return { uids, count, title: profile.title, left: Object.keys(profiler.snapshots).length };
      }
      const worker = new Worker(
        `(${capture})(${JSON.stringify(main)}, 'worker')
           .then((seen) => require('node:worker_threads').parentPort.postMessage(seen))`,
        { eval: true },
      );
      const told = new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
      const exited = new Promise((resolve) => worker.on('exit', resolve));
      const inMain = await capture(main, 'main');
      const inWorker = await told;
      const exitCode = await exited;
      const files = fs.readdirSync('.').sort();
      const parsed = files.every((file) => typeof JSON.parse(fs.readFileSync(file, 'utf8')) === 'object');
      report({ inMain, inWorker, exitCode, files, parsed });
    });
    const seen = { uids: ['0'], count: 1, left: 0 };
    expect(result).toMatchObject({
      inMain: { ...seen, title: 'main profile' },
      inWorker: { ...seen, title: 'worker profile' },
      exitCode: 0,
      parsed: true,
    });
    const kinds = ['cpuprofile', 'heapprofile', 'heapsnapshot'];
    expect(result.files).toEqual([...kinds.map((kind) => `main.${kind}`), ...kinds.map((kind) => `worker.${kind}`)]);
  });

  test('each finds its own functions', async () => {
    const record = () => runClean(async ({ main, profiler, report }) => {
      const { Worker } = require('node:worker_threads');
      const spinIn = (name) => `function ${name}() { for (const end = Date.now() + 150; Date.now() < end;); }`;
      const namesOf = '(profile) => { const names = []; const walk = (node) => { names.push(node.functionName);'
        + ' node.children.forEach(walk); }; walk(profile.head); return names.filter((name) => /^spinIn/.test(name)); }';
      const worker = new Worker(
        `const profiler = require(${JSON.stringify(main)});
         ${spinIn('spinInWorker')}
         profiler.startProfiling('both');
         spinInWorker();
         require('node:worker_threads').parentPort.postMessage((${namesOf})(profiler.stopProfiling('both')));`,
        { eval: true },
      );
      const told = new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
      profiler.startProfiling('both');
      new Function(`${spinIn('spinInMain')} spinInMain();`)();
      const inMain = new Function(`return ${namesOf}`)()(profiler.stopProfiling('both'));
      report({ inMain, inWorker: await told });
    });
    const seen = await untilSeen(5, record, ({ inMain, inWorker }) => inMain.length > 0 && inWorker.length > 0);
    expect(seen).toEqual({ inMain: ['spinInMain'], inWorker: ['spinInWorker'] });
  });
});

describe.each(Object.keys(WORK))('a worker ends while %s', (name) => {
  test('by returning, by process.exit and by termination, while the main thread captures on', async () => {
    const seen = await runClean(
      async ({ main, profiler, input, report }) => {
        const fs = require('node:fs');
        const { Worker } = require('node:worker_threads');
        const tell = 'require("node:worker_threads").parentPort.postMessage("ready");';
        const ends = {
          returns: '',
          exits: 'process.exit(0);',
          terminated: `${tell} setInterval(() => {}, 1000);`,
          'terminated while busy': `${tell} for (;;);`,
        };
        profiler.startProfiling('main');
        profiler.startSamplingHeapProfiling();
        const runOne = (end) =>
          new Promise((resolve, reject) => {
            const code = `const profiler = require(${JSON.stringify(main)}); (async () => { ${input.work} ${end} })();`;
            const worker = new Worker(code, { eval: true });
            worker.on('error', reject);
            worker.on('exit', resolve);
            worker.on('message', () => worker.terminate());
          });
        let ended = 0;
        for (let round = 0; round < input.rounds; round++) {
          profiler.startProfiling('round');
          await Promise.all(Object.values(ends).map((end) => runOne(end).then(() => ended++)));
          profiler.stopProfiling('round').delete();
        }
        const profile = profiler.stopProfiling('main');
        const { head: sampled } = profiler.stopSamplingHeapProfiling();
        report({
          ended,
          samples: profile.samples.length > 0,
          sampled: sampled.callFrame.functionName,
          partial: fs.readdirSync('.').filter((file) => file.endsWith('.partial')),
        });
      },
      { input: { work: WORK[name], rounds: ROUNDS } },
    );
    expect(seen).toEqual({ ended: 4 * ROUNDS, samples: true, sampled: '(root)', partial: [] });
  });
});

describe('the package loaded only in a worker', () => {
  test.each([
    ['returned', ''],
    ['been terminated', 'require("node:worker_threads").parentPort.postMessage("ready"); setInterval(() => {}, 1000);'],
  ])('the process ends cleanly after the worker has %s', async (how, tail) => {
    const seen = await runClean(
      async ({ main, input, report }) => {
        const { Worker } = require('node:worker_threads');
        for (let round = 0; round < input.rounds; round++) {
          const worker = new Worker(
            `const profiler = require(${JSON.stringify(main)});
             profiler.startProfiling('left');
             profiler.startSamplingHeapProfiling();
             globalThis.stream = profiler.takeSnapshot().export();
             ${input.tail}`,
            { eval: true },
          );
          worker.on('message', () => worker.terminate());
          await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
        }
        report('ended');
      },
      { input: { tail, rounds: ROUNDS } },
    );
    expect(seen).toBe('ended');
  });

  test('the main thread exits while the worker captures', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await runClean(async ({ main }) => {
        const { Worker } = require('node:worker_threads');
        const worker = new Worker(
          `const profiler = require(${JSON.stringify(main)});
           profiler.startProfiling('left');
           profiler.startSamplingHeapProfiling();
           globalThis.stream = profiler.takeSnapshot().export();
           profiler.writeHeapSnapshot('left.heapsnapshot');
           setTimeout(() => {
             require('node:worker_threads').parentPort.postMessage('ready');
             for (;;) profiler.collectSample();
           }, 50);`,
          { eval: true },
        );
        worker.on('message', () => process.exit(0));
      });
    }
  });
});
