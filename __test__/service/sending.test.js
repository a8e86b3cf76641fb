'use strict';

/** Bodies on their way to a client that is slow, gone or cut off. */

const http = require('node:http');
const { once } = require('node:events');
const { PassThrough, Readable } = require('node:stream');
const { below, neutral, send } = require('../../lib/service');
const { metered } = require('../../lib/service/metered');

const PREFIX = '/debug/rs-profiler';

/** Asks a server of one handler; resolves with what the client saw. */
async function ask(handler, onResponse = (response) => response.resume()) {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = http.request({ port: server.address().port, host: '127.0.0.1', method: 'POST', path: `${PREFIX}/heap-snapshot?a=1`, agent: false });
  const seen = new Promise((resolve) => {
    request.once('error', () => resolve('no answer'));
    request.once('response', (response) => {
      response.once('error', () => resolve('cut')).once('end', () => resolve('whole'));
      onResponse(response, request);
    });
  });
  request.end();
  return { request, seen, close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections?.(); }) };
}

/** Gives a little, and then what `then` does. */
const little = (then) => {
  let left = 3;
  return new Readable({ read() { if (left > 0) { left -= 1; this.push('x'.repeat(100)); } else setImmediate(then, this); } });
};

test('a whole body is sent, a broken one cuts the connection', async () => {
  for (const [then, expected] of [[(body) => body.push(null), 'whole'], [(body) => body.destroy(new Error('broke')), 'cut'], [(body) => body.destroy(), 'cut']]) {
    const errors = [];
    const { seen, close } = await ask((_request, response) => {
      response.on('error', (error) => errors.push(error));
      const body = little(then);
      body.on('error', () => {});
      send(body, response);
    });
    expect(await seen).toBe(expected);
    // Koa prints what a response reports.
    expect(errors).toEqual([]);
    await close();
  }
});

test('a client that goes away ends the body, also when it had gone before', async () => {
  const body = new PassThrough();
  const { close } = await ask((_request, response) => {
    body.write('first');
    send(body, response);
  }, (response, request) => response.once('data', () => request.destroy()));
  await once(body, 'close');
  await close();

  const late = new PassThrough();
  const ended = once(late, 'close');
  let arrive;
  const arrived = new Promise((resolve) => (arrive = resolve));
  const gone = await ask(async (request, response) => {
    arrive();
    await once(response, 'close');
    const place = below(PREFIX, request.url);
    expect([place.path, place.query.get('a')]).toEqual(['/heap-snapshot', '1']);
    expect(neutral(request, response, place, null).signal.aborted).toBe(true);
    send(late, response);
  });
  await arrived;
  gone.request.destroy();
  expect(await gone.seen).toBe('no answer');
  await ended;
  await gone.close();
});

test('a client that takes nothing loses its turn; a slow source is nobody\'s fault', async () => {
  const untaken = metered(1e6, 40);
  untaken.write('waiting');
  const [error] = await once(untaken, 'error');
  expect(error.code).toBe('ERR_RS_PROFILER_STALLED');

  const slow = metered(1e6, 40);
  slow.resume();
  slow.write('taken at once');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(slow.destroyed).toBe(false);
  slow.destroy();
});

test('more bytes than allowed are an error', async () => {
  const stream = metered(10);
  stream.resume();
  stream.write('0123456789');
  stream.write('0');
  const [error] = await once(stream, 'error');
  expect(error.code).toBe('ERR_RS_PROFILER_TOO_LARGE');
});
