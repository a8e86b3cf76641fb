'use strict';
// Numbers and places as people read them. Sizes are decimal, as in DevTools: 1 MB is 1,000,000 bytes.

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** `1.2 MB`. */
function bytes(value) {
  let [size, unit] = [value, 'B'];
  // 999,950 bytes are 1.0 MB, not 1000.0 kB.
  for (let at = 0; at < UNITS.length && Math.abs(size) >= (unit === 'B' ? 1000 : 999.95); at += 1) [size, unit] = [size / 1000, UNITS[at]];
  return `${unit === 'B' ? size : size.toFixed(1)} ${unit}`;
}

/** `12,345`. */
const count = (value) => value.toLocaleString('en-US');

/** `many(2, 'node')` is `2 nodes`. */
const many = (value, what) => `${count(value)} ${what}${value === 1 ? '' : 's'}`;

/** With its sign. */
const signed = (format) => (value) => (value > 0 ? `+${format(value)}` : format(value));

/** `12.3 %` of a whole; nothing has no parts. */
const percent = (part, whole) => `${(whole > 0 ? (part / whole) * 100 : 0).toFixed(1)} %`;

/** What only V8 itself holds is at no distance from the roots. */
const distance = (value) => (value < 1e8 ? count(value) : '-');

/** A text with a place behind it, where there is one: `Session (app.js:3:7)`. */
const withPlace = (text, place) => (place ? `${text} (${place.url}:${place.lineNumber}:${place.columnNumber})` : text);

module.exports = { bytes, count, distance, many, percent, signed, withPlace };
