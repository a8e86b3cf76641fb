'use strict';
// Checks of the options of the promise-based functions: what they accept, and what they say when it is something else.

const { abortError, invalidArgument } = require('./errors');

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

/**
 * Refuses a name that is misspelled: what it stands for would be left out in silence.
 * @param {string} what 'option of watch()', for one
 */
function refuseUnknown(given, known, what) {
  const odd = Object.keys(given).find((name) => !known.includes(name));
  if (odd !== undefined) throw invalidArgument(`${odd} is no ${what}; there are ${known.join(', ')}.`);
}

function checkSignal(options) {
  const { signal } = options;
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || typeof signal.aborted !== 'boolean'
    || typeof signal.addEventListener !== 'function' || typeof signal.removeEventListener !== 'function')) {
    throw invalidArgument('signal must be an AbortSignal.');
  }
  return signal;
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
  checkBoolean, checkChoice, checkFunction, checkInteger, checkOptions, checkPath, checkSignal, refuseUnknown, throwIfAborted,
};
