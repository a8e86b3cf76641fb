'use strict';

/** Captures while the service does something else that forks, samples, tracks or keeps threads busy. */

const fs = require('node:fs');
const path = require('node:path');
const { runUnharmed } = require('../helpers/service');
const { file: outcomes } = require('../helpers/outcome');
const { tempFolder } = require('../helpers/temp-folder');

const captured = { isolations: 'fork', whole: true, children: [], partial: [] };

test('child_process.spawn, fork and cluster during captures', async () => {
  const program = path.join(tempFolder(), 'program.js');
  fs.writeFileSync(program, `
    const cluster = require('node:cluster');
    if (cluster.isWorker) require('node:http').createServer((request, response) => response.end('7')).listen(0, '127.0.0.1');
    else if (process.send) process.once('message', (value) => process.send(value * 2, () => process.disconnect()));
    else process.stdout.write(process.argv[2]);`);
  const result = await runUnharmed(
    async ({ profiler, input, leftovers, processes }) => {
      const { execFile, fork } = require('node:child_process');
      const cluster = require('node:cluster');
      const http = require('node:http');
      const { once } = require('node:events');
      const { promisify } = require('node:util');
      const { countsOfFile } = require(input.outcomes);
      const uses = {
        spawn: async () => (await promisify(execFile)(process.execPath, [input.program, '7'])).stdout,
        fork: async () => {
          const child = fork(input.program);
          child.send(3.5);
          const [[value]] = await Promise.all([once(child, 'message'), once(child, 'exit')]);
          return String(value);
        },
        cluster: async () => {
          cluster.setupPrimary({ exec: input.program });
          const worker = cluster.fork();
          const [{ port }] = await once(worker, 'listening');
          const [response] = await once(http.get({ host: '127.0.0.1', port, agent: false }), 'response');
          const [chunk] = await once(response, 'data');
          worker.kill();
          await once(worker, 'exit');
          return String(chunk);
        },
      };
      const found = {};
      const faults = [];
      for (const [name, use] of Object.entries(uses)) {
        const capture = profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' });
        await processes.nextChild(new Set(), () => false);
        found[name] = await use();
        const { attempts } = await capture;
        if (attempts !== 1 || !countsOfFile('a.heapsnapshot').whole) faults.push(name);
      }
      return { found, faults, ...leftovers() };
    },
    { input: { outcomes, program } },
  );
  expect(result).toEqual({ found: { spawn: '7', fork: '7', cluster: '7' }, faults: [], children: [], partial: [] });
});

test('a CPU profile, sampling and object tracking run through captures', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers, workload }) => {
      const { countsOfFile } = require(input.outcomes);
      profiler.startProfiling('all along', true);
      profiler.startSamplingHeapProfiling(4096, 16);
      profiler.startTrackingHeapObjects();
      profiler.getHeapStats();
      const isolations = new Set();
      let whole = true;
      for (let round = 0; round < 3; round += 1) {
        workload.spin(10);
        const kept = workload.allocateThings(1000);
        const { isolation } = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' });
        isolations.add(isolation);
        whole = whole && countsOfFile('a.heapsnapshot').whole && kept.length > 0;
      }
      const lastId = profiler.getHeapStats();
      profiler.stopTrackingHeapObjects();
      const sampled = profiler.stopSamplingHeapProfiling().head.children.length > 0;
      const profile = profiler.stopProfiling('all along');
      const spun = JSON.stringify(profile).includes('hotCaller');
      return { isolations: [...isolations].join(), whole, sampled, spun, lastId: lastId > 0, ...leftovers() };
    },
    { input: { outcomes } },
  );
  expect(result).toEqual({ ...captured, sampled: true, spun: true, lastId: true });
});

test('four busy workers and a busy pool of threads', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers }) => {
      const fs = require('node:fs/promises');
      const { pbkdf2 } = require('node:crypto');
      const { promisify } = require('node:util');
      const { Worker } = require('node:worker_threads');
      const { countsOfFile } = require(input.outcomes);
      // They allocate, collect and are compiled, as long as they are told to.
      const source = `
        const { workerData } = require('node:worker_threads');
        const go = new Int32Array(workerData);
        for (let round = 0, kept = []; Atomics.load(go, 0) === 0; round += 1) {
          kept = Array.from({ length: 500 }, (_, at) => ({ at, text: 'text ' + round + at }));
          if (round % 50 === 0) new Function('x', 'return x + ' + round)(kept.length);
        }`;
      const stop = new SharedArrayBuffer(4);
      const workers = Array.from({ length: 4 }, () => new Worker(source, { eval: true, workerData: stop }));
      let busy = true;
      const hash = async () => {
        while (busy) await promisify(pbkdf2)('secret', 'salt', 2000, 32, 'sha256');
      };
      const write = async (name) => {
        while (busy) await fs.writeFile(name, 'x'.repeat(1e5)).then(() => fs.readFile(name));
      };
      const pool = [hash(), hash(), hash(), write('one'), write('two')];
      const isolations = new Set();
      let whole = true;
      let tries = 0;
      for (let round = 0; round < 3; round += 1) {
        const { isolation, attempts } = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' });
        isolations.add(isolation);
        tries += attempts;
        whole = whole && countsOfFile('a.heapsnapshot').whole;
      }
      busy = false;
      Atomics.store(new Int32Array(stop), 0, 1);
      await Promise.all([...pool, ...workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)))]);
      return { isolations: [...isolations].join(), whole, tries, ...leftovers() };
    },
    { input: { outcomes } },
  );
  expect(result).toEqual({ ...captured, tries: expect.any(Number) });
});
