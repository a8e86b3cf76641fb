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

/** What is left of captures: children of this process, and unfinished files of a folder. All of it must be empty. */
function leftovers(folder = '.') {
  return {
    children: processes.childrenOf(process.pid),
    partial: fs.readdirSync(folder).filter((name) => name.includes('.partial')),
  };
}

/**
 * Runs `scenario(context)` while the server answers, and reports what it gives when the clients have gone. The context has
 * `processes` (processes.js), `leftovers` and the helpers of outcome.js besides.
 */
async function serve(context, scenario) {
  let over = false;
  const server = http.createServer((request, response) => {
    if (over) response.setHeader('x-over', '1');
    response.end(answerTo(Number(request.url.slice(1))));
  });
  server.keepAliveTimeout = 0;
  const open = new Set();
  let gone = () => {};
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket) && open.size === 0 && gone());
  });
  server.listen(context.input.socket);
  await once(server, 'request');
  const own = { processes: { value: processes }, leftovers: { value: leftovers }, outcome: { value: require('./outcome') } };
  const result = await scenario(Object.create(context, own));
  const left = new Promise((resolve) => {
    gone = resolve;
  });
  over = true;
  if (open.size > 0) await left;
  server.close();
  await once(server, 'close');
  context.report(result);
}

module.exports = { answerTo, serve };
