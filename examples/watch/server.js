'use strict';

/**
 * A service that watches itself: `node examples/watch/server.js FOLDER`. It has one route that blocks the event loop,
 * `/report?ms=`, and names the function that did so. It listens on the loopback alone, writes its port to stdout, and ends with
 * `DELETE /`.
 */

const http = require('http');
const { watch } = require('../..');

/** What a careless handler does: everything at once, on the event loop. */
function renderReport(ms) {
  let rows = 0;
  for (const end = Date.now() + ms; Date.now() < end;) rows += JSON.stringify({ rows }).length;
  return rows;
}

const found = [];
const watching = watch({ eventLoopDelayMs: 200, heapUsedRatio: 0.9 }, {
  folder: process.argv[2],
  compress: 'zstd',
  coolDownMs: 60_000,
  retention: { maxCount: 10 },
  callback: (error, result) => found.push(error ? error.message : result.stall ? result.stall.sentence : result.path),
});

const server = http.createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (request.method === 'DELETE') {
    watching.stop();
    server.close();
    response.end();
  } else if (pathname === '/report') {
    response.end(String(renderReport(Math.min(5000, Number(searchParams.get('ms')) || 1500))));
  } else {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(found));
  }
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
// Nobody forgets it.
setTimeout(() => process.exit(), 10 * 60_000).unref();
