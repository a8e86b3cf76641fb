'use strict';

/** The README is short, and no link in the documents leads nowhere: neither in the repository nor, from those in the package, in it. */

const path = require('node:path');
const { anchorsOf, linksOf } = require('../../helpers/documents');
const { files, read } = require('../../helpers/repo');

const DOCUMENTS = files.filter((file) => file.endsWith('.md') && !file.startsWith('crates/'));
/** The file and the anchor of a link. */
function target(from, link) {
  const [file, anchor] = link.split('#');
  return { file: file ? path.posix.join(path.posix.dirname(from), file) : from, anchor };
}

/** Links of a text that lead to no file, or to no heading. */
function broken(from, text) {
  return linksOf(text).filter((link) => {
    const { file, anchor } = target(from, link);
    if (!files.includes(file) && !files.some((one) => one.startsWith(`${file.replace(/\/$/, '')}/`))) return true;
    return anchor !== undefined && !anchorsOf(file === from ? text : read(file)).includes(anchor);
  });
}

/** Whether a file is in the package: what `files` names, and what npm always takes. */
function inPackage(file) {
  const { files: listed } = JSON.parse(read('package.json'));
  return ['package.json', 'README.md', 'LICENSE'].includes(file) || listed.some((one) => file === one || file.startsWith(`${one}/`));
}

/** What a reader of the published package has before his eyes. */
const PUBLISHED = DOCUMENTS.filter(inPackage);

test('the README can be read in two minutes', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(251);
});

test.each(DOCUMENTS)('the links of %s lead somewhere', (file) => {
  expect(broken(file, read(file))).toEqual([]);
});

test('a link that leads nowhere is noticed', () => {
  const text = '# A heading, here\n[a](docs/none.md) [b](#a-heading-here) [c](#another) [d](LICENSE) [e](https://example.org/x) [f](docs/migrating.md#typescript)\n';
  expect(broken('README.md', text)).toEqual(['docs/none.md', '#another']);
});

test.each(PUBLISHED)('what %s links to is in the package', (file) => {
  const linked = linksOf(read(file)).map((link) => target(file, link).file);
  expect(linked.filter((one) => !inPackage(one))).toEqual([]);
});
