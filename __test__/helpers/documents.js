'use strict';

/** What is in the Markdown documents: code blocks by the heading that they stand under, links, and headings. */

const { read } = require('./repo');
const { linksOf: allLinksOf } = require('../../scripts/pack/contents');

/** Markdown without its code blocks. */
const prose = (text) => text.replace(/^```[^]*?^```$/gm, '');

/**
 * The code blocks of a document, in order.
 * @param {string} file
 * @returns {{ name: string, language: string, text: string }[]} `name` is `FILE: heading`, with a number from the second of a heading on
 */
function snippetsOf(file) {
  const counts = new Map();
  let heading = '';
  const found = [];
  for (const [, title, language, text] of read(file).matchAll(/^#+ (.*)$|^```(\w*)\n([^]*?)^```$/gm)) {
    if (title !== undefined) {
      heading = title;
      continue;
    }
    const count = (counts.get(heading) ?? 0) + 1;
    counts.set(heading, count);
    found.push({ name: `${file}: ${heading}${count > 1 ? ` ${count}` : ''}`, language, text });
  }
  return found;
}

/** The targets of links and pictures that are no URLs. */
const linksOf = (text) => allLinksOf(text).filter((target) => !/^[a-z]+:/.test(target));

/** The anchors of a document's headings, as GitHub and npm make them. */
const anchorsOf = (text) => [...prose(text).matchAll(/^#+ (.*)$/gm)]
  .map(([, title]) => title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-'));

module.exports = { anchorsOf, linksOf, snippetsOf };
