'use strict';
// Who may use the routes. Decides; answers nothing.

/** What is said to a request that may not pass; undefined for one that may. */
const PASSED = undefined;
/** As if there were no such routes. */
const HIDDEN = { status: 404, message: 'Not found.' };
const CHALLENGE = { 'www-authenticate': 'Bearer realm="rs-profiler", Basic realm="rs-profiler", charset="UTF-8"' };
const UNKNOWN = { status: 401, message: 'Send the token as `Authorization: Bearer TOKEN`, or as the password of basic authentication.', headers: CHALLENGE };
const FORBIDDEN = { status: 403, message: 'authorize() did not allow this request.' };
/** What it threw is for the audit function: who asks is nobody known yet. */
const UNDECIDED = { status: 500, message: 'authorize() failed, so this request is not let in.' };
const FOREIGN = { status: 403, message: 'Requests are not taken from pages of other sites.' };

/** A header that a proxy adds: the address of the connection is then the proxy's. */
const PROXIED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** Whether the address of a connection is one of this machine's loopback interface. */
function isLoopback(address) {
  return typeof address === 'string' && /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.test(address);
}

/** The host that a client asks; HTTP/2 has another name for it. */
const hostOf = (headers) => headers.host ?? headers[':authority'];

/** Whether a Host header names this machine: another name that leads here is a trick of a page in a browser. */
function namesLoopback(host) {
  return typeof host === 'string' && /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host);
}

/** Equal or not, in a time that does not tell how far they agree: digests of both are compared. */
function sameToken(given, token) {
  // Takes milliseconds to load.
  const { createHmac, randomBytes, timingSafeEqual } = require('crypto');
  const key = randomBytes(32);
  const digest = (text) => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

/** The token of a request: of a Bearer or Basic authorisation. */
function tokenOf({ authorization }) {
  const [, scheme, value] = /^(bearer|basic) +(\S+)$/i.exec(authorization || '') || [];
  if (!scheme) return undefined;
  if (scheme.toLowerCase() === 'bearer') return value;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

/**
 * A browser sends basic authentication, and cookies that authorize() may read, also for another site's page. Such requests must
 * not change anything, nor read what an application with CORS for everybody would let that page see. A link on another
 * site's page may be followed: the answer is for the user.
 */
function isForeign({ method, headers }) {
  const site = headers['sec-fetch-site'];
  const follows = (method === 'GET' || method === 'HEAD') && headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined) return site !== 'same-origin' && site !== 'none' && !follows;
  const { origin } = headers;
  const host = hostOf(headers);
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host;
}

/**
 * Judges a request.
 * @param {{ tokens: string[], authorize?: Function, loopbackOnly: boolean }} access
 * @param {object} request the neutral request, see service.js
 * @returns {Promise<undefined | { status: number, message: string, headers?: object, error?: unknown }>} undefined: it may pass
 */
async function judge({ tokens, authorize, loopbackOnly }, request) {
  const { headers } = request;
  if (loopbackOnly) {
    // A proxy that adds no header speaks HTTP/1.0 to us, unless it was told otherwise; clients have not for long.
    const local = isLoopback(request.remoteAddress) && namesLoopback(hostOf(headers)) && request.httpVersion !== '1.0';
    if (!local || PROXIED.some((name) => headers[name] !== undefined)) return HIDDEN;
  }
  if (tokens.length > 0) {
    const given = tokenOf(headers);
    // All are compared: which one fits shall not show.
    const fits = given !== undefined && tokens.map((token) => sameToken(given, token)).includes(true);
    if (!fits) return UNKNOWN;
  }
  if (authorize) {
    try {
      if ((await authorize(request.context, request)) !== true) return FORBIDDEN;
    } catch (error) {
      return { ...UNDECIDED, error };
    }
  }
  return isForeign(request) ? FOREIGN : PASSED;
}

module.exports = { isLoopback, judge };
