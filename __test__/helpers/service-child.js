'use strict';

/**
 * The service in which a scenario runs: an HTTP server that answers all the while. See service.js for the other side.
 */

const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const processes = require('./processes');

/** What every answer must be. It is made of fresh objects, so that V8 has something to collect. */
function answerTo(number) {
  const parts = Array.from({ length: 50 }, (_, at) => ({ at, square: (number + at) ** 2 }));
  return JSON.stringify({ number, sum: parts.reduce((sum, { square }) => sum + square, 0) });
}

/** What is left of captures in this process and in a folder; all of it must be empty. */
function leftovers(folder) {
  return {
    children: processes.childrenOf(process.pid),
    partial: fs.readdirSync(folder).filter((name) => name.includes('.partial')),
  };
}

/**
 * Runs `scenario(context)` while the server answers, reports what it returns, and ends when the clients have gone.
 * `context.processes` is processes.js; `context.leftovers(folder = '.')` tells what captures have left.
 */
async function serve(context, scenario) {
  const server = http.createServer((request, response) => {
    response.end(request.url === '/stop' ? '' : answerTo(Number(request.url.slice(1))));
    if (request.url === '/stop') server.close();
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.report({ port: server.address().port });
  await once(server, 'request');
  context.processes = processes;
  context.leftovers = (folder = '.') => leftovers(folder);
  context.report({ result: (await scenario(context)) ?? null });
}

module.exports = { answerTo, serve };
