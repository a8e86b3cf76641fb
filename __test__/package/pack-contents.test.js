'use strict';

/** What `npm run pack:check` finds in a package that needs more than what is in it. */

const fs = require('fs');
const path = require('path');
const { faultsIn } = require('../../scripts/pack/contents');
const { tempFolder } = require('../helpers/temp-folder');

const MANIFEST = {
  name: 'packed',
  version: '1.0.0',
  main: 'index.js',
  exports: { '.': { import: { types: './index.d.ts', default: './index.js' } } },
  gypfile: false,
  optionalDependencies: { '@packed/linux-x64-gnu': '1.0.0' },
};

/** A package with these files, and those of the manifest. */
function faultsOf(manifest, files = {}) {
  const folder = tempFolder();
  const all = { 'package.json': JSON.stringify({ ...MANIFEST, ...manifest }), 'index.js': '', 'index.d.ts': '', ...files };
  for (const [name, text] of Object.entries(all)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return faultsIn(folder);
}

test('a package that has all it names is as it should be', () => {
  const readme = [
    '[a](docs/a.md#part) [b](https://example.com/b) [c](#here) ![d](docs/d.png "D") `[e](e.md)`',
    '```md', '[f](f.md)', '```',
    '[g]: docs/a.md',
    '<img src="docs/d.png">',
  ].join('\n');
  expect(faultsOf({}, { 'README.md': readme, 'docs/a.md': '[up](../README.md)', 'docs/d.png': '' })).toEqual([]);
});

test.each([
  ['an install script', { scripts: { install: 'node install.js' } }, {}, 'package.json has "scripts"'],
  ['development packages', { devDependencies: {} }, {}, 'package.json has "devDependencies"'],
  ['a build that npm would start', { gypfile: undefined }, {}, 'package.json lacks "gypfile": false'],
  [
    'a package of the checkout', { optionalDependencies: { beside: 'file:../beside' } }, {},
    'package.json: optionalDependencies has beside@file:../beside, which is no version of a registry',
  ],
  ['an entry that is missing', { bin: { packed: './bin/packed.js' } }, {}, 'package.json names bin/packed.js, which is not in the package'],
  ['a link into the checkout', {}, { 'README.md': '[design](docs/design.md)' }, 'README.md links to docs/design.md, which is not in the package'],
  ['a picture of the checkout', {}, { 'docs/a.md': '![b](../b.png)' }, 'docs/a.md links to ../b.png, which is not in the package'],
  ['a named link', {}, { 'README.md': '[a][b]\n\n[b]: CONTRIBUTING.md' }, 'README.md links to CONTRIBUTING.md, which is not in the package'],
  ['a picture by HTML', {}, { 'README.md': '<img width="1" src="a.svg">' }, 'README.md links to a.svg, which is not in the package'],
  ['sources of Rust', {}, { 'src/lib.rs': '' }, 'src/lib.rs is in the package, and of use in a checkout only'],
])('%s is found', (_what, manifest, files, fault) => {
  expect(faultsOf(manifest, files)).toEqual([fault]);
});
