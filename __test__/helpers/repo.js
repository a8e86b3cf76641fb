'use strict';

/** The files of this repository, for the tests that guard its shape. */

const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');

const root = path.resolve(__dirname, '..', '..');

const listed = (...options) =>
  execFileSync('git', ['ls-files', ...options, '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
    .split('\n')
    .filter((file) => file && fs.existsSync(path.join(root, file)));

/** Every file that is, or could be, committed. */
const files = listed('--cached', '--others');

/** The files, or whole folders, that .gitignore names. */
const ignored = listed('--others', '--ignored', '--directory');

const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const under = (folder, ...extensions) =>
  files.filter((file) => file.startsWith(folder) && extensions.some((extension) => file.endsWith(extension)));

/** The lines of files that match, as "file:line: text". */
function linesWith(names, pattern) {
  const found = [];
  for (const file of names) {
    read(file)
      .split('\n')
      .forEach((text, index) => {
        if (pattern.test(text)) found.push(`${file}:${index + 1}: ${text.trim()}`);
      });
  }
  return found;
}

/** The same without lines that are a comment. */
function codeLines(names, pattern) {
  return linesWith(names, pattern).filter((line) => !/^[^ ]+ (\/\/|\*|\/\*)/.test(line));
}

/** The texts of files by their names. */
const textsOf = (names) => new Map(names.map((file) => [file, read(file)]));

module.exports = { codeLines, files, ignored, linesWith, read, textsOf, under };
