'use strict';

/** Who may use the debug routes. */

const { judge } = require('../../lib/service/guard');
const { createService } = require('../../lib/service');
const profiler = require('../..');

const TOKEN = 'a-token-of-some-length';
const open = { tokens: [], loopbackOnly: false };
const request = (headers = {}, rest = {}) => ({ method: 'GET', headers: { host: 'localhost:3000', ...headers }, remoteAddress: '127.0.0.1', ...rest });
const statusOf = async (access, asked) => (await judge({ ...open, ...access }, asked))?.status ?? 'passed';

describe('a service says at its start who may use it', () => {
  test.each([[undefined], [{}], [{ loopbackOnly: false }], [{ token: 'short' }], [{ token: [] }], [{ token: 5 }], [{ authorize: 'all' }]])('%j is refused', (options) => {
    expect(() => createService(profiler, options)).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' }));
  });

  test('what is off needs none, and has no routes', async () => {
    const service = createService(profiler, { enabled: false });
    expect(await service.handle({ ...request(), path: '', query: new URLSearchParams() })).toBe(null);
    service.close();
  });
});

describe('tokens', () => {
  const access = { tokens: [TOKEN, 'another-token-that-comes'] };

  test('as Bearer, as the password of Basic, any of several', async () => {
    expect(await statusOf(access, request({ authorization: `Bearer ${TOKEN}` }))).toBe('passed');
    expect(await statusOf(access, request({ authorization: `bearer ${access.tokens[1]}` }))).toBe('passed');
    const basic = (text) => request({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    expect(await statusOf(access, basic(`anybody:${TOKEN}`))).toBe('passed');
    expect(await statusOf(access, basic('anybody:'))).toBe(401);
  });

  test('nothing else', async () => {
    for (const authorization of [undefined, '', TOKEN, 'Bearer', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Digest ${TOKEN}`, 'Bearer \u00e4']) {
      expect([authorization, await statusOf(access, request({ authorization }))]).toEqual([authorization, 401]);
    }
  });
});

describe('authorize', () => {
  test('only true lets in; what it throws lets nobody in, and is for audit alone', async () => {
    for (const [result, expected] of [[true, 'passed'], [false, 403], [undefined, 403], ['yes', 403], [Promise.resolve(true), 'passed'], [Promise.resolve(1), 403]]) {
      expect(await statusOf({ authorize: () => result }, request())).toBe(expected);
    }
    const error = new Error('no database');
    for (const authorize of [() => { throw error; }, () => Promise.reject(error)]) {
      expect(await judge({ ...open, authorize }, request())).toEqual({ status: 500, message: expect.not.stringContaining('database'), error });
    }
  });

  test('with a token, both have to agree; it gets the context', async () => {
    const seen = [];
    const access = { tokens: [TOKEN], authorize: (context) => seen.push(context) > 0 };
    expect(await statusOf(access, request({}, { context: 'ctx' }))).toBe(401);
    expect(await statusOf(access, request({ authorization: `Bearer ${TOKEN}` }, { context: 'ctx' }))).toBe('passed');
    expect(seen).toEqual(['ctx']);
  });
});

describe('loopbackOnly', () => {
  const access = { loopbackOnly: true };

  test('this machine, by its own names', async () => {
    for (const remoteAddress of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1']) {
      for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1:3000', '[::1]:3000']) {
        expect(await statusOf(access, request({ host }, { remoteAddress }))).toBe('passed');
      }
    }
  });

  test('nobody else, no name that was made to lead here, nothing that came through a proxy', async () => {
    for (const remoteAddress of ['10.0.0.1', '::ffff:10.0.0.1', '128.0.0.1', '1127.0.0.1', '', undefined]) {
      expect(await statusOf(access, request({}, { remoteAddress }))).toBe(404);
    }
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', undefined]) {
      expect(await statusOf(access, request({ host }))).toBe(404);
    }
    expect(await statusOf(access, request({ host: undefined, ':authority': 'localhost:3000' }))).toBe('passed');
    expect(await statusOf(access, request({ host: undefined, ':authority': 'evil.example' }))).toBe(404);
    for (const header of ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']) expect(await statusOf(access, request({ [header]: 'x' }))).toBe(404);
  });
});

test('loopbackOnly: not what a proxy sends that adds no header, in the HTTP that nobody else speaks', async () => {
  expect(await statusOf({ loopbackOnly: true }, request({}, { httpVersion: '1.0' }))).toBe(404);
  expect(await statusOf({ authorize: () => true }, request({}, { httpVersion: '1.0' }))).toBe('passed');
});

test('pages of other sites may not read, where CORS of the application would let them, but be followed from', async () => {
  const access = { authorize: () => true };
  expect(await statusOf(access, request({ origin: 'https://elsewhere.example' }))).toBe(403);
  expect(await statusOf(access, request({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }))).toBe(403);
  expect(await statusOf(access, request({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }))).toBe('passed');
  expect(await statusOf(access, request({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }))).toBe('passed');
  expect(await statusOf(access, request({ origin: 'http://localhost:3000' }))).toBe('passed');
});

test('pages of other sites may not change anything', async () => {
  const access = { authorize: () => true };
  const post = (headers) => statusOf(access, request(headers, { method: 'POST' }));
  expect(await post({})).toBe('passed');
  expect(await post({ origin: 'http://localhost:3000' })).toBe('passed');
  expect(await post({ origin: 'http://localhost:3001' })).toBe(403);
  expect(await post({ origin: 'null' })).toBe(403);
  expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await post({ 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await post({ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' })).toBe('passed');
  expect(await post({ 'sec-fetch-site': 'none' })).toBe('passed');
});
