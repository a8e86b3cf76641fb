'use strict';
// All errors are made here, in JavaScript: an error made by the addon would belong to Node's main realm, and
// `instanceof Error` would be false inside Jest or a vm context.

const util = require('util');
const { define } = require('./properties');

/** The errors made here: what lib/fallback throws in the addon's place is among them. */
const made = new WeakSet();

const mark = (error) => {
  made.add(error);
  return error;
};

/**
 * Makes an error with a code.
 * @param {string} code `ERR_RS_PROFILER_` is put before it.
 * @param {string} message What happened and what to do.
 * @param {ErrorConstructor} [Type]
 */
function makeError(code, message, Type = Error) {
  const error = new Type(message);
  define(error, { code: `ERR_RS_PROFILER_${code}` });
  Error.captureStackTrace?.(error, makeError);
  return mark(error);
}

/** An argument is not what it must be. */
function invalidArgument(message, Type = TypeError) {
  return makeError('INVALID_ARGUMENT', message, Type);
}

/** An error of ours that says one thing more. */
function withMore({ code, message }, more) {
  return makeError(code.replace('ERR_RS_PROFILER_', ''), `${message} ${more}`);
}

/** No child can be forked for a snapshot, as the sentence `refusal` says. */
function forkRefused(refusal) {
  const error = makeError('FORK_FAILED', `Use isolation: 'auto', which takes the snapshot in the process then: ${refusal}`);
  return define(error, { phase: 'fork', reason: refusal });
}

/** Refuses a Symbol in V8's own words; every other value can become text. */
function refuseSymbol(value) {
  if (typeof value === 'symbol') throw invalidArgument('Cannot convert a Symbol value to a string');
}

/** The error of an operation whose AbortSignal was aborted, as Node's own APIs make it. */
function abortError(signal) {
  const error = new Error('The operation was aborted', { cause: signal?.reason });
  return define(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** A file error with the shape of Node's: `code` is the system's, with `errno`, `syscall` and `path`. */
function systemError({ code, message, errno, syscall, path }) {
  const [name, text] = util.getSystemErrorMap().get(-errno) || [code, message];
  const error = new Error(`${name}: ${text}, ${syscall} '${path}'`);
  return mark(define(error, { errno: -errno, code: name, syscall, path }));
}

/** An error that Node made, made again here; what is no error of the system stays what it is. */
function ownError(error) {
  if (!error || typeof error.code !== 'string') return error;
  const { code, errno, syscall, path, permission, resource } = error;
  const own = mark(Object.assign(new Error(error.message), { code }));
  for (const [name, value] of Object.entries({ errno, syscall, path, permission, resource })) {
    if (value !== undefined && value !== null) own[name] = value;
  }
  return own;
}

/** The refusal of Node's permission model, as Node's own; `access` is 'read' or 'write'. */
function accessDenied(access, resource) {
  const error = new Error(`Access to this API has been restricted. Use --allow-fs-${access} to allow to ${access} ${resource}.`);
  const permission = access === 'read' ? 'FileSystemRead' : 'FileSystemWrite';
  return Object.assign(error, { code: 'ERR_ACCESS_DENIED', permission, resource });
}

/** What was given to `export` is no receiver. */
function badReceiver(receiver) {
  const hint = typeof receiver === 'string'
    ? ': a path is no receiver, use export(fs.createWriteStream(path))' : '';
  return invalidArgument(`dataReceiver is not a function${hint}`);
}

/** What N-API's conversion calls arguments that it cannot convert: a word that there is not, a field that is missing. */
const UNFIT = /^(InvalidArg|\w+Expected)$/;

/** Translates what the addon threw. */
function fromNative(error) {
  if (made.has(error)) return error;
  let fields;
  try {
    fields = { __proto__: null, ...JSON.parse(error.message) };
  } catch {
    // A full stack is the caller's own.
    if (error?.name === 'RangeError') return error;
    if (UNFIT.test(error?.code)) return invalidArgument(`The addon of rs-profiler takes no such argument: ${error.message}.`);
    return makeError('INTERNAL', `rs-profiler failed inside: ${error && error.message}. Please report this.`);
  }
  if (fields.errno) return systemError(fields);
  const { message, ...more } = fields;
  // A failure that the system has no number for.
  delete more.errno;
  return define(new Error(message), more);
}

/** Calls the addon; its errors come out as ours. */
function native(call) {
  try {
    return call();
  } catch (error) {
    throw fromNative(error);
  }
}

/** Awaits the addon; its errors come out as ours. */
async function nativeAsync(call) {
  try {
    return await call();
  } catch (error) {
    throw fromNative(error);
  }
}

module.exports = {
  abortError, accessDenied, badReceiver, forkRefused, invalidArgument, makeError, native, nativeAsync, ownError, refuseSymbol,
  systemError, withMore,
};
