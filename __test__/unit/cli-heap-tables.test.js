'use strict';

/** How the command line writes tables, numbers and JSON: what fits a terminal, and what must not reach one. */

const { bytes, distance, percent } = require('../../lib/cli/format');
const { jsonPieces } = require('../../lib/cli/json');
const { table } = require('../../lib/cli/table');
const { progressLine, terminalOf } = require('../../lib/cli/terminal');
const { cut, oneLine, widthOf } = require('../../lib/cli/text');

describe('the width of text', () => {
  test.each([
    ['plain', 5], ['日本語', 6], ['가나', 4], ['Ａ', 2], ['ｱ', 1], ['e\u0301', 1], ['✅', 2], ['❤\ufe0f', 2], ['☎', 1], ['→', 1],
    ['👩\u200d👩\u200d👧', 2], ['🇩🇪', 2], ['a日👍🏽', 5],
  ])('%s takes %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  test.each([
    ['short', 5, 'short'], ['abcdefghij', 5, 'ab…ij'], ['日本語日本語', 7, '日…本語'], ['日本', 4, '日本'], ['👍🏽'.repeat(9), 5, '👍🏽…👍🏽'], ['long', 1, '…'],
  ])('%s cut to %i columns', (text, width, expected) => {
    expect(cut(text, width)).toBe(expected);
    expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width);
  });

  test('of a name of millions of characters only the ends are looked at', () => {
    expect(cut(`${'日'.repeat(3e6)}z`, 8)).toBe('日日…日z');
    expect(cut('👍'.repeat(3e6), 7)).toBe('👍…👍👍');
  });
});

test('what would do something to a terminal is written as an escape', () => {
  expect(oneLine('a\nb\t\u001b[31m\u009b\u2028')).toBe('a\\nb\\t\\u001b[31m\\u009b\\u2028');
  expect(oneLine('\u202ereversed \ud800 \u{e0041}')).toBe('\\u202ereversed \\ud800 \\ue0041');
  expect(oneLine('日本 👩\u200d👧 "x"')).toBe('日本 👩\u200d👧 "x"');
});

describe('a table', () => {
  const columns = [{ title: 'Size', of: ({ size }) => bytes(size) }, { title: 'Name', of: ({ name }) => name }];
  const rows = [{ size: 12_345_678, name: '名前'.repeat(40) }, { size: 5, name: `${'x'.repeat(200)}\u001b[2J` }];
  const linesOf = (stream, env = {}) => table(columns, rows, terminalOf(stream, env)).split('\n');

  test('has numbers to the right, and fits the terminal', () => {
    const lines = linesOf({ isTTY: true, columns: 40 }, { NO_COLOR: '1' });
    expect(lines.slice(0, 3).map((line) => line.slice(0, 9))).toEqual(['   Size  ', '12.3 MB  ', '    5 B  ']);
    expect(lines.slice(1, 3).map(widthOf)).toEqual([40, 40]);
    expect(lines[2]).toMatch(/^ {4}5 B {2}x+…x+\\u001b\[2J$/);
  });

  test('is not cut where there is no terminal, nor coloured; a long name moves no number', () => {
    const lines = linesOf({}, { COLUMNS: '20' });
    expect(lines).toEqual(['   Size  Name', `12.3 MB  ${rows[0].name}`, `    5 B  ${'x'.repeat(200)}\\u001b[2J`, '']);
  });

  test('has colours on a terminal only, and only where they are wanted', () => {
    const headOf = (stream, env) => linesOf(stream, env)[0];
    expect(headOf({ isTTY: true, columns: 80 })).toBe('\u001b[1m   Size  Name\u001b[0m');
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) expect(headOf({ isTTY: true, columns: 80 }, env)).toBe('   Size  Name');
  });

  test('is as wide as COLUMNS says where a terminal says nothing, and 80 columns otherwise', () => {
    expect(terminalOf({ isTTY: true }, { COLUMNS: '50' }).width).toBe(50);
    expect(terminalOf({ isTTY: true, columns: 0 }, {}).width).toBe(80);
  });
});

test.each([[0, '0 B'], [999, '999 B'], [1000, '1.0 kB'], [999_949, '999.9 kB'], [999_950, '1.0 MB'], [-1_234_567, '-1.2 MB'], [2.5e12, '2.5 TB']])('%i bytes', (value, text) => {
  expect(bytes(value)).toBe(text);
});

test('shares and distances', () => {
  expect([percent(1, 8), percent(0, 0), distance(1234), distance(100_000_000), distance(200_000_005)]).toEqual(['12.5 %', '0.0 %', '1,234', '-', '-']);
});

test.each([
  [[]], [{}], [[1, [2, {}]]], [{ rows: [], none: undefined, more: [{ a: [1], b: 'x\ny' }, {}], deep: { list: [1, 2], none: undefined }, last: null }],
])('JSON in pieces is what JSON.stringify gives: %j', (value) => {
  expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value, null, 2));
});

test('JSON of many rows, which can be longer than a string, comes in pieces that are short', () => {
  const rows = Array.from({ length: 1000 }, (_, at) => ({ id: at, text: 'x'.repeat(1000) }));
  const pieces = [...jsonPieces({ rows })];
  expect(pieces.length).toBeGreaterThan(10);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
  expect(JSON.parse(pieces.join(''))).toEqual({ rows });
});

describe('progress', () => {
  afterEach(() => jest.restoreAllMocks());

  /** A terminal, and the progress of something that began at second 0, at some seconds. */
  function at(seconds, stream = { isTTY: true, columns: 60 }) {
    const written = [];
    const now = jest.spyOn(Date, 'now').mockReturnValue(0);
    const line = progressLine({ ...stream, write: (text) => written.push(text) }, 'app.heapsnapshot');
    for (const [second, progress] of seconds) {
      now.mockReturnValue(second * 1000);
      line.onProgress?.(progress);
    }
    line.wipe();
    return written;
  }

  test('is shown on a terminal, after half a second, and wiped away', () => {
    const written = at([[0.4, { phase: 'read', done: 1, total: 4 }], [0.6, { phase: 'read', done: 2, total: 4 }], [0.7, { phase: 'analyse', done: 1, total: 1 }]]);
    expect(written).toEqual([
      `\r\u001b[KReading app.heapsnapshot [${'#'.repeat(12)}${'.'.repeat(12)}] 50 %`,
      `\r\u001b[KAnalysing app.heapsnapshot [${'#'.repeat(24)}] 100 %`,
      '\r\u001b[K',
    ]);
  });

  test('of a stream, whose length is not known, is in bytes', () => {
    expect(at([[1, { phase: 'read', done: 12_345_678, total: 0 }]])[0]).toBe('\r\u001b[KReading app.heapsnapshot 12 MB');
  });

  test('writes nothing of quick work, and nothing but to a terminal', () => {
    expect(at([[0.4, { phase: 'read', done: 1, total: 4 }]])).toEqual([]);
    expect(at([[9, { phase: 'read', done: 1, total: 4 }]], {})).toEqual([]);
  });
});
