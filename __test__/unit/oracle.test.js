'use strict';

/** `npm run oracle`: a number that differs from DevTools' is noticed, whichever it is. */

const fs = require('node:fs');
const path = require('node:path');
const { tempFolder } = require('../helpers/temp-folder');
const { COLUMNS, differencesOfComparison, differencesOfFile } = require('../../scripts/oracle/differences');

const folder = tempFolder();

const ROWS = {
  classNames: ['(synthetic)', 'Object'],
  classes: { ',Object': [2, 32, 64, 3, 9], ',(string)': [1, 16, 16, 2, 4] },
  interfaces: [['{a}', 2, ['a']], ['{b}', 2, ['b']]],
  statistics: { total: 5, native: { total: 2, typedArrays: 1 } },
  filters: { DuplicatedStrings: { ',(string)': [1, 16, 16, 2] } },
  duplicates: [['a', 2, 32, 32], ['a', 2, 32, 32], ['b', 3, 48, 48]],
};

/** Numbers of three nodes, in a folder of their own. */
function write(name, { column, stacks = '1 ["a"]\n2 ["b"]\n', ...rows }) {
  const out = path.join(folder, name);
  fs.mkdirSync(out);
  for (const [each, width] of Object.entries(COLUMNS)) fs.writeFileSync(path.join(out, each), Buffer.alloc(3 * width, each === column ? 1 : 0));
  fs.writeFileSync(path.join(out, 'stacks'), stacks);
  fs.writeFileSync(path.join(out, 'rows.json'), JSON.stringify({ ...ROWS, ...rows }));
  return out;
}

/** What is said to differ, without zeros. */
function said({ differing }) {
  return Object.fromEntries(Object.entries(differing).filter(([, count]) => count > 0));
}

let expected;
beforeAll(() => {
  expected = write('devtools', {});
});

test('equal numbers differ in nothing, in whatever order the rows of a list come', () => {
  const found = differencesOfFile(expected, write('equal', { duplicates: [...ROWS.duplicates].reverse() }));
  expect(found).toMatchObject({ nodes: 3, stacks: 2 });
  expect(said(found)).toEqual({});
});

test.each([
  ...Object.keys(COLUMNS).map((column) => [column, { column }, 3]),
  ['stacks', { stacks: '1 ["a"]\n2 ["c"]\n' }, 1],
  ['class', { classNames: ['(synthetic)', 'Array'] }, 1],
  ['classes', { classes: { ...ROWS.classes, ',Array': [1, 1, 1, 1, 1] } }, 1],
  ['classes', { classes: { ',Object': [2, 32, 64, 3, 8] } }, 2],
  ['interfaces', { interfaces: ROWS.interfaces.slice(1) }, 1],
  ['statistics', { statistics: { total: 5, native: { total: 2, typedArrays: 2 } } }, 1],
  ['filters', { filters: { DuplicatedStrings: {} } }, 1],
  ['duplicates', { duplicates: ROWS.duplicates.slice(1) }, 1],
])('%s: %j', (what, change, count) => {
  const name = `changed-${fs.readdirSync(folder).length}`;
  expect(said(differencesOfFile(expected, write(name, change)))).toEqual({ [what]: count });
});

test('rows of a comparison', () => {
  const [one, other] = [{ ',a': [1, 0, 1, 8, 0, 8], ',b': [0, 1, -1, 0, 8, -8] }, { ',a': [1, 0, 1, 8, 0, 8], ',c': [0, 1, -1, 0, 8, -8] }].map((rows, at) => {
    const out = path.join(folder, `comparison-${at}`);
    fs.mkdirSync(out);
    fs.writeFileSync(path.join(out, 'comparison.json'), JSON.stringify(rows));
    return out;
  });
  expect(differencesOfComparison(one, one)).toEqual({ rows: 2, differing: 0 });
  expect(differencesOfComparison(one, other)).toEqual({ rows: 2, differing: 2 });
});
