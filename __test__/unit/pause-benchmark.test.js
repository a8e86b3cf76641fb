'use strict';

/** What the benchmark of the pause makes of its figures: the plot, the table of the README; and its command line. */

const { PAUSE, parseArguments } = require('../../benchmark/lib/arguments');
const { readmeTable, replaceMarked } = require('../../benchmark/lib/pause-results');
const { plotPauses } = require('../../benchmark/lib/plot');

/** A result as benchmark/pause.js makes it: longest stops by form and size. */
function resultOf(node, stops) {
  const sizes = [...new Set(Object.values(stops).flatMap((bySize) => Object.keys(bySize)))].map(Number);
  const measured = sizes.map((megabytes) => ({
    kind: 'idle',
    megabytes,
    rows: Object.fromEntries(Object.entries(stops).map(([key, bySize]) => [
      key, { label: key, results: (bySize[megabytes] || []).map((stopMs) => ({ stopMs })) },
    ])),
  }));
  return { environment: { node, date: '2026-01-02T03:04:05Z', platform: 'linux x64', cpus: 2 }, options: {}, sections: [{ measured }] };
}

const numbers = (svg, name) => [...svg.matchAll(new RegExp(`<circle class="${name} dot" cx="([^"]+)" cy="([^"]+)"`, 'g'))]
  .map(([, x, y]) => [Number(x), Number(y)]);

const RESULTS = [
  resultOf('20.1.2', { ours: { 20: [10, 12, 11], 1000: [100] }, v8: { 20: [1000], 1000: [100000] } }),
  resultOf('24.3.4', { ours: { 20: [9] }, v8: { 20: [] } }),
];

describe('the plot', () => {
  const svg = plotPauses(RESULTS);

  test('has a point for every median, and one panel for every Node', () => {
    expect(numbers(svg, 'ours')).toHaveLength(3);
    expect(numbers(svg, 'v8')).toHaveLength(2);
    expect(svg).toContain('Node 20.1.2');
    expect(svg).toContain('Node 24.3.4');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('is logarithmic: the same factor is the same distance', () => {
    const [[x20, small], [x1000, large]] = numbers(svg, 'v8');
    const [[, ours]] = numbers(svg, 'ours');
    expect(x1000).toBeGreaterThan(x20);
    // 1 s to 100 s is two decades; 11 ms to 1 s nearly as much.
    expect((ours - small) / (small - large)).toBeCloseTo(Math.log10(1000 / 11) / 2, 2);
  });

  test('joins the parts of one Node into one panel', () => {
    const parts = plotPauses([resultOf('20.1.2', { ours: { 20: [11] } }), resultOf('20.1.2', { ours: { 1000: [100] } })]);
    expect(numbers(parts, 'ours')).toHaveLength(2);
    expect(parts.match(/Node 20/g)).toHaveLength(1);
  });

  test('without figures it is an empty picture', () => {
    expect(plotPauses([resultOf('20.1.2', {})])).toMatch(/^<svg [^]*<\/svg>\n$/);
  });
});

describe('the table of the README', () => {
  test('has a line for every Node and size, and a dash for what was not measured', () => {
    const lines = readmeTable(RESULTS).split('\n').filter((line) => line.startsWith('| 2'));
    expect(lines.map((line) => line.split(' | ').slice(0, 3))).toEqual([
      ['| 20, 20 MB', '11 ms', '1 s'], ['| 20, 1000 MB', '100 ms', '1.7 min'], ['| 24, 20 MB', '9 ms', '–'],
    ]);
  });

  test('stands between its two marks, and nowhere else', () => {
    expect(replaceMarked('a\n<!-- m -->\nold\n<!-- /m -->\nb\n', 'm', 'new\n')).toBe('a\n<!-- m -->\nnew\n<!-- /m -->\nb\n');
    expect(replaceMarked('no marks', 'm', 'new')).toBe('no marks');
  });
});

describe('the command line', () => {
  test('lists become numbers', () => {
    expect(parseArguments(['--node', '20,24', '--megabytes=5', '--runs', '2'], PAUSE))
      .toMatchObject({ node: [20, 24], megabytes: [5], runs: 2, quick: false });
    expect(parseArguments([], PAUSE).runs).toBeUndefined();
  });

  test.each([[['--megabytes', 'x']], [['--node', '1.5']], [['--runs', '0']], [['--runs']], [['--unknown']]])('%j is refused', (argv) => {
    expect(() => parseArguments(argv, PAUSE)).toThrow(Error);
  });
});
