'use strict';

/** Reports of runs that take long: tables of Markdown, and the file that keeps them. */

const path = require('path');
const { ROOT, replaceFile } = require('./run');

const row = (cells) => `| ${cells.join(' | ')} |`;

/** The lines of a table. */
const table = (heads, rows) => [row(heads), row(heads.map(() => '---')), ...rows.map(row)];

/** Writes a report into the folder for figures of this working copy, and prints it. */
function writeReport(name, { folder }, lines) {
  const file = path.join(folder, name);
  const text = lines.join('\n');
  replaceFile(path.join(ROOT, file), text);
  console.log(`\n${text}\nwritten to ${file}`);
}

module.exports = { table, writeReport };
