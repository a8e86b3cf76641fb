'use strict';

/** What a service measures of itself. */

const promClient = require('prom-client');
const { Durations } = require('../../lib/service/metrics/durations');
const { Metrics } = require('../../lib/service/metrics');
const { OTHER, Requests } = require('../../lib/service/metrics/requests');

test('quantiles are those of all values, to a sixteenth, from 16 microseconds on', () => {
  const durations = new Durations();
  const values = [];
  let state = 1;
  for (let i = 0; i < 20_000; i += 1) {
    state = (state * 48271) % 0x7fffffff;
    const ms = 0.02 * 10 ** ((state / 0x7fffffff) * 6);
    values.push(ms);
    durations.record(ms);
  }
  values.sort((a, b) => a - b);
  for (const share of [0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1]) {
    const exact = values[Math.max(Math.ceil(values.length * share) - 1, 0)];
    expect(Math.abs(durations.quantile(share) / exact - 1)).toBeLessThan(1 / 15);
  }
  expect(durations.count).toBe(20_000);
  expect(durations.sum).toBeCloseTo(values.reduce((sum, each) => sum + each, 0), 3);
  for (const [bound, count] of durations.cumulative()) expect(count).toBe(values.filter((ms) => ms <= bound * 1000).length);
});

test('odd durations stay in the histogram', () => {
  const durations = new Durations();
  expect(durations.summary()).toEqual({ count: 0, meanMs: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
  for (const ms of [0, 0.0001, 1e9]) durations.record(ms);
  expect(durations.count).toBe(3);
  expect(durations.quantile(0.5)).toBe(0);
  expect(durations.quantile(1)).toBeGreaterThan(60_000);
});

test('requests are counted while they run, by route, method and status', () => {
  const requests = new Requests(100);
  const [one, two] = [requests.begin(), requests.begin()];
  expect(requests.snapshot()).toMatchObject({ active: 2, count: 0, routes: [] });
  requests.end(one, 'GET', 200, '/users/:id');
  requests.end(two, 'GET', 500, '/users/:id');
  requests.end(requests.begin(), 'MAKEBELIEVE', 404, undefined);
  const { active, count, failed, routes } = requests.snapshot();
  expect({ active, count, failed }).toEqual({ active: 0, count: 3, failed: 1 });
  expect(routes.map(({ route, method, status, count: each }) => [route, method, status, each])).toEqual(
    [['/users/:id', 'GET', 200, 1], ['/users/:id', 'GET', 500, 1], [OTHER, '_OTHER', 404, 1]]);
});

test('made-up routes do not grow without end', () => {
  const requests = new Requests(10);
  for (let i = 0; i < 1000; i += 1) requests.end(requests.begin(), 'GET', 200, `/${i}`);
  const { routes, count } = requests.snapshot();
  expect(routes).toHaveLength(11);
  expect(routes.find(({ route }) => route === OTHER).count).toBe(990);
  expect(count).toBe(1000);
});

describe('the text for Prometheus', () => {
  /** Families of a text, as a scraper reads them. */
  function parse(text) {
    const samples = {};
    for (const line of text.split('\n').filter((each) => each && !each.startsWith('#'))) {
      const [, name, , labels = '', value] = /^([a-z_0-9]+)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
      expect([line, name]).toEqual([line, expect.any(String)]);
      // prom-client's own, of an event loop that was not looked at yet.
      expect([line, Number.isNaN(Number(value)) && value !== 'Nan']).toEqual([line, false]);
      (samples[name] ??= []).push({ labels, value: Number(value) });
    }
    return samples;
  }

  afterEach(() => promClient.register.clear());

  test('is ours without prom-client, and that of its registry with it, of the same families', async () => {
    const alone = new Metrics({ promClient: false });
    const together = new Metrics({ promClient });
    for (const metrics of [alone, together]) metrics.end(metrics.begin(), 'GET', 200, '/a"b\\c');
    const texts = [await alone.text(), await together.text()];
    const [own, theirs] = texts.map(({ body }) => parse(body));
    expect(Object.keys(theirs).sort()).toEqual(Object.keys(own).sort());
    for (const samples of [own, theirs]) {
      expect(samples.http_server_request_duration_seconds_count).toEqual([{ value: 1, labels: expect.stringContaining('http_route="/a\\"b\\\\c"') }]);
      expect(samples.process_resident_memory_bytes[0].value).toBeGreaterThan(1e6);
    }
    alone.close();
    together.close();
    expect(await promClient.register.metrics()).toBe('\n');
  });

  test.each([['before'], ['after']])('leaves the default metrics of the application alone that come %s it', async (when) => {
    if (when === 'before') promClient.collectDefaultMetrics();
    const metrics = new Metrics({ promClient });
    if (when === 'after') promClient.collectDefaultMetrics();
    metrics.end(metrics.begin(), 'GET', 200, '/x');
    const { body } = await metrics.text();
    expect(body.match(/^# TYPE nodejs_heap_size_used_bytes /gm)).toHaveLength(1);
    expect(parse(body).http_server_request_duration_seconds_count[0].value).toBe(1);
    metrics.close();
    expect(await promClient.register.metrics()).toContain('nodejs_heap_size_used_bytes');
  });
});

describe('a registry of prom-client that is shared', () => {
  afterEach(() => promClient.register.clear());
  const routesOf = async (metrics) => [...(await metrics.text()).body.matchAll(/_count\{[^}]*http_route="([^"]+)"/g)].map(([, route]) => route);

  test('shows the first service that is open', async () => {
    const [first, second, third] = [1, 2, 3].map(() => new Metrics({ promClient }));
    [first, second, third].forEach((metrics, at) => metrics.end(metrics.begin(), 'GET', 200, `/${at + 1}`));
    second.close();
    expect(await routesOf(first)).toEqual(['/1']);
    first.close();
    expect(await routesOf(third)).toEqual(['/3']);
    third.close();
    third.close();
    expect(await promClient.register.metrics()).toBe('\n');
  });

  test('of OpenMetrics ends with its mark, once', async () => {
    const registry = new promClient.Registry(promClient.Registry.OPENMETRICS_CONTENT_TYPE);
    new promClient.Gauge({ name: 'mine', help: 'Mine.', registers: [registry] }).set(5);
    const metrics = new Metrics({ promClient: { register: registry } });
    const { body, type } = await metrics.text();
    expect(type).toBe(promClient.Registry.OPENMETRICS_CONTENT_TYPE);
    expect(body.match(/# EOF/g)).toHaveLength(1);
    expect(body).toMatch(/^mine 5$[^]*^nodejs_heap_size_used_bytes \d+$[^]*\n# EOF\n$/m);
    metrics.close();
  });
});

test('the object has the event loop, collections, memory, heap spaces and handles', () => {
  const metrics = new Metrics({ promClient: false });
  const { eventLoop, gc, memory, heapSpaces, handles, requests, uptimeSeconds } = metrics.snapshot();
  expect(eventLoop.delay).toEqual({ minMs: 0, maxMs: 0, meanMs: 0, stddevMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0 });
  expect(eventLoop.utilization).toBeGreaterThanOrEqual(0);
  expect(Object.keys(gc)).toEqual(expect.arrayContaining(['major', 'minor', 'incremental', 'weakcb']));
  expect(memory.heapLimit).toBeGreaterThan(memory.heapUsed);
  expect(heapSpaces.map(({ name }) => name)).toContain('old_space');
  expect(typeof handles).toBe('object');
  expect(requests.count).toBe(0);
  expect(uptimeSeconds).toBeGreaterThan(0);
  metrics.close();
});
