'use strict';
// The arguments of `export`: a receiver, as in the originals, with a format before it when there is one.

const { invalidArgument } = require('../native/errors');
const { checkOptions } = require('../options/checks');

const RECEIVER_METHODS = ['write', 'end', 'on', 'getWriter'];

/** Whether the first argument of `export` is options: a plain object that nobody can take for a stream. */
function isExportOptions(value, alone) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  if (RECEIVER_METHODS.some((name) => typeof value[name] === 'function')) return false;
  if (typeof value.format === 'string') return true;
  const prototype = Object.getPrototypeOf(value);
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  // `export({})` is a receiver that is none.
  return plain && !(alone && Object.keys(value).length === 0);
}

/**
 * The arguments of `export`: `([{ format }], [receiver])`.
 * @param {Array} args
 * @param {string[]} formats those that there are
 * @returns {{ format: string|undefined, receiver: * }}
 */
function exportArguments(args, formats) {
  if (!isExportOptions(args[0], args.length < 2)) return { format: undefined, receiver: args[0] };
  const { format } = checkOptions(args[0], ['format']);
  if (format !== undefined && !formats.includes(format)) {
    const given = typeof format === 'string' ? `, not ${format}` : '';
    throw invalidArgument(`format must be ${formats.length > 1 ? 'one of ' : ''}${formats.join(', ')}${given}.`);
  }
  return { format, receiver: args[1] };
}

module.exports = { exportArguments };
