'use strict';

/** What the benchmark of the pause makes of its figures: the plot, and the part of the document. */

const fs = require('node:fs');
const path = require('node:path');

const { PAUSE, parseArguments } = require('../benchmark/lib/arguments');
const { plotPauses } = require('../benchmark/lib/plot');
const { writePart } = require('../benchmark/lib/results');
const { tempFolder } = require('./helpers/temp-folder');

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
  return { environment: { node }, sections: [{ measured }] };
}

const numbers = (svg, name) => [...svg.matchAll(new RegExp(`<circle class="${name} dot" cx="([^"]+)" cy="([^"]+)"`, 'g'))]
  .map(([, x, y]) => [Number(x), Number(y)]);

describe('the plot', () => {
  const svg = plotPauses([
    resultOf('20.1.2', { ours: { 20: [10, 12, 11], 1000: [100] }, v8: { 20: [1000], 1000: [100000] } }),
    resultOf('24.3.4', { ours: { 20: [9] }, v8: { 20: [] } }),
  ]);

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

  test('without figures it is an empty picture', () => {
    expect(plotPauses([resultOf('20.1.2', {})])).toMatch(/^<svg [^]*<\/svg>\n$/);
  });
});

describe('the document', () => {
  const write = (text, title, body) => {
    const file = path.join(tempFolder(), 'RESULTS.md');
    if (text !== undefined) fs.writeFileSync(file, text);
    writePart(file, title, body);
    return fs.readFileSync(file, 'utf8');
  };

  test.each([
    ['is made', undefined, '# B\n\nnew\n'],
    ['gets a part added', '# A\n\nold\n', '# A\n\nold\n\n# B\n\nnew\n'],
    ['has its first part replaced', '# B\n\nold\n\n### B\n\n# A\n\nold\n', '# B\n\nnew\n\n# A\n\nold\n'],
    ['has its last part replaced', '# A\n\nold # B\n\n# B\n\nold\n', '# A\n\nold # B\n\n# B\n\nnew\n'],
  ])('%s', (_, before, after) => {
    expect(write(before, 'B', 'new\n')).toBe(after);
  });
});

describe('the command line', () => {
  test('lists become numbers', () => {
    expect(parseArguments(['--node', '20,24', '--heaps=5'], PAUSE)).toMatchObject({ node: [20, 24], heaps: [5], runs: 5, quick: false });
  });

  test.each([[['--heaps', 'x']], [['--runs', '0']], [['--runs']], [['--unknown']]])('%j is refused', (argv) => {
    expect(() => parseArguments(argv, PAUSE)).toThrow(Error);
  });
});
