'use strict';

/** What others do wrong, or take away, is an answer and never the end of the host. */

const fs = require('node:fs');
const path = require('node:path');
const { Readable } = require('node:stream');
const profiler = require('../..');
const { createService } = require('../../lib/service');
const { run } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');

const services = [];

function make(options, module = profiler) {
  const service = createService(module, { authorize: () => true, folder: path.join(tempFolder(), 'captures'), metrics: false, ...options });
  services.push(service);
  return service;
}

afterEach(() => services.splice(0).forEach((service) => service.close()));

const ask = (service, method, place) => {
  const [where, query] = place.split('?');
  return service.handle({ method, path: where, query: new URLSearchParams(query), headers: {}, remoteAddress: '127.0.0.1', signal: new AbortController().signal });
};
const errorOf = ({ body }) => JSON.parse(body).error;

test('turns that cannot be given back are no failure of the capture, nor of the process', async () => {
  const { code, stderr, report } = await run(async ({ main, report: tell, sleep }) => {
    const path = require('path');
    const { createService } = require(path.join(path.dirname(main), 'lib', 'service'));
    const turns = { take: async () => async () => { throw new Error('the agent has gone'); } };
    const service = createService(require(main), { authorize: () => true, folder: path.join(process.cwd(), 'captures'), metrics: false, turns });
    const request = { method: 'POST', headers: {}, signal: new AbortController().signal };
    const stored = await service.handle({ ...request, path: '/cpu-profile', query: new URLSearchParams('seconds=1&store=1') });
    const streamed = await service.handle({ ...request, path: '/heap-snapshot', query: new URLSearchParams() });
    streamed.body.resume();
    await require('events').once(streamed.body, 'close');
    await sleep(20);
    tell([stored.status, streamed.status]);
    service.close();
  });
  expect({ code, stderr, report }).toEqual({ code: 0, stderr: '', report: [201, 200] });
});

test('whatever authorize() or the profiler throws becomes an answer; strangers do not read it', async () => {
  const odd = [new Error('password of the database'), Object.create(null), { message: { toJSON() { throw new Error(); } } }, { message: 10n }, Symbol('x'), null,
    Object.assign(new Error('x'), { running: 10n, headroom: 10n, code: 5, retryAfterSeconds: '1\r\nset-cookie: x' })];
  for (const thrown of odd) {
    const events = [];
    const refusing = make({ authorize: () => { throw thrown; }, audit: (event) => events.push(event) });
    const refused = await ask(refusing, 'GET', '');
    expect([refused.status, refused.body.includes('password')]).toEqual([500, false]);
    expect(events).toEqual([expect.objectContaining({ status: 500, outcome: 'failed', error: thrown })]);

    const failing = make({}, { ...profiler, createHeapSnapshotStream: () => { throw thrown; } });
    const failed = await ask(failing, 'POST', '/heap-snapshot');
    expect([failed.status, typeof errorOf(failed).message, failed.headers['retry-after']]).toEqual([500, 'string', undefined]);
  }
});

test('captures that cannot begin leave no listeners, and no turn', async () => {
  const warnings = [];
  const hear = (warning) => warnings.push(warning.message);
  process.on('warning', hear);
  const service = make({ rate: { captures: 100 } }, { ...profiler, createHeapSnapshotStream: () => { throw new Error('no'); } });
  for (let begun = 0; begun < 15; begun += 1) expect((await ask(service, 'POST', '/heap-snapshot')).status).toBe(500);
  await new Promise(setImmediate);
  process.off('warning', hear);
  expect(warnings).toEqual([]);
  expect((await service.status()).running).toBe(null);
});

test('a stream that breaks before anybody listens is told to audit, and gives the turn back', async () => {
  const events = [];
  const broken = () => Object.assign(new Readable({ read() {} }), { isolation: 'fork' });
  let source;
  const service = make({ audit: (event) => events.push(event) }, { ...profiler, createHeapSnapshotStream: () => {
    source = broken();
    source.push('{');
    return source;
  } });
  const { body } = await ask(service, 'POST', '/heap-snapshot');
  expect((await service.status()).running).toMatchObject({ kind: 'heap-snapshot' });
  source.destroy(Object.assign(new Error('the child was killed'), { code: 'ERR_RS_PROFILER_FORK_FAILED' }));
  await new Promise((resolve) => body.once('close', resolve));
  expect(events).toEqual([expect.objectContaining({ outcome: 'aborted', code: 'ERR_RS_PROFILER_FORK_FAILED' })]);
  expect((await service.status()).running).toBe(null);
});

test('a profile that a client does not fetch keeps nobody waiting', async () => {
  const service = make();
  const { status, body } = await ask(service, 'POST', '/sampling-heap-profile?seconds=1');
  expect([status, (await service.status()).running]).toEqual([200, null]);
  body.destroy();
});

test('a folder that was cleaned away is made again, as private as before', async () => {
  const service = make();
  fs.rmdirSync(service.folder);
  expect((await ask(service, 'POST', '/sampling-heap-profile?seconds=1&store=1')).status).toBe(201);
  expect(fs.statSync(service.folder).mode & 0o777).toBe(0o700);
  fs.chmodSync(service.folder, 0o755);
  const refused = await ask(service, 'POST', '/sampling-heap-profile?seconds=1&store=1');
  expect([refused.status, errorOf(refused).code]).toEqual([500, 'ERR_RS_PROFILER_FOLDER']);
});
