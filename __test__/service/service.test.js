'use strict';

/** The service as code uses it: requests without a server. */

const fs = require('node:fs');
const path = require('node:path');
const profiler = require('../..');
const { createService } = require('../../lib/service');
const { tempFolder } = require('../helpers/temp-folder');

const services = [];

function make(options, from = profiler) {
  const service = createService(from, { authorize: () => true, folder: path.join(tempFolder(), 'captures'), metrics: false, ...options });
  services.push(service);
  return service;
}

afterEach(() => services.splice(0).forEach((service) => service.close()));

const ask = (service, method, place, { signal = new AbortController().signal, ...rest } = {}) => {
  const [where, query] = place.split('?');
  return service.handle({ method, path: where, query: new URLSearchParams(query), headers: {}, remoteAddress: '127.0.0.1', signal, ...rest });
};
const jsonOf = ({ body }) => JSON.parse(body);

test('captures by call, as by request: stored, one at a time, by retention', async () => {
  const service = make({ retention: { maxCount: 2 } });
  for (let i = 0; i < 3; i += 1) {
    const { name, path: file, bytes } = await service.capture('sampling-heap-profile', { seconds: '1' });
    expect([path.join(service.folder, name), fs.statSync(file).size]).toEqual([file, bytes]);
  }
  expect((await service.status()).captures).toHaveLength(2);
  const running = service.capture('cpu-profile', { seconds: '1' });
  await expect(service.capture('cpu-profile', { seconds: '1' })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_BUSY' });
  await running;
  await expect(service.capture('core-dump')).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  expect(() => service.metrics()).toThrow(/metrics/);
});

test('an option that does not exist is refused at the start: it may be a protection that is misspelled', () => {
  const refused = expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  for (const options of [{ redact: 'strings' }, { heapSnapshot: { redakt: 'strings' } }, { heapSnapshot: { redact: 'string' } }, { rate: { capture: 1 } }]) {
    expect(() => make(options)).toThrow(refused);
  }
  make({ prefix: '/debug', heapSnapshot: { redact: { keep: [/x/], keys: true } } });
});

test('what is too old goes when the service starts', async () => {
  const folder = path.join(tempFolder(), 'captures');
  fs.mkdirSync(folder, { mode: 0o700 });
  const names = [1, 2].map((at) => `cpu-profile-20200101T00000${at}Z-1-0123456789ab.cpuprofile`);
  for (const name of names) fs.writeFileSync(path.join(folder, name), '{}');
  for (const [at, name] of names.entries()) fs.utimesSync(path.join(folder, name), 1e9 + at, 1e9 + at);
  make({ folder });
  while (fs.readdirSync(folder).length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
  // The newest stays.
  expect(fs.readdirSync(folder)).toEqual([names[1]]);
});

test('a redaction that the service asks for cannot be switched off', async () => {
  const service = make({ heapSnapshot: { redact: 'strings' } });
  const refused = await ask(service, 'POST', '/heap-snapshot?redact=none');
  expect([refused.status, jsonOf(refused).error.code]).toEqual([400, 'ERR_RS_PROFILER_INVALID_ARGUMENT']);
});

test('object ids are made stable where the service or the request says so, and the request has the last word', async () => {
  const asked = [];
  const writeHeapSnapshot = async (file, { stableIds }) => {
    asked.push(stableIds);
    fs.writeFileSync(file, '{}');
    return { path: file, bytes: 2 };
  };
  for (const heapSnapshot of [{}, { stableIds: true }]) {
    const service = make({ heapSnapshot }, { ...profiler, writeHeapSnapshot });
    for (const query of ['store', 'store&stableIds', 'store&stableIds=1', 'store&stableIds=0']) {
      expect((await ask(service, 'POST', `/heap-snapshot?${query}`)).status).toBe(201);
    }
    await service.capture('heap-snapshot', { stableIds: 'true' });
  }
  expect(asked).toEqual([false, true, true, false, true, true, true, true, false, true]);
  expect(() => make({ heapSnapshot: { stableIds: 'yes' } })).toThrow(/stableIds/);
});

test('what is too large is given up, and no file remains', async () => {
  const service = make({ maxBytes: 1000 });
  const { status, body } = await ask(service, 'POST', '/cpu-profile?seconds=1&store=1');
  const { error } = JSON.parse(body);
  expect([status, error?.code]).toEqual([507, 'ERR_RS_PROFILER_TOO_LARGE']);
  expect((await service.status()).captures).toEqual([]);
});

test('audit hears of every request, whatever it does itself', async () => {
  const events = [];
  const service = make({
    authorize: (context) => context !== 'stranger',
    audit(event) {
      events.push(event);
      throw new Error('the log is full');
    },
  });
  await ask(service, 'GET', '');
  await ask(service, 'GET', '', { context: 'stranger' });
  await ask(service, 'POST', '/cpu-profile?seconds=nine');
  await ask(service, 'POST', '/sampling-heap-profile?seconds=1&store=1');
  expect(events.map(({ action, outcome, status }) => [action, outcome, status])).toEqual([
    ['GET /', 'done', 200], ['GET /', 'refused', 403], ['POST /cpu-profile', 'refused', 400], ['POST /sampling-heap-profile', 'done', 201],
  ]);
  expect(events[3]).toEqual(expect.objectContaining({ name: expect.stringContaining('.heapprofile'), remoteAddress: '127.0.0.1', durationMs: expect.any(Number) }));
  const rejecting = make({ audit: async () => { throw new Error('later'); } });
  expect((await ask(rejecting, 'GET', '')).status).toBe(200);
});

test('turns can be somebody else\'s', async () => {
  const taken = [];
  const turns = { take: async ({ kind }) => { taken.push(kind); return () => taken.push('released'); } };
  const service = make({ turns });
  expect((await ask(service, 'POST', '/sampling-heap-profile?seconds=1&store=1')).status).toBe(201);
  expect(taken).toEqual(['sampling-heap-profile', 'released']);
  const { running } = await service.status();
  expect(running).toBe(null);
});

test('what authorize() throws is an answer, not a crash', async () => {
  for (const thrown of [new Error('no database'), 'text', null, undefined]) {
    const service = make({ authorize: () => { throw thrown; } });
    const { status, body } = await ask(service, 'GET', '');
    expect(status).toBe(500);
    expect(typeof JSON.parse(body).error.message).toBe('string');
  }
});

test('closing ends a capture', async () => {
  const service = make();
  const running = ask(service, 'POST', '/cpu-profile?seconds=100&store=1');
  while ((await service.status()).running === null) await new Promise((resolve) => setTimeout(resolve, 10));
  service.close();
  expect((await running).status).toBe(500);
  expect(fs.readdirSync(service.folder)).toEqual([]);
});
