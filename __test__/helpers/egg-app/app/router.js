'use strict';

const { existsSync, writeFileSync } = require('node:fs');
const { isMainThread, threadId } = require('node:worker_threads');

const own = String(isMainThread ? process.pid : threadId);

module.exports = (app) => {
  app.router.get('/who', async (ctx) => {
    ctx.body = { worker: own, pid: process.pid, longestMessage: app.longestMessage };
  });
  // The API of the plugin, as a service would use it.
  app.router.get('/api', async (ctx) => {
    ctx.body = await app.rsProfiler[ctx.query.method](...JSON.parse(ctx.query.args || '[]'));
  });
  // Ends the agent, or a worker, as a crash would.
  app.messenger.on('die', ({ worker }) => {
    if (worker === own) process.exit(1);
  });
  // Blocks the event loop of a worker for as long as a file is there.
  app.messenger.on('block', ({ worker, file }) => {
    if (worker !== own) return;
    writeFileSync(`${file}.yes`, '');
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    while (existsSync(file)) Atomics.wait(sleeper, 0, 0, 20);
  });
  app.router.get('/block', async (ctx) => {
    app.messenger.sendToApp('block', ctx.query);
    ctx.body = { worker: own };
  });
  app.router.get('/die', async (ctx) => {
    const { worker } = ctx.query;
    if (worker === 'agent') app.messenger.sendToAgent('die');
    else app.messenger.sendToApp('die', { worker });
    ctx.body = { worker: own };
  });
};
