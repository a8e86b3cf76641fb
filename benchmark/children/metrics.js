'use strict';

/**
 * Two services of one framework in one process, both with the debug routes, alike but for the metrics (`metrics: false`): what
 * their requests differ in is the metrics' cost, and not two processes' luck with V8. The parent says over IPC when to tell the CPU time used so far,
 * and when to ask both services in memory.
 */

const { connect } = require('../lib/in-memory');

const [, , framework] = process.argv;
const TOKEN = 'a-token-of-the-benchmark';
const ANSWER = { id: 1, name: 'ann', tags: ['a', 'b', 'c'], nested: { ok: true } };
/** Too short a burst is of the clock's own size, too long a one of the machine's moods. */
const BURST = 200;
const WARM_UP = 60;

const cpuNow = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** A service that does something: some 1 ms of work on the machine on which this was written. */
function work(id) {
  let sum = Number(id);
  for (let i = 0; i < 40_000; i += 1) sum = (sum * 48271) % 0x7fffffff;
  return { sum };
}

function koa(withMetrics) {
  const app = new (require('koa'))();
  const router = new (require('@koa/router'))();
  app.use(require('../../koa')({ token: TOKEN, metrics: withMetrics && { promClient: false } }));
  router.get('/users/:id', (ctx) => {
    ctx.body = ANSWER;
  });
  router.get('/sums/:id', (ctx) => {
    ctx.body = work(ctx.params.id);
  });
  app.use(router.routes());
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function express(withMetrics) {
  const app = require('express')();
  app.use(require('../../express')({ token: TOKEN, metrics: withMetrics && { promClient: false } }));
  app.get('/users/:id', (_request, response) => response.json(ANSWER));
  app.get('/sums/:id', (request, response) => response.json(work(request.params.id)));
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server));
  });
}

async function fastify(withMetrics) {
  const app = require('fastify')();
  app.register(require('../../fastify'), { token: TOKEN, metrics: withMetrics && { promClient: false } });
  app.get('/users/:id', async () => ANSWER);
  app.get('/sums/:id', async (request) => work(request.params.id));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server;
}

/** Pairs of CPU microseconds per request, without and with metrics, in turns. */
async function inMemory(servers, bursts) {
  const connections = servers.map(connect);
  const pairs = [];
  for (let burst = -WARM_UP; burst < bursts; burst += 1) {
    const pair = [];
    for (const at of burst % 2 === 0 ? [0, 1] : [1, 0]) {
      const before = cpuNow();
      await connections[at].ask(BURST);
      pair[at] = (cpuNow() - before) / BURST;
    }
    if (burst >= 0) pairs.push(pair);
  }
  for (const connection of connections) connection.destroy();
  return pairs;
}

async function main() {
  const make = { koa, express, fastify }[framework];
  const servers = [await make(false), await make(true)];
  process.on('message', async ({ bursts }) => {
    process.send(bursts === undefined ? { cpuUs: cpuNow() } : { pairs: await inMemory(servers, bursts) });
  });
  process.send({ ports: servers.map((server) => server.address().port) });
}

main();
