'use strict';
// Tables: numbers to the right, and one column of text at the end, which is cut where a terminal ends.

const { cut, oneLine, padStart, widthOf } = require('./text');

const GAP = '  ';
/** A text never gets narrower. */
const LEAST = 12;

/**
 * Lays out a table. The last column is text; since it is the last, a long one moves no other.
 * @template Row
 * @param {{ title: string, of: (row: Row) => string }[]} columns
 * @param {Row[]} rows
 * @param {{ width: number, bold: (text: string) => string }} terminal
 * @returns {string} lines, each with its line end
 */
function table(columns, rows, { width, bold }) {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => oneLine(of(row))))];
  const last = columns.length - 1;
  const widths = columns.slice(0, last).map((_, at) => Math.max(...lines.map((cells) => widthOf(cells[at]))));
  const taken = widths.reduce((sum, each) => sum + each + GAP.length, 0);
  const left = Math.max(width - taken, LEAST);
  const drawn = lines.map((cells) => [...widths.map((each, at) => padStart(cells[at], each)), cut(cells[last], left)].join(GAP).trimEnd());
  return drawn.map((line, at) => `${at === 0 ? bold(line) : line}\n`).join('');
}

module.exports = { table };
