'use strict';

/** Captures while the service does something else that forks, samples, tracks, collects or keeps threads busy. */

const { IS_BRIEF } = require('../../helpers/brief');
const { runServed, runServedAlone } = require('../../helpers/service');

const nothingLeft = { children: [], partial: [] };

test('child_process.spawn and fork during captures', async () => {
  const { said, isolations, whole, left } = await runServed(async ({ profiler, leftovers, outcome, processes }) => {
    const { execFile, fork } = require('node:child_process');
    const { once } = require('node:events');
    const { promisify } = require('node:util');
    require('node:fs').writeFileSync('program.js', `
      if (process.send) process.once('message', (value) => process.send(value * 2, () => process.disconnect()));
      else process.stdout.write(process.argv[2]);`);
    const uses = {
      spawn: async () => (await promisify(execFile)(process.execPath, ['program.js', '7'])).stdout,
      fork: async () => {
        const child = fork('program.js');
        child.send(3.5);
        const [[value]] = await Promise.all([once(child, 'message'), once(child, 'exit')]);
        return String(value);
      },
    };
    const said = {};
    const isolations = [];
    let whole = true;
    for (const [name, use] of Object.entries(uses)) {
      let settled = false;
      const capture = profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' });
      capture.finally(() => (settled = true)).catch(() => {});
      await processes.nextChild(new Set(), () => settled);
      said[name] = await use();
      isolations.push((await capture).isolation);
      whole &&= outcome.countsOfFile('a.heapsnapshot').whole;
    }
    return { said, isolations, whole, left: leftovers() };
  });
  expect({ said, isolations, whole }).toEqual({ said: { spawn: '7', fork: '7' }, isolations: ['fork', 'fork'], whole: true });
  expect(left).toEqual(nothingLeft);
});

test('cluster: workers that are forked during a capture of the primary, and take their own at once', async () => {
  const { answers, captures, left, names } = await runServed(async ({ profiler, main, leftovers, outcome, processes }) => {
    const cluster = require('node:cluster');
    const { once } = require('node:events');
    const fs = require('node:fs');
    const http = require('node:http');
    fs.writeFileSync('worker.js', `
      require('node:http').createServer((request, response) => response.end('7')).listen(0, '127.0.0.1');
      process.on('message', (name) => require(${JSON.stringify(main)}).writeHeapSnapshot(name, { isolation: 'fork' })
        .then(({ isolation }) => process.send(isolation), ({ message }) => process.send(message)));`);
    cluster.setupPrimary({ exec: 'worker.js' });
    const ask = async (port) => {
      const [response] = await once(http.get({ host: '127.0.0.1', port, agent: false }), 'response');
      return String((await once(response, 'data'))[0]);
    };
    let settled = false;
    const own = profiler.writeHeapSnapshot('primary', { isolation: 'fork' });
    own.finally(() => (settled = true)).catch(() => {});
    await processes.nextChild(new Set(), () => settled);
    const workers = [cluster.fork(), cluster.fork()];
    const ports = (await Promise.all(workers.map((worker) => once(worker, 'listening')))).map(([{ port }]) => port);
    const others = workers.map((worker, at) => {
      worker.send(`worker${at}`);
      return once(worker, 'message');
    });
    const answers = await Promise.all(ports.map(ask));
    const captures = [(await own).isolation, ...(await Promise.all(others)).flatMap(([isolation]) => isolation)];
    answers.push(...await Promise.all(ports.map(ask)));
    await Promise.all(workers.map((worker) => {
      worker.kill();
      return once(worker, 'exit');
    }));
    const names = fs.readdirSync('.').filter((name) => name.endsWith('.heapsnapshot'));
    return { answers, captures, left: leftovers(), names: names.filter((name) => outcome.countsOfFile(name).whole).sort() };
  });
  expect({ answers, captures }).toEqual({ answers: ['7', '7', '7', '7'], captures: ['fork', 'fork', 'fork'] });
  expect({ left, names }).toEqual({
    left: nothingLeft, names: ['primary.heapsnapshot', 'worker0.heapsnapshot', 'worker1.heapsnapshot'],
  });
});

test('a pool of threads that are all in use, and more jobs that wait: a capture needs none', async () => {
  const { before, isolation, whole, after, left } = await runServed(async ({ profiler, leftovers, outcome }) => {
    const { execFileSync } = require('node:child_process');
    const fs = require('node:fs');
    const { randomBytes } = require('node:crypto');
    const { promisify } = require('node:util');
    const { deflate } = require('node:zlib');
    // Who opens a pipe with a name waits for its other end.
    const pipes = Array.from({ length: 16 }, (_, at) => `pipe${at}`);
    execFileSync('mkfifo', pipes);
    let done = 0;
    const opening = pipes.map((pipe) => fs.promises.open(pipe, 'r').then((handle) => handle.close()));
    const jobs = [promisify(randomBytes)(32), promisify(deflate)('text'), fs.promises.readdir('.'), ...opening];
    for (const job of jobs) job.then(() => (done += 1));
    const { isolation } = await profiler.writeHeapSnapshot('a', { isolation: 'fork' });
    const before = done;
    // The threads go on, one after the other.
    const release = setInterval(() => pipes.forEach((pipe) => fs.closeSync(fs.openSync(pipe, 'r+'))), 5);
    await Promise.all(jobs);
    clearInterval(release);
    return { before, isolation, whole: outcome.countsOfFile('a.heapsnapshot').whole, after: done - jobs.length, left: leftovers() };
  });
  // The first three jobs, which were there before the pool was full.
  expect(before).toBeLessThanOrEqual(3);
  expect({ isolation, whole, after, left }).toEqual({ isolation: 'fork', whole: true, after: 0, left: nothingLeft });
});

test('a CPU profile, sampling and object tracking run on', async () => {
  const result = await runServed(async ({ profiler, leftovers, outcome, workload }) => {
    profiler.startProfiling('all along', true);
    profiler.startSamplingHeapProfiling(1024, 16);
    profiler.startTrackingHeapObjects();
    profiler.getHeapStats();
    const kept = workload.allocateThings(5000);
    const { isolation } = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' });
    const { whole } = outcome.countsOfFile('a.heapsnapshot');
    const tracked = profiler.getHeapStats() > 0;
    profiler.stopTrackingHeapObjects();
    const sampled = profiler.stopSamplingHeapProfiling().head.children.length > 0;
    workload.spin(10);
    const nodes = profiler.stopProfiling('all along').head.children.length;
    return { isolation, whole, tracked, sampled, profiled: nodes > 0, kept: kept.length, left: leftovers() };
  });
  expect(result).toEqual({
    isolation: 'fork', whole: true, tracked: true, sampled: true, profiled: true, kept: 5000, left: nothingLeft,
  });
});

/**
 * Forks `input.rounds` snapshots while two workers do `input.work`, all the time until the fork; but for the last they are given up
 * when the child walks the heap. The workers rest while the child works,
 * which comes last where there is too little processor: what matters is the moment of the fork. The main thread keeps Node's
 * pool of threads busy too.
 */
async function forkAmongWorkers({ profiler, input, leftovers, outcome, processes }) {
  const { pbkdf2 } = require('node:crypto');
  const { once } = require('node:events');
  const { Worker } = require('node:worker_threads');
  const source = `
    const { workerData } = require('node:worker_threads');
    const work = (${input.work})(require);
    // What to do (0 work, 1 rest, 2 end), and how much was done.
    const state = new Int32Array(workerData);
    while (Atomics.load(state, 0) !== 2) {
      Atomics.wait(state, 0, 1);
      work();
      Atomics.add(state, 1, 1);
    }`;
  const state = new Int32Array(new SharedArrayBuffer(8));
  const become = (value) => {
    Atomics.store(state, 0, value);
    Atomics.notify(state, 0);
  };
  const workers = [1, 2].map(() => new Worker(source, { eval: true, workerData: state.buffer }));
  const hash = () => Atomics.load(state, 0) === 0 && pbkdf2('secret', 'salt', 2000, 32, 'sha256', hash);
  const results = [];
  let whole = true;
  const known = new Set();
  const last = input.rounds - 1;
  for (let round = 0; round < input.rounds; round += 1) {
    become(0);
    for (let jobs = 0; jobs < 3; jobs += 1) hash();
    const before = Atomics.load(state, 1);
    while (Atomics.load(state, 1) < before + 4) await new Promise((resolve) => setTimeout(resolve, 1));
    let settled = false;
    let walking;
    const controller = new AbortController();
    // The child collects garbage before it walks; what comes after that is the same in each round.
    const onProgress = () => {
      walking ??= processes.childrenOf(process.pid)[0];
      if (round < last) controller.abort();
    };
    const options = { isolation: 'fork', signal: controller.signal, onProgress };
    const capture = profiler.writeHeapSnapshot('a.heapsnapshot', options);
    capture.finally(() => (settled = true)).catch(() => {});
    const child = await processes.nextChild(known, () => settled);
    become(1);
    const { value, error } = await outcome.outcomeOf(capture);
    // Another child would have come before the walk.
    // Where this thread had to wait for a processor the snapshot may be complete all the same.
    const attempts = value ? value.attempts : 1 + (walking !== undefined && walking.pid !== child?.pid);
    results.push(`${error && round < last ? error.code : value?.isolation} ${attempts}`);
    whole &&= !value || outcome.countsOfFile('a.heapsnapshot').whole;
  }
  become(2);
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  return { results, whole, left: leftovers() };
}

/** What the workers do, by name: functions that make a piece of work. */
const WORK = {
  'allocate and are compiled': () => {
    let round = 0;
    let kept = [];
    return () => {
      kept = Array.from({ length: 5000 }, (_, at) => ({ at, text: `text ${round}${at}` }));
      round = new Function('x', `return x + ${round}`)(kept.length);
    };
  },
  // V8 of Node 20 and 22 holds a lock of the whole process then, which nobody in the child could release.
  'do nothing but collect garbage': (require) => {
    require('node:v8').setFlagsFromString('--expose-gc');
    return require('node:vm').runInNewContext('gc');
  },
};

test.each([['allocate and are compiled', 3], ['do nothing but collect garbage', IS_BRIEF ? 4 : 10]])('forks while workers %s', async (name, rounds) => {
  const { results, whole, left } = await runServedAlone(forkAmongWorkers, { input: { work: String(WORK[name]), rounds } });
  expect(results.filter((result) => !['ABORT_ERR 1', 'fork 1'].includes(result))).toEqual([]);
  expect([results.length, results.at(-1)]).toEqual([rounds, 'fork 1']);
  expect({ whole, left }).toEqual({ whole: true, left: nothingLeft });
});
