'use strict';

const { below, checkPrefix, neutral, send, templateOf } = require('../../../lib/service');

/** The routes, and the metrics of all requests. Egg passes `config.rsProfiler`, and knows its `enable`, `match` and `ignore`. */
module.exports = ({ prefix: given }, app) => {
  const prefix = checkPrefix(given);
  const { routes, worker } = app.rsProfiler;

  /** Counts the request when its answer has been sent, or its client has gone. */
  function observe(ctx, requests) {
    const { req, res } = ctx;
    const begin = requests.begin();
    res.on('close', () => requests.end(begin, req.method, res.statusCode, templateOf(ctx)));
  }

  return async function rsProfilerRoutes(ctx, next) {
    const service = routes();
    if (!service) return next();
    const place = below(prefix, ctx.url);
    if (!place) {
      if (service.requests && !ctx.res.destroyed) observe(ctx, service.requests);
      return next();
    }
    const { status, headers, body } = await service.handle(neutral(ctx.req, ctx.res, place, ctx));
    // Egg's Koa does not end an answer whose stream broke.
    const streams = typeof body === 'object';
    // Without one it is an answer to HEAD: to set nothing would make it 204.
    if (body !== undefined && !streams) ctx.body = body;
    ctx.status = status;
    // Who is refused learns no process id.
    ctx.set({ ...(status < 400 && { 'x-rs-profiler-worker': worker }), ...headers });
    if (!streams) return;
    ctx.respond = false;
    send(body, ctx.res);
  };
};
