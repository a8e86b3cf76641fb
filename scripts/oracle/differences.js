'use strict';

/** What differs between two folders of numbers, DevTools' and ours; `devtools-numbers.js` says what is in them. */

const fs = require('node:fs');
const path = require('node:path');
const { isDeepStrictEqual } = require('node:util');

/** Columns by node: the name, and the bytes of a number. */
const COLUMNS = { self: 4, dist: 4, dom: 4, ret: 8, class: 4 };

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

/** How many numbers of a column differ. A shorter column lacks the rest. */
function differingNumbers(expected, found, width) {
  if (expected.equals(found)) return 0;
  const most = Math.max(expected.length, found.length) / width;
  let count = 0;
  for (let at = 0; at < most; at++) {
    const [one, other] = [expected, found].map((column) => column.subarray(at * width, (at + 1) * width));
    if (!one.equals(other)) count += 1;
  }
  return count;
}

/** Lines that only one of two texts has, or that are elsewhere. */
function differingLines(expected, found) {
  const [one, other] = [expected, found].map((text) => String(text).split('\n'));
  const length = Math.max(one.length, other.length);
  return Array.from({ length }, (_, at) => one[at] !== other[at]).filter(Boolean).length;
}

/** Rows by a text that no other has: objects by their keys, filters each by theirs, lists by what they hold. */
function keyed(rows) {
  if (Array.isArray(rows)) {
    const sorted = rows.map((row) => JSON.stringify(row)).sort();
    return Object.fromEntries(sorted.map((row, at) => [`${row} ${sorted.indexOf(row) - at}`, row]));
  }
  return rows;
}

/** How many rows differ, or are in one only. */
function differingRows(expected, found) {
  const [one, other] = [keyed(expected), keyed(found)];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.filter((key) => !isDeepStrictEqual(one[key], other[key])).length;
}

/** The tables of one file: nodes, those that know their stack, and how many numbers and rows differ in each. */
function differencesOfFile(expected, found) {
  const read = (name) => [expected, found].map((folder) => fs.readFileSync(path.join(folder, name)));
  const differing = {};
  for (const [name, width] of Object.entries(COLUMNS)) differing[name] = differingNumbers(...read(name), width);
  differing.stacks = differingLines(...read('stacks'));
  const [one, other] = [expected, found].map((folder) => readJson(path.join(folder, 'rows.json')));
  // Numbers of the column are places in this list.
  if (!isDeepStrictEqual(one.classNames, other.classNames)) differing.class = Math.max(1, differing.class);
  for (const name of ['classes', 'interfaces', 'statistics', 'duplicates']) differing[name] = differingRows(one[name], other[name]);
  const titles = Object.keys(one.filters);
  differing.filters = titles.reduce((sum, title) => sum + differingRows(one.filters[title], other.filters[title]), 0);
  const [stacks] = read('stacks');
  return { nodes: read('self')[0].length / COLUMNS.self, stacks: String(stacks).split('\n').length - 1, differing };
}

/** The same for a comparison: rows, and how many differ. */
function differencesOfComparison(expected, found) {
  const [one, other] = [expected, found].map((folder) => readJson(path.join(folder, 'comparison.json')));
  return { rows: Object.keys(one).length, differing: differingRows(one, other) };
}

module.exports = { COLUMNS, differencesOfComparison, differencesOfFile };
