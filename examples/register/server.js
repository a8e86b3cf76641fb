'use strict';

/**
 * A service that knows nothing of rs-profiler, with the cache that many have: its keys carry the time, so nothing is ever found in
 * it, or deleted. `node --require rs-profiler/register examples/register/server.js`; it listens on the loopback alone, writes its
 * port to stdout, and ends with `DELETE /`.
 */

const http = require('http');

class Quote {
  constructor(symbol) {
    this.symbol = symbol;
    this.price = Math.random();
    this.history = Array.from({ length: 50 }, Math.random);
  }
}

const quotes = new Map();

function quoteOf(symbol) {
  const key = `${symbol} at ${process.hrtime().join('.')}`;
  if (!quotes.has(key)) quotes.set(key, new Quote(symbol));
  return quotes.get(key);
}

const server = http.createServer((request, response) => {
  if (request.method === 'DELETE') server.close();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(quoteOf('ACME')));
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
// Nobody forgets it.
setTimeout(() => process.exit(), 10 * 60_000).unref();
