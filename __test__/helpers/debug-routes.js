'use strict';

/** What the debug routes do, in whatever framework: the same tests for each, on the framework's example. */

const fs = require('node:fs');
const path = require('node:path');
const autocannon = require('autocannon');
const { openCpuProfile, openHeapSnapshot } = require('../..');
const { ExampleService } = require('./example-service');
const { tempFolder } = require('./temp-folder');

/** Some load for as long as `work` takes, so that the child has time as well; every answer has to be one. */
async function underLoad(url, work) {
  const load = autocannon({ url, connections: 2, duration: 600, overallRate: 50 });
  const ended = new Promise((resolve) => load.once('done', resolve));
  try {
    return await work();
  } finally {
    load.stop();
    const { non2xx, errors, timeouts, '2xx': answered } = await ended;
    expect({ non2xx, errors, timeouts }).toEqual({ non2xx: 0, errors: 0, timeouts: 0 });
    expect(answered).toBeGreaterThan(0);
  }
}

/**
 * The tests of one framework.
 * @param {string} script the example, below the package's folder
 * @param {string} template how this framework writes the route /sessions/:user
 */
function describeDebugRoutes(script, template) {
  let folder;
  let service;

  beforeAll(async () => {
    folder = path.join(tempFolder(), 'captures');
    service = await ExampleService.start(script, { folder });
  });

  afterAll(async () => {
    expect(await service.stop()).toEqual({ code: 0, signal: null, stderr: '' });
  });

  const capturesOnDisk = () => fs.readdirSync(folder).filter((name) => name !== 'capture.lock');

  test('nobody gets in without the token', async () => {
    for (const authorization of [undefined, 'Bearer wrong-wrong-wrong-wrong', 'Bearer', 'Basic eDp3cm9uZw==']) {
      const headers = authorization ? { authorization } : {};
      for (const [method, place] of [['GET', ''], ['POST', '/heap-snapshot'], ['GET', '/metrics'], ['GET', '/nothing']]) {
        const { status, headers: answered } = await service.debug(method, place, { headers });
        expect([status, answered['www-authenticate']]).toEqual([401, expect.stringContaining('Bearer')]);
      }
    }
    const basic = { authorization: `Basic ${Buffer.from('anybody:a-token-for-tests-only').toString('base64')}` };
    expect((await service.debug('GET', '', { headers: basic })).status).toBe(200);
    const foreign = { ...basic, origin: 'https://elsewhere.example' };
    expect((await service.debug('POST', '/cpu-profile?seconds=1', { headers: foreign })).status).toBe(403);
    expect(capturesOnDisk()).toEqual([]);
  });

  test('the status says what works, what runs and what there is', async () => {
    const { status, json, headers } = await service.debug('GET', '');
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(json).toEqual({ running: null, captures: [], limits: expect.objectContaining({ maxSeconds: 120 }), capabilities: expect.anything() });
    expect(json.capabilities.capture.available).toBe(true);
  });

  test('a heap snapshot is streamed from a forked child while the service answers', async () => {
    const { status, headers, body } = await underLoad(`${service.url}/checksum/ann`, () => service.ask('POST', '/debug/rs-profiler/heap-snapshot'));
    expect(status).toBe(200);
    expect(headers['x-rs-profiler-isolation']).toBe('fork');
    expect(headers['content-disposition']).toMatch(/^attachment; filename="heap-snapshot-[\w.-]+\.heapsnapshot"$/);
    const analysis = await openHeapSnapshot(body);
    expect((await analysis.summary()).nodes).toBeGreaterThan(10_000);
    analysis.close();
    expect(capturesOnDisk()).toEqual([]);
  });

  test('stored captures are listed, downloaded, reported and removed; their files are private', async () => {
    const first = await service.debug('POST', '/heap-snapshot?store=1&compress=zstd&stableIds=1');
    expect([first.status, first.headers.location]).toEqual([201, `captures/${first.json.name}`]);
    expect(first.json).not.toHaveProperty('path');
    await autocannon({ url: `${service.url}/sessions/bob`, connections: 2, amount: 1000 });
    const { json: profile } = await service.debug('POST', '/cpu-profile?seconds=1&store');
    expect(profile.samples).toBeGreaterThan(0);
    const second = await service.debug('POST', '/heap-snapshot?store=1&compress=gzip&stableIds=1');
    const redacted = await service.debug('POST', '/heap-snapshot?store=1&redact=strings');
    expect(redacted.json.redacted.blanked).toBeGreaterThan(0);

    const { captures } = (await service.debug('GET', '')).json;
    expect(captures.map(({ kind }) => kind)).toEqual(['heap-snapshot', 'heap-snapshot', 'cpu-profile', 'heap-snapshot']);
    for (const { name, bytes } of captures) {
      const stats = fs.statSync(path.join(folder, name));
      expect([stats.mode & 0o777, stats.size]).toEqual([0o600, bytes]);
      const { status, body } = await service.ask('GET', `/debug/rs-profiler/captures/${name}`);
      expect([status, body.length]).toEqual([200, bytes]);
      const head = await service.ask('HEAD', `/debug/rs-profiler/captures/${name}`);
      expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(bytes), 0]);
    }
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);

    const report = await service.ask('GET', `/debug/rs-profiler/report/${second.json.name}?base=${first.json.name}`);
    expect([report.status, report.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(report.body.toString('utf8')).toMatch(/The Map sessions in [^ ]*work\.js holds/);
    // Two forked snapshots, and yet by id.
    expect(report.body.toString('utf8')).toContain('"matchedBy":"id"');

    for (const { name } of captures) {
      expect((await service.debug('DELETE', `/captures/${name}`)).json).toEqual({ removed: name });
      expect((await service.debug('GET', `/captures/${name}`)).status).toBe(404);
    }
    expect(capturesOnDisk()).toEqual([]);
  });

  test('one capture at a time on this host, whichever process is asked', async () => {
    const other = await ExampleService.start(script, { folder });
    try {
      const running = service.ask('POST', '/debug/rs-profiler/cpu-profile?seconds=2');
      const { running: shown } = await other.until(({ running: now }) => now !== null);
      expect(shown).toEqual({ kind: 'cpu-profile', pid: service.child.pid, since: expect.any(String) });
      for (const asked of [service, other]) {
        const { status, json } = await asked.debug('POST', '/heap-snapshot');
        expect([status, json.error.code, json.error.running]).toEqual([409, 'ERR_RS_PROFILER_BUSY', shown]);
      }
      const { status, headers, body } = await running;
      expect([status, headers['content-type']]).toEqual([200, 'application/json']);
      const analysis = await openCpuProfile(body);
      expect((await analysis.top()).length).toBeGreaterThan(0);
      analysis.close();
    } finally {
      await other.stop();
    }
  });

  test('a client that goes away ends its capture, and leaves nothing', async () => {
    const client = new AbortController();
    const gone = service.ask('POST', '/debug/rs-profiler/cpu-profile?seconds=100', { signal: client.signal });
    await service.until(({ running }) => running !== null);
    client.abort();
    await expect(gone).rejects.toThrow();
    await service.until(({ running }) => running === null);
    expect(capturesOnDisk()).toEqual([]);
  });

  test('what is no route, no name or no number gets an answer that says so', async () => {
    const cases = [
      ['POST', '/cpu-profile?seconds=0', 400], ['POST', '/cpu-profile?seconds=1e3', 400], ['POST', '/cpu-profile?seconds=121', 400],
      ['POST', '/heap-snapshot?compress=zip', 400], ['POST', '/heap-snapshot?redact=everything', 400],
      ['GET', '/heap-snapshot', 405], ['PUT', '/cpu-profile', 405], ['POST', '', 405],
      ['GET', '/captures/..%2F..%2Fpackage.json', 404], ['GET', '/captures/capture.lock', 404], ['DELETE', '/captures/package.json', 404],
      ['GET', '/report/x', 404], ['GET', '/captures/a/b', 404], ['GET', '/other', 404],
    ];
    for (const [method, place, expected] of cases) {
      const { status, json } = await service.debug(method, place);
      expect([method, place, status]).toEqual([method, place, expected]);
      expect(json.error.message).toMatch(/\.$/);
    }
    const { status } = await service.ask('GET', '/debug/rs-profilers');
    expect(status).toBe(404);
  });

  test('a body that is sent along is no matter', async () => {
    const options = { headers: { authorization: 'Bearer a-token-for-tests-only', 'content-type': 'application/json' }, body: '{"broken' };
    expect((await service.debug('POST', '/cpu-profile?seconds=0', options)).status).toBe(400);
  });

  test('metrics tell routes apart by their templates, as an object for Prometheus', async () => {
    for (const user of ['ann', 'bob', 'cid']) expect((await service.ask('GET', `/sessions/${user}`)).status).toBe(200);
    const { status, body, headers } = await service.ask('GET', '/debug/rs-profiler/metrics');
    const text = body.toString('utf8');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain; version=0.0.4')]);
    expect(text).toContain(`http_route="${template}"`);
    expect(text).not.toContain('/sessions/ann');
    for (const name of ['nodejs_eventloop_lag_p99_seconds', 'nodejs_heap_space_size_used_bytes', 'nodejs_gc_duration_seconds', 'process_resident_memory_bytes']) {
      expect(text).toMatch(new RegExp(`^${name}[ _{]`, 'm'));
    }
  });

  test('captures are limited in number', async () => {
    let answer;
    for (let begun = 0; begun < 11; begun += 1) {
      answer = await service.debug('POST', '/sampling-heap-profile?seconds=1&store=1');
      if (answer.status !== 201) break;
    }
    expect([answer.status, answer.json.error.code]).toEqual([429, 'ERR_RS_PROFILER_RATE']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await service.debug('GET', '')).json.running).toBe(null);
  });
}

module.exports = { describeDebugRoutes };
