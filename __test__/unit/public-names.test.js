'use strict';

/** index.js and heapdump.js are the lists of public names. The other places that have them must not differ. */

const fs = require('node:fs');
const path = require('node:path');

const profiler = require('../..');
const surface = require('../helpers/surface');

const read = (file) => fs.readFileSync(path.resolve(__dirname, '..', '..', file), 'utf8');
const sorted = (names) => [...new Set(names)].sort();
const found = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

/** The names that an ES module takes out of its default export. */
const ofModule = (text) => found(/export const \{([^}]*)\}/.exec(text)?.[1] ?? '', /(\w+)/g);
/** The values that typings declare. */
const ofTypings = (text) => found(text, /^export (?:function|const) (\w+)/gm);
/** The names in the first column of the tables of functions, in the part about the API. */
function ofReadme(text) {
  const api = /\n## API\n([\s\S]*?)(?=\n## |\n### `rs-profiler\/heapdump`)/.exec(text)?.[1] ?? '';
  const tables = found(api, /\| function \|.*\n\| --- \|.*\n((?:\|.*\n)*)/g).join('');
  return found(found(tables, /^\| (.*?) \| /gm).join(), /`(\w+)[^`]*`/g);
}

const { compatible, older, modern } = surface;
const places = {
  'index.mjs': [read('index.mjs'), ofModule],
  'index.d.ts': [read('index.d.ts'), ofTypings],
  'README.md': [read('README.md'), ofReadme],
  'surface.js, which says what the originals have': [[...compatible, ...older, ...modern].join('\n'), (text) => text.split('\n')],
};

describe('the public names of index.js', () => {
  const names = sorted(Object.keys(profiler));

  test.each(Object.entries(places))('are those of %s', (place, [text, namesOf]) => {
    expect(sorted(namesOf(text))).toEqual(names);
  });

  test.each(Object.entries(places))('one that is missing or too many in %s is noticed', (place, [text, namesOf]) => {
    for (const name of names) {
      const without = namesOf(text.replace(new RegExp(`\\b${name}\\b`, 'g'), 'another'));
      expect(sorted(without)).toEqual(sorted([...names, 'another'].filter((other) => other !== name)));
    }
  });
});

test('the public names of heapdump.js are those of its ES module and of its typings', () => {
  const exported = /module\.exports = \{([^}]*)\}/.exec(read('heapdump.js'))[1];
  const names = sorted([...found(exported, /(\w+)/g), 'configure']);
  expect(names).toEqual(['configure', 'writeSnapshot']);
  expect(sorted(ofModule(read('heapdump.mjs')))).toEqual(names);
  expect(sorted(ofTypings(read('heapdump.d.ts')))).toEqual(names);
});
