'use strict';

/** An HTTP service that uses its heap: a request reads some of the records and replaces one of them. */

const http = require('http');
const { randomNumbers } = require('./heap');

const READ = 10;

function nameOf(record) {
  if (record === null || typeof record !== 'object') return String(record).slice(0, 40);
  if (record instanceof Map) return [...record.keys()].join();
  return Array.isArray(record) ? String(record.length) : Object.keys(record).join();
}

/**
 * @param {object[][]} root chunks of records, as `fill` makes them
 * @returns {Promise<{ port: number, answered: () => number, close: () => void }>} listening on the loopback interface
 */
async function serveHeap(root) {
  const random = randomNumbers(3);
  let answered = 0;
  const server = http.createServer((request, response) => {
    const names = [];
    for (let i = 0; i < READ; i++) {
      const chunk = root[random(root.length)];
      names.push({ i, name: nameOf(chunk[random(chunk.length)]) });
    }
    const chunk = root[random(root.length)];
    const at = random(chunk.length);
    chunk[at] = { id: answered, name: `request ${answered}`, tags: ['a', names[0].name], previous: chunk[at + 1] };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(names));
    answered++;
  });
  // A connection that is closed just when the next request is sent would count as a lost request.
  server.keepAliveTimeout = 0;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, answered: () => answered, close: () => server.close() };
}

module.exports = { serveHeap };
