'use strict';

/** What the Egg plugin does in a real application of two workers, started by Egg's own starter, over HTTP: the same tests for each Egg. */

const fs = require('node:fs');
const path = require('node:path');
const { TOKEN, startEgg } = require('./egg');

const PREFIX = '/debug/rs-profiler';
const RATE = { captures: 1000, perMs: 1000 };

/** Looks again and again, until the condition holds; Jest's time limit ends what never comes. */
async function until(condition) {
  for (;;) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ways to talk to an application. */
function talk(app) {
  const status = async (options) => (await app.get(PREFIX, options)).json();
  const api = async (method, args = [], options) => (await app.get(`/api?method=${method}&args=${encodeURIComponent(JSON.stringify(args))}`, options)).json();
  /** The names of the workers, when there are two. */
  const workers = (options) => until(async () => {
    const ids = (await status(options)).workers.map(({ worker }) => worker).filter((worker) => worker !== 'agent');
    return ids.length === 2 && ids;
  });
  const idle = (options) => until(async () => (await status(options)).running === null);
  const running = (options) => until(async () => (await status(options)).running);
  return { api, idle, running, status, workers };
}

/** What a profile was recorded in: Node names the thread's script or the file's name has the process. */
const files = (app) => fs.readdirSync(app.dumps).filter((name) => /\.(cpuprofile|heapprofile|heapsnapshot)(\.\w+)?$/.test(name)).sort();

/**
 * The tests of one Egg in one start mode.
 * @param {{ framework: string, threads: boolean, plugin?: string, full?: boolean, survives?: boolean }} options see helpers/egg.js;
 *   `full`: also what takes its time and is the same everywhere; `survives`: workers and agent are ended meanwhile
 */
function describeEgg({ framework, threads, plugin, full = false, survives = false }) {
  let app;
  let talks;

  beforeAll(async () => {
    app = await startEgg({ framework, threads, plugin, config: { rate: RATE, schedule: { interval: '1s' }, retention: { maxCount: 8 } } });
    talks = talk(app);
  });
  afterAll(() => app?.stop());

  test('says who the workers are, and what is running', async () => {
    const { running, worker, workers, captures } = await talks.status();
    expect(running).toBe(null);
    expect(captures).toEqual([]);
    expect(workers.map((row) => row.answers)).toEqual([true, true, true]);
    expect(workers.map((row) => row.worker)).toContain(worker);
    for (const { rss, heapUsed, utilization } of workers) {
      expect(heapUsed).toBeGreaterThan(1e6);
      expect(rss).toBeGreaterThan(heapUsed);
      expect(utilization).toBeGreaterThanOrEqual(0);
    }
  });

  test('streams a profile of any worker, whoever gets the request', async () => {
    const ids = await talks.workers();
    for (const worker of full ? ids : ids.slice(1)) {
      const { status, headers, json } = await app.post(`${PREFIX}/cpu-profile?seconds=1&worker=${worker}`);
      expect([status, headers['x-rs-profiler-worker']]).toEqual([200, worker]);
      expect(headers['content-disposition']).toMatch(/^attachment; filename="cpu-profile-/);
      expect(json().nodes[0].callFrame.functionName).toBe('(root)');
    }
    // Nothing of a download stays.
    expect(files(app)).toEqual([]);
  });

  if (full) {
    test('stores captures of all workers, one after the other, and hands them out', async () => {
      const ids = await talks.workers();
      const { status, json } = await app.post(`${PREFIX}/sampling-heap-profile?seconds=1&worker=all`);
      expect(status).toBe(201);
      const { captures } = json();
      expect(captures.map(({ worker }) => worker).sort()).toEqual([...ids].sort());
      for (const { name, bytes, path: file } of captures) {
        expect(file).toBe(undefined);
        const download = await app.get(`${PREFIX}/captures/${name}`);
        expect(download.text.length).toBe(bytes);
        expect(download.json().head.callFrame.functionName).toBe('(root)');
      }
      expect(files(app)).toEqual(captures.map(({ name }) => name).sort());
    });
  }

  test('one worker at a time: others are refused, and told what is running', async () => {
    const [first, second] = await talks.workers();
    const client = new AbortController();
    const long = app.post(`${PREFIX}/cpu-profile?seconds=100&worker=${first}`, { signal: client.signal }).catch((error) => error.name);
    await talks.running();
    for (const query of [`seconds=1&worker=${second}`, 'seconds=1', 'seconds=1&worker=all']) {
      const { status, json } = await app.post(`${PREFIX}/cpu-profile?${query}`);
      expect(status).toBe(409);
      expect(json().error).toMatchObject({ code: 'ERR_RS_PROFILER_BUSY', running: { kind: 'cpu-profile', worker: first } });
    }
    // A client that leaves ends its capture, on whatever worker it is.
    client.abort();
    expect(await long).toBe('AbortError');
    await talks.idle();
  });

  if (full) {
    test('the API of the application does the same', async () => {
      const ids = await talks.workers();
      const [own] = await talks.api('capture', ['cpu-profile', { seconds: 1 }]);
      expect(ids).toContain(own.worker);
      expect(fs.statSync(own.path)).toMatchObject({ size: own.bytes });
      expect(fs.statSync(own.path).mode & 0o777).toBe(0o600);
      const [row] = await talks.api('capture', ['heap-snapshot', { worker: 'agent', compress: 'gzip' }]);
      expect(row).toMatchObject({ worker: 'agent', kind: 'heap-snapshot', name: expect.stringMatching(/\.heapsnapshot\.gz$/) });
      expect((await talks.api('captures')).map(({ name }) => name)).toEqual(expect.arrayContaining([row.name, path.basename(own.path)]));
    });
  }

  test('metrics are those of all workers, each with its label', async () => {
    const ids = await talks.workers();
    await Promise.all(Array.from({ length: 8 }, () => app.get('/who', { at: 0 })));
    const { status, headers, text } = await app.get(`${PREFIX}/metrics`);
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    for (const worker of ids) expect(text).toMatch(new RegExp(`^process_resident_memory_bytes\\{worker="${worker}"\\} \\d+$`, 'm'));
    expect(text).toMatch(/^http_server_request_duration_seconds_count\{.*http_route="\/who",worker="\d+"\} \d+$/m);
    expect(text.match(/^# TYPE process_resident_memory_bytes /gm)).toHaveLength(1);
    // The application's own, in prom-client.
    for (const worker of ids) {
      expect(text).toContain(`\norders_total{kind="book",worker="${worker}"} 3\n`);
      expect(text).toContain(`\norder_seconds_bucket{le="1",worker="${worker}"} 1\n`);
    }
    // Prometheus wants each line once.
    const samples = text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(samples).size).toBe(samples.length);
    expect(fs.readdirSync(app.dumps).filter((name) => name.startsWith('metrics'))).toEqual([]);
  });

  test('only small messages go between the processes', async () => {
    const { longestMessage } = (await app.get('/who')).json();
    expect(longestMessage).toBeGreaterThan(0);
    expect(longestMessage).toBeLessThan(4096);
  });

  if (full) {
    test('a schedule removes what is not kept', async () => {
      const old = Array.from({ length: 10 }, (_, at) => `cpu-profile-20200101T00000${at}Z-1-0123456789ab.cpuprofile`);
      for (const name of old) {
        fs.writeFileSync(path.join(app.dumps, name), '{}');
        fs.utimesSync(path.join(app.dumps, name), 1e9, 1e9);
      }
      await until(() => files(app).length <= 8 && !files(app).includes(old[0]));
    });
  }

  if (survives) {
    test('a worker that dies during its capture frees the turn', async () => {
      const [first, second] = await talks.workers();
      const at = threads ? 1 : 0;
      // In the threads' mode each has a port: the request goes to the one that lives on.
      const [doomed, other] = threads ? [first, second].sort() : [first, second];
      const captured = app.post(`${PREFIX}/cpu-profile?seconds=100&worker=${doomed}&store`, { at }).then(({ status, json }) => [status, json().error.code], (error) => [error.code]);
      await talks.running({ at });
      await app.get(`/die?worker=${doomed}`, { at });
      // In the processes' mode the request itself may have been with the one that died.
      expect([[503, 'ERR_RS_PROFILER_WORKER_GONE'], ['ECONNRESET']]).toContainEqual(await captured);
      await talks.idle({ at });
      const { status } = await app.post(`${PREFIX}/cpu-profile?seconds=1&worker=${other}`, { at });
      expect(status).toBe(200);
      const now = await talks.workers({ at });
      expect(now).not.toContain(doomed);
    });

    test('an agent that dies is followed by one that knows who holds the turn', async () => {
      const at = threads ? 1 : 0;
      const client = new AbortController();
      const own = app.post(`${PREFIX}/cpu-profile?seconds=100`, { at, signal: client.signal }).catch((error) => error.name);
      const { since } = await talks.running({ at });
      await app.get('/die?worker=agent', { at });
      const running = await until(async () => {
        const answer = await app.get(PREFIX, { at });
        return answer.status === 200 && answer.json().running;
      });
      expect(running).toMatchObject({ kind: 'cpu-profile' });
      expect(Date.parse(running.since) - Date.parse(since)).toBeLessThan(1000);
      expect((await app.post(`${PREFIX}/cpu-profile?seconds=1&worker=all`, { at })).status).toBe(409);
      client.abort();
      expect(await own).toBe('AbortError');
      await talks.idle({ at });
      expect((await app.post(`${PREFIX}/cpu-profile?seconds=1`, { at })).status).toBe(200);
    });
  }

  test('who has no token learns nothing; the token is in no file of Egg', async () => {
    const { status, headers } = await app.get(PREFIX, { token: 'x'.repeat(40) });
    expect([status, headers['x-rs-profiler-worker']]).toEqual([401, undefined]);
    expect((await app.post(`${PREFIX}/heap-snapshot?worker=all`, { token: null })).status).toBe(401);
    const dumped = fs.readdirSync(path.join(app.baseDir, 'run')).map((name) => fs.readFileSync(path.join(app.baseDir, 'run', name), 'utf8'));
    expect(dumped.some((text) => text.includes('rsProfiler'))).toBe(true);
    expect(dumped.filter((text) => text.includes(TOKEN))).toEqual([]);
    expect(app.output()).not.toContain(TOKEN);
  });

  test('a worker that is not there is not found', async () => {
    const { status, json } = await app.post(`${PREFIX}/cpu-profile?worker=999999999`);
    expect([status, json().error.code]).toEqual([404, 'ERR_RS_PROFILER_NO_SUCH_WORKER']);
  });
}

module.exports = { PREFIX, RATE, describeEgg, files, talk, until };
