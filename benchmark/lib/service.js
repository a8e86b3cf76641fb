'use strict';

/** A small program as profilers meet it: a Koa service that has answered some requests. */

const http = require('http');
const Koa = require('koa');
const Router = require('@koa/router');

function request(port, agent) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, agent, path: '/orders/7' }, (response) => {
      response.resume();
      response.on('end', resolve);
    }).on('error', reject);
  });
}

/**
 * Starts the service on a free loopback port and sends requests to it.
 * @param {number} requests
 * @returns {Promise<http.Server>} the running server
 */
async function serve(requests) {
  const router = new Router();
  router.get('/orders/:id', (context) => {
    context.body = { id: context.params.id, lines: [1, 2, 3] };
  });
  const app = new Koa();
  app.use(router.routes());
  const server = await new Promise((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  const agent = new http.Agent({ keepAlive: true });
  for (let i = 0; i < requests; i++) await request(server.address().port, agent);
  agent.destroy();
  return server;
}

module.exports = { serve };
