'use strict';
// Numbers and places as people read them. Sizes are decimal: 1 MB is 1 000 000 bytes, as in DevTools.

const UNITS = [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB']];

/** `1.2 MB`. */
function bytes(value) {
  const [unit, name] = UNITS.find(([size]) => Math.abs(value) >= size) ?? [1, 'B'];
  return `${unit === 1 ? value : (value / unit).toFixed(1)} ${name}`;
}

/** With its sign. */
const signed = (format) => (value) => (value > 0 ? `+${format(value)}` : format(value));

/** `12 345`. */
const count = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');

/** Of a share from 0 to 1: `12.3 %`. */
const percent = (share) => `${(share * 100).toFixed(1)} %`;

/** `12.3 ms`. */
const ms = (value) => `${value.toFixed(1)} ms`;

/** `file:line:column` of a place; empty where there is none. */
const place = (found) => (found ? `${found.url}:${found.lineNumber}:${found.columnNumber}` : '');

/** `name (file:line)` of a function. */
function functionPlace({ url, lineNumber }) {
  return url ? `${url}${lineNumber > 0 ? `:${lineNumber}` : ''}` : '';
}

/** One line of a text that can have any: what would move the cursor is written as an escape. */
// eslint-disable-next-line no-control-regex
const oneLine = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/g, (unit) => JSON.stringify(unit).slice(1, -1)
  // JSON leaves some of them as they are.
  .replace(/[\u007f-\u009f\u2028-\u202e]/, (left) => `\\u${left.charCodeAt(0).toString(16).padStart(4, '0')}`));

module.exports = { bytes, count, functionPlace, ms, oneLine, percent, place, signed };
