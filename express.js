'use strict';
// `rs-profiler/express`: the debug routes as an Express middleware, also for Connect and plain `http` servers.

const profiler = require('./index');
const { below, checkPrefix, createService, neutral, send } = require('./lib/service');

/** The route's template, of routers in routers too. */
const routeOf = ({ route, baseUrl }) => route && typeof route.path === 'string' ? (baseUrl || '') + route.path : undefined;

/**
 * Makes the middleware. Use it before all others, so that their time is in the metrics.
 * @param {import('./express').RsProfilerOptions} options
 */
function rsProfiler(options) {
  const prefix = checkPrefix(options?.prefix);
  const service = createService(profiler, options);
  const { requests } = service;

  function observe(req, res) {
    const begin = requests.begin();
    res.on('close', () => requests.end(begin, req.method, res.statusCode, routeOf(req)));
  }

  async function answer(req, res, place) {
    const { status, headers, body } = await service.handle(neutral(req, res, place, req));
    res.writeHead(status, headers);
    if (typeof body !== 'object' || req.method === 'HEAD') res.end(req.method === 'HEAD' ? undefined : body);
    else send(body, res);
  }

  function rsProfilerRoutes(req, res, next) {
    const place = service.enabled && below(prefix, req.originalUrl || req.url);
    if (place) {
      answer(req, res, place).catch(next);
      return;
    }
    if (requests && !res.destroyed) observe(req, res);
    next();
  }
  rsProfilerRoutes.service = service;
  return rsProfilerRoutes;
}

module.exports = rsProfiler;
