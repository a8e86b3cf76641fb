'use strict';
// Answers of the routes: a status, headers and a body, whatever the framework.

/** For every answer: nothing of it is kept on the way, or taken for something else. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** What an error's code means to a client. */
const STATUS = {
  ERR_RS_PROFILER_BUSY: 409,
  ERR_RS_PROFILER_RATE: 429,
  ERR_RS_PROFILER_INVALID_ARGUMENT: 400,
  ERR_RS_PROFILER_REPORT_FAILED: 422,
  ERR_RS_PROFILER_TOO_LARGE: 507,
  ERR_RS_PROFILER_HEADROOM: 507,
  ERR_RS_PROFILER_UNSUPPORTED_NODE: 501,
  ERR_RS_PROFILER_NATIVE_MISSING: 501,
  ERR_RS_PROFILER_FORK_FAILED: 503,
  ERR_RS_PROFILER_NO_THREAD: 503,
  ERR_RS_PROFILER_NO_SUCH_WORKER: 404,
  ERR_RS_PROFILER_WORKER_GONE: 503,
  ERR_RS_PROFILER_WORKER_SILENT: 503,
  ERR_RS_PROFILER_WORKER_UNKNOWN: 503,
  ENOSPC: 507,
};

/** An answer that is JSON. */
function json(status, value, headers) {
  const body = `${JSON.stringify(value)}\n`;
  return {
    status,
    headers: { ...HEADERS, 'content-type': 'application/json; charset=utf-8', 'content-length': String(Buffer.byteLength(body)), ...headers },
    body,
  };
}

function text(status, body, type, headers) {
  return { status, headers: { ...HEADERS, 'content-type': type, 'content-length': String(Buffer.byteLength(body)), ...headers }, body };
}

/** An answer that is a file to save, or with `inline` one to look at. `name` is one of ours: nothing in it needs quoting. */
function file(stream, { name, type, bytes, inline = false, headers }) {
  return {
    status: 200,
    headers: {
      ...HEADERS,
      'content-type': type,
      'content-disposition': `${inline ? 'inline' : 'attachment'}; filename="${name}"`,
      ...(bytes !== undefined && { 'content-length': String(bytes) }),
      ...headers,
    },
    body: stream,
  };
}

/** Text of whatever was thrown, which need not be an error. */
function messageOf(error) {
  try {
    return String(error?.message ?? error);
  } catch {
    return 'Something that has no text was thrown.';
  }
}

const refusal = (status, message, headers, code) => json(status, { error: { ...(code && { code }), message } }, headers);

/** Whatever was thrown as an answer. */
function failure(error) {
  const { code, running, headroom, retryAfterSeconds } = error ?? {};
  const message = messageOf(error);
  const status = STATUS[code];
  // Of an error that is not ours, nothing but its text: the rest may be anything.
  if (status === undefined) return json(500, { error: { ...(typeof code === 'string' && { code }), message } });
  const headers = retryAfterSeconds === undefined ? undefined : { 'retry-after': String(retryAfterSeconds) };
  return json(status, { error: { code, message, ...(running && { running }), ...(headroom && { headroom }) } }, headers);
}

module.exports = { failure, file, json, refusal, text };
