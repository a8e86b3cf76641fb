'use strict';
// Checks of the options of the promise-based functions: what they accept, and what they say when it is something else.

const { abortError, invalidArgument } = require('./errors');
const { steadySignal } = require('./signal');

/** The options object; an absent one is empty. */
function checkOptions(options) {
  if (options === undefined || options === null) return {};
  if (typeof options !== 'object') throw invalidArgument('options must be an object.');
  return options;
}

/** An integer in a range, or the default. */
function checkInteger(options, name, fallback, least, most) {
  const value = options[name];
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidArgument(`${name} must be an integer from ${least} to ${most}.`, RangeError);
}

/** One of some words, or the first. */
function checkChoice(options, name, choices) {
  const value = options[name];
  if (value === undefined) return choices[0];
  if (choices.includes(value)) return value;
  throw invalidArgument(`${name} must be one of ${choices.map((choice) => `'${choice}'`).join(', ')}.`);
}

function checkFunction(options, name) {
  const value = options[name];
  if (value !== undefined && typeof value !== 'function') throw invalidArgument(`${name} must be a function.`);
  return value;
}

function checkBoolean(options, name) {
  const value = options[name];
  if (value !== undefined && typeof value !== 'boolean') throw invalidArgument(`${name} must be true or false.`);
  return value === true;
}

/** An AbortSignal, or undefined. */
function checkSignal(options) {
  const { signal } = options;
  return signal === undefined ? undefined : steadySignal(signal);
}

/** A path: string, Buffer or file URL, as in Node's fs. */
function checkPath(path) {
  if (path instanceof URL || (path && path.href && path.protocol === 'file:')) return require('url').fileURLToPath(path.href);
  if (Buffer.isBuffer(path)) return path.toString();
  if (typeof path !== 'string') throw invalidArgument('path must be a string, a Buffer or a file URL.');
  if (path.includes('\0')) throw invalidArgument('path must not contain a NUL character.');
  return path;
}

function throwIfAborted(signal) {
  if (signal && signal.aborted) throw abortError(signal);
}

module.exports = {
  checkBoolean, checkChoice, checkFunction, checkInteger, checkOptions, checkPath, checkSignal, throwIfAborted,
};
