'use strict';
// Node's requests as neutral ones, for Koa, Express and Fastify alike.

const { invalidArgument } = require('../errors');

const DEFAULT_PREFIX = '/debug/rs-profiler';

/** The path before all routes: '/debug/rs-profiler', without a slash at its end. */
function checkPrefix(prefix = DEFAULT_PREFIX) {
  if (typeof prefix !== 'string' || !/^(\/[\w.~-]+)+$/.test(prefix)) {
    throw invalidArgument("prefix must be a path such as '/debug/rs-profiler', without a slash at its end.");
  }
  return prefix;
}

function queryOf(url) {
  const end = url.indexOf('?');
  return new URLSearchParams(end < 0 ? '' : url.slice(end + 1));
}

/** The part of a URL below the prefix, or undefined where it is somebody else's. */
function below(prefix, url) {
  // Asked for each request of the application.
  if (!url.startsWith(prefix)) return undefined;
  const end = url.indexOf('?');
  const pathname = end < 0 ? url : url.slice(0, end);
  if (pathname !== prefix && !pathname.startsWith(`${prefix}/`)) return undefined;
  return { path: pathname.slice(prefix.length), query: queryOf(url) };
}

/** The template that `@koa/router` has found for a request; it may be a regular expression. */
const templateOf = ({ _matchedRoute: route }) => (typeof route === 'object' ? String(route) : route);

/** Aborted when the client goes away before its answer is whole. */
function goneSignal(response) {
  const controller = new AbortController();
  // What came before us may have taken its time.
  if (response.destroyed) controller.abort();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/**
 * A request of Node as a neutral one.
 * @param {import('http').IncomingMessage} request
 * @param {import('http').ServerResponse} response
 * @param {{ path: string, query: URLSearchParams }} place what `below` gives
 * @param {unknown} context what authorize() receives
 */
function neutral(request, response, place, context) {
  const { method, headers, httpVersion, socket } = request;
  return { method, headers, httpVersion, remoteAddress: socket.remoteAddress, signal: goneSignal(response), context, ...place };
}

/**
 * Sends a stream. One that breaks cuts the connection, so that nobody takes the part for the whole; a client that goes away ends
 * it. Neither is an error of the response: Koa would print it.
 * @param {import('stream').Readable} body
 * @param {import('http').ServerResponse} response
 */
function send(body, response) {
  body.once('close', () => {
    if (!body.readableEnded) response.destroy();
  });
  response.once('close', () => body.destroy());
  if (response.destroyed) body.destroy();
  else body.pipe(response);
}

module.exports = { below, checkPrefix, neutral, queryOf, send, templateOf };
