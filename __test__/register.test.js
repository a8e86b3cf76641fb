'use strict';

/** `--require rs-profiler/register` and `--import`: services whose code is not touched. */

const fs = require('node:fs');
const path = require('node:path');

const { run } = require('./helpers/child');
const { tempFolder } = require('./helpers/temp-folder');

const REQUIRE = ['--require', require.resolve('../register')];
const IMPORT = ['--import', require.resolve('../register.mjs')];

/** Runs `fn` with the options of `register`. */
const service = (fn, options, { nodeArgs = REQUIRE, input, ...rest } = {}) => run(fn, {
  nodeArgs, input, env: { RS_PROFILER_OPTIONS: options, NODE_OPTIONS: undefined }, ...rest,
});

/** Lives until there are so many complete files in the folder. */
async function untilFiles({ report, sleep, input }) {
  const complete = () => require('fs').readdirSync(input.folder).filter((name) => !/\.partial$|^capture\.lock/.test(name));
  if (input.signal) process.kill(process.pid, input.signal);
  while (complete().length < 1) await sleep(20);
  report(complete());
}

test.each([['--require', REQUIRE], ['--import', IMPORT]])('a condition, with %s', async (_how, nodeArgs) => {
  const folder = tempFolder();
  const options = `folder=${folder},rssBytes=2000000,kind=cpu-profile,durationMs=50,checkMs=50,maxCount=1`;
  const { code, stdout, stderr, report } = await service(untilFiles, options, { nodeArgs, input: { folder } });
  expect([code, stdout, stderr]).toEqual([0, '', '']);
  expect(report).toEqual([expect.stringMatching(/^cpu-profile-.*\.cpuprofile$/)]);
});

test.each([
  ['SIGUSR2', '', 'heap-snapshot'], ['SIGPWR', ',cpuProfileSignal=SIGPWR,durationMs=50', 'cpu-profile'],
  ['SIGUSR2', ',heapSnapshotSignal=none,samplingHeapProfileSignal=SIGUSR2,durationMs=50', 'sampling-heap-profile'],
  ['SIGUSR2', ',cpuProfileSignal=SIGUSR2,durationMs=50', 'cpu-profile'],
])('%s%s takes a %s', async (signal, more, kind) => {
  const folder = tempFolder();
  const { code, stderr, report } = await service(untilFiles, `folder=${folder}${more}`, { input: { folder, signal } });
  expect([code, stderr]).toEqual([0, '']);
  expect(report).toEqual([expect.stringMatching(new RegExp(`^${kind}-`))]);
});

test('JSON, with the options of captures', async () => {
  const folder = tempFolder();
  const options = { folder, heapUsedRatio: 0.0001, compress: 'gzip', redact: 'strings', checkMs: 50, maxCount: 1 };
  const { stderr, report } = await service(untilFiles, JSON.stringify(options), { input: { folder } });
  expect(stderr).toBe('');
  expect(report).toEqual([expect.stringMatching(/\.heapsnapshot\.gz$/)]);
});

test('without options it waits for its signal, makes nothing, and keeps nothing alive', async () => {
  const { code, stdout, stderr, report, files } = await service(({ report }) => {
    report({ usr2: process.listenerCount('SIGUSR2'), own: Object.keys(globalThis).includes('rs-profiler.register') });
  }, undefined);
  expect([code, stdout, stderr, report, files]).toEqual([0, '', '', { usr2: 1, own: false }, {}]);
});

test('nothing that is wrong stops the service: each is told once, by a warning, and the rest holds', async () => {
  const folder = tempFolder();
  const options = `folder=${folder},heapUsedRatio=7,rssBytes=2000000,kind=cpu-profile,durationMs=50,checkMs=50,maxCount=1,`
    + 'isolation=thread,keepCount=0,cpuProfileSignal=SIGKILL,color=red';
  const { code, stdout, stderr, report } = await service(untilFiles, options, { input: { folder } });
  expect([code, stdout]).toEqual([0, '']);
  expect(report).toEqual([expect.stringMatching(/^cpu-profile-/)]);
  for (const word of ['heapUsedRatio', 'isolation', 'maxCount', 'cpuProfileSignal', 'color is no option']) expect(stderr).toContain(word);
  expect(stderr.match(/RsProfilerWarning/g).length).toBeLessThanOrEqual(4);
});

test.each(['{broken', 'folder=/proc/none/here,heapUsedRatio=0.5'])('%s: one warning, and the service goes on', async (options) => {
  const { code, stdout, stderr, report } = await service(({ report }) => report('served'), options);
  expect([code, stdout, report]).toEqual([0, '', 'served']);
  expect(stderr.match(/RsProfilerWarning/g)).toHaveLength(1);
});

/** Workers watch what is theirs. */
async function inWorker({ report, sleep, input }) {
  const { once } = require('node:events');
  const { Worker } = require('node:worker_threads');
  const worker = new Worker('setInterval(() => {}, 1000); require("worker_threads").parentPort.postMessage(process.pid)', { eval: true });
  await once(worker, 'message');
  const files = () => require('fs').readdirSync(input.folder).filter((name) => !name.endsWith('.partial'));
  for (const end = Date.now() + input.ms; files().length < input.files && Date.now() < end;) await sleep(50);
  await worker.terminate();
  report(files().length);
}

test('workers watch their own heaps, unless workers=off; what is of the process, the main thread watches alone', async () => {
  const count = async (options, files, ms) => {
    const folder = tempFolder();
    const text = `folder=${folder},${options},checkMs=50,maxCount=1,isolation=inline`;
    return (await service(inWorker, text, { input: { folder, files, ms } })).report;
  };
  expect(await count('heapUsedRatio=0.0001', 2, 30_000)).toBe(2);
  expect(await count('heapUsedRatio=0.0001,workers=off', 2, 2000)).toBe(1);
  expect(await count('rssBytes=2000000,kind=cpu-profile,durationMs=20', 2, 2000)).toBe(1);
}, 180_000);

test('loaded twice, it watches once', async () => {
  const nodeArgs = [...REQUIRE, '--require', path.join(path.dirname(require.resolve('..')), 'lib', '..', 'register.js')];
  const { report } = await service(({ report }) => report(process.listenerCount('SIGUSR2')), undefined, { nodeArgs });
  expect(report).toBe(1);
  expect(fs.existsSync(nodeArgs[1])).toBe(true);
});
