'use strict';
// `rs-profiler/koa`: the debug routes as a Koa middleware.

const profiler = require('./index');
const { below, checkPrefix, createService, neutral, send, templateOf } = require('./lib/service');

/**
 * Makes the middleware. Use it before all others, so that their time is in the metrics.
 * @param {import('./koa').RsProfilerOptions} options
 */
function rsProfiler(options) {
  const prefix = checkPrefix(options?.prefix);
  const service = createService(profiler, options);
  const { requests } = service;

  /** Counts the request when its answer has been sent, or its client has gone. */
  function observe(ctx) {
    const { req, res } = ctx;
    const begin = requests.begin();
    res.on('close', () => requests.end(begin, req.method, res.statusCode, templateOf(ctx)));
  }

  async function rsProfilerRoutes(ctx, next) {
    const place = service.enabled && below(prefix, ctx.url);
    if (!place) {
      if (requests && !ctx.res.destroyed) observe(ctx);
      return next();
    }
    const { status, headers, body } = await service.handle(neutral(ctx.req, ctx.res, place, ctx));
    if (typeof body === 'object') {
      ctx.status = status;
      ctx.set(headers);
      // Koa 2 does not end an answer whose stream broke, and Koa 3 prints each client that went away.
      ctx.respond = false;
      send(body, ctx.res);
      return;
    }
    // Without one it is an answer to HEAD: to set nothing would make it 204.
    if (body !== undefined) ctx.body = body;
    ctx.status = status;
    ctx.set(headers);
  }
  rsProfilerRoutes.service = service;
  return rsProfilerRoutes;
}

module.exports = rsProfiler;
