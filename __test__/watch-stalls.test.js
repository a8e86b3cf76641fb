'use strict';

/** The event loop that stands still: it is profiled from outside, and the function is named. In processes of their own. */

const fs = require('node:fs');
const path = require('node:path');

const { run, runClean } = require('./helpers/child');
const { tempFolder } = require('./helpers/temp-folder');

/** Functions that hold the loop, by name; shared by all children as text. */
const HOLD = `
function spin(ms) {
  let sum = 0;
  for (const end = Date.now() + ms; Date.now() < end;) for (let i = 0; i < 1e5; i += 1) sum += i % 7;
  return sum;
}
function endlessLoop() {
  for (let i = 0; ; i += 1) globalThis.kept = i;
}
function backTrack(length) {
  return /^(a+)+$/.test('a'.repeat(length) + 'b');
}
function waitOutside(ms) {
  process.mainModule.require('child_process').execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, ' + ms + ')'], { env: {} });
}
`;

const namesIn = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).nodes.map(({ callFrame }) => callFrame.functionName);

function profileIn(folder) {
  const names = fs.readdirSync(folder);
  expect(names).toEqual([expect.stringMatching(/^cpu-profile-\d{8}T\d{6}Z-\d+-[0-9a-f]{12}\.cpuprofile$/)]);
  return path.join(folder, names[0]);
}

/** Holds the loop by `input.code`, and reports what the callback hears. */
function stallOnce({ profiler, report, input }) {
  (0, eval)(input.hold);
  return new Promise((resolve) => {
    const watching = profiler.watch({ eventLoopDelayMs: 200 }, {
      folder: input.folder,
      callback(error, result) {
        report(error ? { code: error.code, message: error.message } : result);
        watching.stop();
        resolve();
      },
    });
    const alive = setInterval(() => {}, 1000);
    setTimeout(() => {
      (0, eval)(input.code);
      setTimeout(() => clearInterval(alive), 5000);
    }, 300);
  });
}

const stall = (code, folder = tempFolder()) => runClean(stallOnce, { input: { folder, code, hold: HOLD } });

test('a loop in JavaScript: its function is named, with time, place and callers, and the profile is on disk', async () => {
  const folder = tempFolder();
  const result = await stall('(function handler() { spin(2500); })()', folder);
  const file = profileIn(folder);
  expect(result).toMatchObject({
    condition: 'eventLoopDelayMs', limit: 200, kind: 'cpu-profile', path: file, bytes: fs.statSync(file).size, removed: [],
  });
  const { stall: found } = result;
  expect(result.value).toBe(found.stalledMs);
  expect(found.stalledMs).toBeGreaterThan(2000);
  expect(found.stack.map(({ functionName }) => functionName)).toEqual(expect.arrayContaining(['spin', 'handler']));
  expect(found.selfMs).toBeGreaterThan(0);
  expect(found.selfMs).toBeLessThanOrEqual(found.totalMs);
  expect(found.samples).toBeGreaterThan(100);
  expect(found.sentence).toMatch(/^The event loop stood still for \d+ ms: .*spin.* took \d+ of|^The event loop stood still for \d+ ms: .*spin.* took \d+ ms of/);
  expect(namesIn(file)).toEqual(expect.arrayContaining(['spin', 'handler']));
});

test('a regular expression that backtracks', async () => {
  const folder = tempFolder();
  // Doubles with each letter: long enough on a quick machine, and it ends.
  const result = await stall('let length = 20; for (const end = Date.now() + 2500; Date.now() < end;) backTrack(length < 26 ? length++ : length);', folder);
  expect(result.stall.stack.map(({ functionName }) => functionName)).toContain('backTrack');
  expect(namesIn(profileIn(folder))).toContain('backTrack');
});

test('what V8 lets nobody interrupt is told without a profile', async () => {
  const folder = tempFolder();
  const result = await stall('waitOutside(2000)', folder);
  expect(result.stall.stalledMs).toBeGreaterThan(1500);
  // The interrupt comes when the wait is over, or not at all.
  if (result.path === null) expect(result.stall.sentence).toMatch(/native code/);
  else expect(result.stall.waitedMs).toBeGreaterThan(1000);
});

/** Never gets back to its loop; the test ends it when the file is there. */
function neverAnswer({ profiler, report, input }) {
  (0, eval)(input.hold);
  profiler.watch({ eventLoopDelayMs: 200 }, { folder: input.folder, durationMs: 500, callback: report });
  setTimeout(() => {
    report('stalls');
    (0, eval)(input.code);
  }, 300);
}

/** Ends a child when there is a complete profile in the folder. */
function killWhenWritten(folder) {
  return (_value, child) => {
    const look = setInterval(() => {
      if (!fs.readdirSync(folder).some((name) => name.endsWith('.cpuprofile'))) return;
      clearInterval(look);
      child.kill('SIGKILL');
    }, 50);
    child.once('close', () => clearInterval(look));
  };
}

test.each([['endlessLoop', 'endlessLoop()'], ['backTrack', 'backTrack(200)']])('%s that never ends: the profile reaches the disk all the same', async (name, code) => {
  const folder = tempFolder();
  const { signal, reports } = await run(neverAnswer, { input: { folder, code, hold: HOLD }, onReport: killWhenWritten(folder) });
  expect([signal, reports]).toEqual(['SIGKILL', ['stalls']]);
  expect(namesIn(profileIn(folder))).toContain(name);
});

/** A worker that stands still, and is ended by its parent in the middle of its stall. */
async function stallInWorker({ main, report, input }) {
  const { once } = require('node:events');
  const { Worker } = require('node:worker_threads');
  const worker = new Worker(`
    const { parentPort, workerData: { main, folder, hold, code } } = require('node:worker_threads');
    (0, eval)(hold);
    const callback = (error, result) => parentPort.postMessage(error ? String(error) : result);
    require(main).watch({ eventLoopDelayMs: 200 }, { folder, callback });
    setInterval(() => {}, 1000);
    setTimeout(() => (0, eval)(code), 300);
    setTimeout(() => parentPort.postMessage('turns'), 100);
  `, { eval: true, workerData: { main, ...input } });
  worker.on('message', (message) => message !== 'turns' && report(message));
  await once(worker, 'message');
  if (input.endless) {
    // The main loop turns meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 3000));
  } else await once(worker, 'message');
  await worker.terminate();
}

test('a worker watches its own loop', async () => {
  const folder = tempFolder();
  const result = await runClean(stallInWorker, { input: { folder, hold: HOLD, code: 'spin(2500)' } });
  expect(result.stall.stack.map(({ functionName }) => functionName)).toContain('spin');
  expect(namesIn(profileIn(folder))).toContain('spin');
});

test('a worker that is terminated while it is profiled leaves the profile', async () => {
  const folder = tempFolder();
  await runClean(stallInWorker, { input: { folder, hold: HOLD, code: 'endlessLoop()', endless: true } });
  expect(namesIn(profileIn(folder))).toContain('endlessLoop');
});

/** The ends of a process that has a watch: by itself, by exit() after a stall, and with two copies of the package. */
function endWith({ profiler, main, input }) {
  (0, eval)(input.hold);
  const action = { folder: input.folder, coolDownMs: 0 };
  // To load the second copy takes more than 100 ms on a busy machine, and would be a stall of its own.
  profiler.watch({ eventLoopDelayMs: 500, heapUsedRatio: 1, cpuRatio: 1000, growth: true }, action);
  if (input.way === 'copies') {
    delete require.cache[main];
    for (const key of Object.keys(require.cache)) if (!key.endsWith('.node')) delete require.cache[key];
    require(main).watch({ eventLoopDelayMs: 500 }, action);
  }
  setTimeout(() => {
    globalThis.spin(1500);
    if (input.way === 'exit') process.exit();
  }, 50);
}

test.each(['itself', 'exit', 'copies'])('a watch does not keep its process, which ends by %s; the profile is whole', async (way) => {
  const folder = tempFolder();
  await runClean(endWith, { input: { folder, hold: HOLD, way } });
  const names = fs.readdirSync(folder);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(namesIn(path.join(folder, name))).toContain('spin');
});

test('one watch of the loop per thread; the next may come after it', async () => {
  const report = await runClean(({ profiler, codeOf, report, input }) => {
    const begin = () => profiler.watch({ eventLoopDelayMs: 100 }, { folder: input });
    const first = begin();
    const second = codeOf(begin);
    first.stop();
    begin().stop();
    report(second.error.code);
  }, { input: tempFolder() });
  expect(report).toBe('ERR_RS_PROFILER_BUSY');
});

test('cool-down and maximum count hold for stalls', async () => {
  const folder = tempFolder();
  const report = await runClean(async ({ profiler, report, sleep, input }) => {
    (0, eval)(input.hold);
    const heard = [];
    const callback = (error, result) => heard.push(error ? error.message : result.condition);
    const watching = profiler.watch({ eventLoopDelayMs: 100 }, { folder: input.folder, coolDownMs: 0, maxCount: 2, callback });
    for (let round = 0; round < 4; round += 1) {
      globalThis.spin(1000);
      for (const before = heard.length; heard.length === before && !watching.stopped;) await sleep(20);
      await sleep(100);
    }
    report({ heard, count: watching.count, stopped: watching.stopped });
  }, { input: { folder, hold: HOLD } });
  expect(report).toEqual({ heard: ['eventLoopDelayMs', 'eventLoopDelayMs'], count: 2, stopped: true });
  expect(fs.readdirSync(folder)).toHaveLength(2);
});
