'use strict';
// Checks of options: what functions accept, and what they say when it is something else.

const { fileURLToPath } = require('url');
const { abortError, invalidArgument } = require('../native/errors');
const { steadySignal } = require('./signal');

/** Who takes a snapshot; the first is the default. */
const ISOLATIONS = ['auto', 'fork', 'inline'];

/** How many letters must change to make one word of another. */
function distance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[to.length];
}

/** The name that was probably meant, if any is like it. */
function nearest(name, known) {
  const wanted = name.toLowerCase();
  let best;
  let least = Infinity;
  for (const candidate of known) {
    const word = candidate.toLowerCase();
    const changes = distance(wanted, word);
    const within = wanted !== '' && (word.includes(wanted) || wanted.includes(word));
    const limit = within ? Infinity : Math.max(wanted.length, word.length) / 2;
    // Part of a word comes before any misspelling.
    const score = within ? changes / 1000 : changes;
    if (changes <= limit && score < least) {
      best = candidate;
      least = score;
    }
  }
  return best;
}

/** Refuses names that are not known: what a misspelled one stands for would be left out in silence. */
function refuseUnknown(options, known) {
  const odd = Object.keys(options).find((name) => !known.includes(name));
  if (odd === undefined) return;
  const meant = nearest(odd.slice(0, 100), known);
  const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
  throw invalidArgument(`unknown option '${odd.slice(0, 100)}'${hint || '.'} The options are ${known.join(', ')}.`);
}

/** Whether `name` is a property of the object or its class, and not of every object. */
function has(object, name) {
  if (Object.prototype.hasOwnProperty.call(object, name)) return true;
  for (let holder = Object.getPrototypeOf(object); holder !== null; holder = Object.getPrototypeOf(holder)) {
    const above = Object.getPrototypeOf(holder);
    if (Object.prototype.hasOwnProperty.call(holder, name)) return above !== null;
  }
  return false;
}

/**
 * The options of these names, each read once; an absent object is empty.
 * @param {*} options what the caller gave
 * @param {string[]} known
 */
function checkOptions(options, known) {
  const checked = Object.create(null);
  if (options === undefined || options === null) return checked;
  if (typeof options !== 'object') throw invalidArgument('options must be an object.');
  refuseUnknown(options, known);
  for (const name of known) if (has(options, name)) checked[name] = options[name];
  return checked;
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

/** A path: string, Buffer or file URL, as in Node's fs. A string or a Buffer. */
function checkPath(path, name = 'path') {
  if (path instanceof URL || (path && path.href && path.protocol === 'file:')) return fileURLToPath(path.href);
  if (typeof path !== 'string' && !Buffer.isBuffer(path)) {
    throw invalidArgument(`${name} must be a string, a Buffer or a file URL.`);
  }
  if (path.includes('\0')) throw invalidArgument(`${name} must not contain a NUL character.`);
  return path;
}

function throwIfAborted(signal) {
  if (signal && signal.aborted) throw abortError(signal);
}

module.exports = {
  ISOLATIONS, checkBoolean, checkChoice, checkFunction, checkInteger, checkOptions, checkPath, checkSignal, throwIfAborted,
};
