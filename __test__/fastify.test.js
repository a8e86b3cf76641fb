'use strict';

const path = require('node:path');
const fastify = require('fastify');
const { request } = require('undici');
const rsProfiler = require('../fastify');
const { describeDebugRoutes } = require('./helpers/debug-routes');
const { tempFolder } = require('./helpers/temp-folder');

const TOKEN = 'a-token-for-tests-only';
const headers = { authorization: `Bearer ${TOKEN}` };

describe('rs-profiler/fastify in an application', () => {
  const options = () => ({ token: TOKEN, folder: path.join(tempFolder(), 'captures'), metrics: { promClient: false } });
  /** The status codes of what is asked, over real HTTP. */
  async function statusesOf(app, urls) {
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    const answers = await Promise.all(urls.map((url) => request(origin + url, { headers })));
    await Promise.all(answers.map(({ body }) => body.dump()));
    await app.close();
    return answers.map(({ statusCode }) => statusCode);
  }

  test('its prefix is below that of the plugin around it, with parameters too', async () => {
    for (const [prefix, place] of [['/api', '/api'], ['/api/', '/api'], ['/:tenant', '/one']]) {
      const app = fastify({ forceCloseConnections: true });
      app.register(async (inner) => {
        await inner.register(rsProfiler, options());
        inner.get('/mine', async () => inner.rsProfiler.metrics().requests.active);
      }, { prefix });
      const urls = ['', '?x=1', '/', '/metrics', '/captures/..%2f..%2fpackage.json', '/nothing'].map((end) => `${place}/debug/rs-profiler${end}`);
      expect(await statusesOf(app, [...urls, `${place}/mine`, '/debug/rs-profiler'])).toEqual([200, 200, 200, 200, 404, 404, 200, 404]);
    }
  });

  test('what the router takes for the same is the same', async () => {
    const app = fastify({ routerOptions: { caseSensitive: false, ignoreTrailingSlash: true }, forceCloseConnections: true });
    app.register(rsProfiler, options());
    expect(await statusesOf(app, ['/DEBUG/rs-profiler', '/debug/rs-profiler/', '/debug/RS-profiler/metrics'])).toEqual([200, 200, 200]);
  });

  test('without anybody who may use it, the application does not start', async () => {
    const app = fastify();
    app.register(rsProfiler, {});
    await expect(app.ready()).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  });
});

describe('rs-profiler/fastify in examples/fastify', () => describeDebugRoutes('examples/fastify/service.js', '/sessions/:user'));
