'use strict';
// Tables that fit a terminal: numbers to the right, and the one column that can be long takes what is left.

const { oneLine } = require('./format');

const GAP = '  ';
/** A long column never gets narrower. */
const LEAST = 8;

/** Cut in the middle: both ends of a name or a path tell something. */
function cut(text, width) {
  if (text.length <= width) return text;
  const kept = width - 1;
  return `${text.slice(0, Math.ceil(kept / 2))}…${text.slice(text.length - Math.floor(kept / 2))}`;
}

/**
 * Lays out a table.
 * @param {{ title: string, of: (row: object) => string, left?: boolean, long?: boolean }[]} columns
 *   `left` aligns to the left; `long` columns share what the others leave
 * @param {object[]} rows
 * @param {{ width: number, bold: (text: string) => string }} terminal
 * @returns {string} lines, each with its line end
 */
function table(columns, rows, { width, bold }) {
  const cells = rows.map((row) => columns.map(({ of }) => oneLine(of(row))));
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...cells.map((line) => line[at].length)));
  const long = columns.flatMap((column, at) => (column.long ? [at] : []));
  const fixed = widths.reduce((sum, size, at) => sum + GAP.length + (long.includes(at) ? 0 : size), -GAP.length);
  let left = Math.max(width - fixed, LEAST * long.length);
  // Those that need less than an equal part leave it to the others.
  [...long].sort((a, b) => widths[a] - widths[b]).forEach((at, done) => {
    widths[at] = Math.min(widths[at], Math.floor(left / (long.length - done)));
    left -= widths[at];
  });
  const line = (texts) => texts.map((text, at) => {
    const short = cut(text, widths[at]);
    return columns[at].left ? short.padEnd(widths[at]) : short.padStart(widths[at]);
  }).join(GAP).trimEnd();
  return [bold(line(columns.map(({ title }) => title))), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

module.exports = { cut, table };
