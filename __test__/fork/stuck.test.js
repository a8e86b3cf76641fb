'use strict';

/** Children and readers that stand still, and signals that are not for the child. */

const { runUnharmed } = require('../helpers/service');
const { file: outcomes } = require('../helpers/outcome');

// The watchdog is patient: these wait for it, all at once.
const slow = {
  /** The first child is stopped and never goes on. */
  stopped: async ({ profiler, input, leftovers, processes }) => {
    const { countsOfFile } = require(input.outcomes);
    const known = new Set();
    const path = 'a.heapsnapshot';
    const promise = profiler.writeHeapSnapshot(path, { isolation: 'fork' });
    const pid = await processes.nextChild(known, () => false);
    processes.signal(pid, 'SIGSTOP');
    const { attempts, isolation } = await promise;
    return { attempts, isolation, whole: countsOfFile(path).whole, ...leftovers() };
  },
  /** Both are stopped, the second one in the midst of the walk. */
  'stopped twice': async ({ profiler, input, leftovers, processes }) => {
    const { outcomeOf } = require(input.outcomes);
    const known = new Set();
    let walking;
    const onProgress = ({ phase }) => {
      if (phase === 'walk' && walking) walking();
    };
    const promise = outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork', onProgress }));
    processes.signal(await processes.nextChild(known, () => false), 'SIGSTOP');
    const second = await processes.nextChild(known, () => false);
    await new Promise((resolve) => (walking = resolve));
    processes.signal(second, 'SIGSTOP');
    const { error } = await promise;
    return { code: error.code, message: error.message, names: require('node:fs').readdirSync('.'), ...leftovers() };
  },
  /** The reader pauses for longer than a child may stand still; the child waits for it. */
  'slow reader': async ({ profiler, input, leftovers, processes, sleep }) => {
    const { countsOf } = require(input.outcomes);
    const known = new Set();
    const stream = profiler.createHeapSnapshotStream({ isolation: 'fork' });
    let text = '';
    let paused = false;
    stream.setEncoding('utf8').on('data', (part) => {
      text += part;
      if (paused) return;
      paused = true;
      stream.pause();
      sleep(input.patienceMs + 2000).then(() => stream.resume());
    });
    const pid = await processes.nextChild(known, () => false);
    await require('node:events').once(stream, 'end');
    return { whole: countsOf(text).whole, isolation: stream.isolation, child: pid > 0, ...leftovers() };
  },
};

test('a child that stands still is ended and another one tried; one that waits for its reader is not', async () => {
  const input = { outcomes, patienceMs: 10000 };
  const names = Object.keys(slow);
  const results = await Promise.all(names.map((name) => runUnharmed(slow[name], { input })));
  expect(Object.fromEntries(names.map((name, at) => [name, results[at]]))).toEqual({
    stopped: { attempts: 2, isolation: 'fork', whole: true, children: [], partial: [] },
    'stopped twice': {
      code: 'ERR_RS_PROFILER_FORK_FAILED',
      message: expect.stringMatching(/attempt 2: the child stood still \(phase walk\)/),
      names: [],
      children: [],
      partial: [],
    },
    'slow reader': { whole: true, isolation: 'fork', child: true, children: [], partial: [] },
  });
});

test('a stream whose child is killed half-way fails: nobody takes its text for whole', async () => {
  const result = await runUnharmed(async ({ profiler, leftovers, processes }) => {
    const kept = Array.from({ length: 20000 }, (_, at) => ({ at, text: `some text ${at}` }));
    const found = [];
    for (const isolation of ['auto', 'fork']) {
      const stream = profiler.createHeapSnapshotStream({ isolation });
      let bytes = 0;
      stream.on('data', (chunk) => {
        if (bytes === 0) processes.signal(processes.childrenOf(process.pid)[0].pid, 'SIGKILL');
        bytes += chunk.length;
      });
      const error = await new Promise((resolve) => stream.on('error', resolve).on('end', () => resolve({})));
      found.push({ code: error.code, some: bytes > 0 });
    }
    return { found, kept: kept.length, ...leftovers() };
  });
  const failed = { code: 'ERR_RS_PROFILER_FORK_FAILED', some: true };
  expect(result).toEqual({ found: [failed, failed], kept: 20000, children: [], partial: [] });
});

test('a stream whose child dies before its first byte gets another one', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers, processes }) => {
      const { countsOf } = require(input.outcomes);
      const stream = profiler.createHeapSnapshotStream({ isolation: 'fork' });
      let text = '';
      stream.setEncoding('utf8').on('data', (part) => (text += part));
      processes.signal(await processes.nextChild(new Set(), () => false), 'SIGKILL');
      await require('node:events').once(stream, 'end');
      return { whole: countsOf(text).whole, ...leftovers() };
    },
    { input: { outcomes } },
  );
  expect(result).toEqual({ whole: true, children: [], partial: [] });
});

test('a client that goes away half-way takes the child with it', async () => {
  const result = await runUnharmed(async ({ profiler, leftovers }) => {
    const http = require('node:http');
    const { once } = require('node:events');
    const kept = Array.from({ length: 50000 }, (_, at) => ({ at, text: `some text ${at}` }));
    let stream;
    const server = http.createServer((request, response) => {
      stream = profiler.createHeapSnapshotStream({ isolation: 'fork' });
      stream.pipe(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const request = http.get({ port: server.address().port, host: '127.0.0.1', agent: false });
    const [response] = await once(request, 'response');
    await once(response, 'data');
    response.destroy();
    await once(stream, 'close');
    server.close();
    const { isolation } = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork', whenBusy: 'refuse' });
    return { kept: kept.length, isolation, ...leftovers() };
  });
  expect(result).toEqual({ kept: 50000, isolation: 'fork', children: [], partial: [] });
});

test('a listener of SIGCHLD hears, and takes nothing away', async () => {
  const result = await runUnharmed(async ({ profiler, leftovers }) => {
    let heard = 0;
    process.on('SIGCHLD', () => (heard += 1));
    const { isolation, attempts } = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' });
    return { heard, isolation, attempts, ...leftovers() };
  });
  expect(result).toEqual({ heard: expect.any(Number), isolation: 'fork', attempts: 1, children: [], partial: [] });
});

test('what is sent to the service\'s group, as Ctrl-C is, does not reach the child', async () => {
  const result = await runUnharmed(
    async ({ profiler, leftovers, processes }) => {
      let heard = 0;
      process.on('SIGINT', () => (heard += 1));
      const promise = profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' });
      const pid = await processes.nextChild(new Set(), () => false);
      // It leaves the group before anything else.
      while (processes.statOf(pid).name !== 'rs-profiler' || processes.statusOf(pid, 'Seccomp') !== '2') {
        await new Promise((resolve) => setImmediate(resolve));
      }
      process.kill(0, 'SIGINT');
      const { isolation, attempts } = await promise;
      return { heard, isolation, attempts, ...leftovers() };
    },
    { launcher: ['setsid', '--wait'] },
  );
  expect(result).toEqual({ heard: 1, isolation: 'fork', attempts: 1, children: [], partial: [] });
});
