'use strict';
// `rs-profiler/fastify`: the debug routes as a Fastify plugin.

const profiler = require('./index');
const { below, checkPrefix, createService, neutral, queryOf } = require('./lib/service');

/**
 * The plugin.
 * @param {import('fastify').FastifyInstance} app
 * @param {import('./fastify').RsProfilerOptions} options
 */
async function rsProfilerRoutes(app, options) {
  const prefix = checkPrefix(options.prefix);
  const service = createService(profiler, options);
  const { requests } = service;
  /** With that of the plugin around ours, if it has one. */
  const wholePrefix = app.prefix.replace(/\/$/, '') + prefix;
  app.decorate('rsProfiler', service);
  app.addHook('onClose', async () => service.close());
  try {
    // Before Fastify waits for the requests that run: a capture would hold it up.
    app.addHook('preClose', async () => service.close());
  } catch {
    // Fastify before 4.15 has no such hook.
  }

  if (requests) {
    app.addHook('onRequest', (request, reply, done) => {
      // Ours are not the application's.
      if ((service.enabled && below(wholePrefix, request.raw.url)) || reply.raw.destroyed) return done();
      const { raw } = reply;
      const begin = requests.begin();
      raw.on('close', () => requests.end(begin, request.raw.method, raw.statusCode, request.routeOptions?.url));
      return done();
    });
  }
  if (!service.enabled) return;

  async function answer(request, reply) {
    // Fastify has found the route, whatever it takes for the same: letters in upper case, parameters before the prefix.
    const rest = request.params['*'];
    const place = { path: rest === undefined ? '' : `/${rest}`, query: queryOf(request.raw.url) };
    const { status, headers, body } = await service.handle(neutral(request.raw, reply.raw, place, request));
    return reply.code(status).headers(headers).send(body);
  }
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  const route = { method: methods, schema: { hide: true }, logLevel: 'warn', handler: answer };
  await app.register(async (inner) => {
    // Whatever a client sends along is not read.
    inner.removeAllContentTypeParsers();
    inner.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    inner.route({ ...route, url: prefix });
    inner.route({ ...route, url: `${prefix}/*` });
  });
}

// As fastify-plugin marks a plugin: the decorator and the hooks are for the whole application, `prefix` is ours.
rsProfilerRoutes[Symbol.for('skip-override')] = true;
rsProfilerRoutes[Symbol.for('fastify.display-name')] = 'rs-profiler';
rsProfilerRoutes[Symbol.for('plugin-meta')] = { fastify: '>=4', name: 'rs-profiler', decorators: { fastify: [] } };

module.exports = rsProfilerRoutes;
