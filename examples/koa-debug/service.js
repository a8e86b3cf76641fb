'use strict';

/** A Koa service with the debug routes of rs-profiler. See README.md. */

const Koa = require('koa');
const Router = require('@koa/router');
const rsProfiler = require('../../koa'); // in a project: require('rs-profiler/koa')
const { checksum, debugOptions, openSession, port, started } = require('../work');

const app = new Koa();
const router = new Router();
const debug = rsProfiler(debugOptions);

router.get('/sessions/:user', (ctx) => {
  ctx.body = openSession(ctx.params.user);
});
router.get('/checksum/:text', (ctx) => {
  ctx.body = checksum(ctx.params.text);
});

app.use(debug); // first, so that the time of all others is in the metrics
app.use(router.routes());

const server = app.listen(port, '127.0.0.1', () => {
  started(server, () => {
    debug.service.close();
    server.close();
    server.closeAllConnections?.();
  });
});
