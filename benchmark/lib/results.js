'use strict';

/** The document with the results of the last full runs: each benchmark has one part of it, which begins with its heading. */

const fs = require('fs');

/**
 * Replaces one part of a document, or adds it at the end.
 * @param {string} file
 * @param {string} title of the part, its first-level heading
 * @param {string} body Markdown without first-level headings
 */
function writePart(file, title, body) {
  const heading = `# ${title}\n`;
  const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const begin = lines.startsWith(heading) ? 0 : lines.indexOf(`\n${heading}`) + 1;
  const found = begin > 0 || lines.startsWith(heading);
  const start = found ? begin : lines.length;
  const next = found ? lines.indexOf('\n# ', start) : -1;
  const end = next < 0 ? lines.length : next + 1;
  const before = lines.slice(0, start);
  const gap = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const after = lines.slice(end);
  fs.writeFileSync(file, `${before}${gap}${heading}\n${body.trim()}\n${after === '' ? '' : '\n'}${after}`);
}

module.exports = { writePart };
