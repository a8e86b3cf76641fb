'use strict';

/** The benchmark of the analysis on tiny inputs: what it measures on, programs that fail or hang, what becomes of figures. */

const fs = require('node:fs');
const path = require('node:path');
const { documentOf } = require('../../benchmark/lib/analysis-results');
const { ANALYSIS, parseArguments } = require('../../benchmark/lib/arguments');
const { phaseTable } = require('../../benchmark/lib/phases');
const { runProgram } = require('../../benchmark/lib/program');
const { toText } = require('../../benchmark/lib/table');
const { sectionFrom } = require('../../benchmark/sections/analysis');
const { writeStrings } = require('../../benchmark/generate-heap-snapshot');
const { run } = require('../../scripts/run');
const { tempFolder } = require('../helpers/temp-folder');

const GENERATOR = require.resolve('../../benchmark/generate-heap-snapshot');

describe('the generator', () => {
  const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

  test('writes a snapshot of strings, of as many as told', () => {
    const file = path.join(tempFolder(), 'strings.heapsnapshot');
    writeStrings(file, 3);
    const { snapshot, nodes, edges, strings } = read(file);
    const fields = snapshot.meta.node_fields.length;
    expect([nodes.length, edges.length]).toEqual([snapshot.node_count * fields, snapshot.edge_count * 3]);
    expect(edges.filter((_, i) => i % 3 === 2)).toEqual([fields, 2 * fields, 3 * fields]);
    expect([...new Set(strings.slice(1).map((text) => text.length))]).toEqual([1024]);
    expect(new Set(strings).size).toBe(4);
  });

  test('writes a snapshot of its heap, as large as told', () => {
    const file = path.join(tempFolder(), 'varied.heapsnapshot');
    run(process.execPath, [GENERATOR, file, '0.002']);
    const { snapshot, nodes, strings } = read(file);
    const [fields, types] = [snapshot.meta.node_fields.length, snapshot.meta.node_types[0]];
    const named = (name) => nodes.filter((value, i) => i % fields === 1 && strings[value] === name && types[nodes[i - 1]] === 'object').length;
    expect([named('Session'), named('ListNode'), named('Tree')]).toEqual([8, 50, 2 ** 11 - 1]);
    const kinds = new Set(nodes.filter((_, i) => i % fields === 0).map((kind) => types[kind]));
    expect([...kinds]).toEqual(expect.arrayContaining(['concatenated string', 'sliced string', 'symbol', 'bigint', 'closure', 'regexp', 'array']));
  });

  test('refuses a size that is none', () => {
    expect(() => run(process.execPath, [GENERATOR, 'nothing', '-1'])).toThrow('usage');
  });
});

describe('a program', () => {
  const script = (code, options = {}) => runProgram(process.execPath, (begin) => ['-e', code, String(begin)], { limitMs: 60000, ...options });

  test('gives the figures that it prints, and knows when it was started', async () => {
    const before = Date.now();
    const { begin, cpuMs } = await script('console.log("chatter"); console.log(JSON.stringify({ begin: Number(process.argv[1]), cpuMs: 3 }))');
    expect(begin).toBeGreaterThanOrEqual(before);
    expect(begin).toBeLessThanOrEqual(Date.now());
    expect(cpuMs).toBe(3);
  });

  test('that prints none is looked at from outside', async () => {
    const code = 'const kept = Buffer.alloc(64 << 20, 1); setTimeout(() => console.log(kept.length), 500)';
    const { wallMs, peakBytes } = await script(code, { fromOutside: true });
    expect(wallMs).toBeGreaterThanOrEqual(500);
    expect(peakBytes).toBeGreaterThan(64 << 20);
  });

  test.each([false, true])('that fails says why, and figures from before do not count (from outside: %s)', async (fromOutside) => {
    expect(await script('console.log(`{"cpuMs":1}`); throw new RangeError("too long")', { fromOutside }))
      .toEqual({ failed: expect.stringContaining('too long') });
    expect(await script('process.exit(7)', { fromOutside })).toEqual({ failed: 'ended with 7' });
    expect(await runProgram('/no/such/program', () => [], { limitMs: 60000, fromOutside })).toEqual({ failed: expect.stringMatching(/ENOENT|ended/) });
  });

  test('that says nothing has failed, and one that does not end is ended', async () => {
    expect(await script('')).toEqual({ failed: 'ended with 0' });
    expect(await script('setInterval(() => {}, 1000)', { limitMs: 500 })).toEqual({ failed: 'not done after 0.5 s' });
  });
});

describe('the phases', () => {
  test('without results of the core there is no table', async () => {
    expect(await phaseTable({ available: true, path: '/no/such/program' }, 'file', [{ failed: 'why' }])).toBeUndefined();
  });

  test('shares are of the whole time; a floor that cannot be measured is said to be missing', async () => {
    const results = [{ wallMs: 200, phases: [['reading', 100], ['distances', 30], ['distances', 20]] }];
    const text = toText(await phaseTable({ available: true, path: '/no/such/program' }, 'file', results));
    expect(text).toMatch(/floor: reading the file, one core +not measured/);
    expect(text).toMatch(/reading, both threads +100 +50\.0/);
    expect(text).toMatch(/distances, second thread +50 +25\.0/);
  });
});

describe('what the figures say', () => {
  const MB = 1e6;
  const row = (label, ...results) => ({ label, results });
  const rowsOf = (ours, table) => ({
    'rs-profiler': row('ours', { wallMs: 2000, ofFile: ours, peakBytes: ours * 300 * MB, table: 'a' }),
    'rs-profiler-core': row('core', { wallMs: 1800, peakBytes: 330 * MB, graphBytes: 150 * MB, readPeakBytes: 180 * MB }),
    'v8-heap-parser': row('parser', { wallMs: 9000, peakBytes: 1500 * MB }),
    'chrome-devtools-frontend': row('devtools', { wallMs: 31000, peakBytes: 1200 * MB, table }),
    '@memlab/heap-analysis': { ...row('memlab'), reason: 'not here' },
  });
  const section = (name, rows) => sectionFrom({ name, title: 'a file', bytes: 300 * MB }, rows);
  const verdicts = ({ bars }) => bars.map(({ pass }) => pass);

  test('bars, and the goals beyond them', () => {
    const made = section('330', rowsOf(1.2, 'a'));
    expect(verdicts(made)).toEqual([true, true, true]);
    expect(made.notes).toEqual([
      expect.stringMatching(/^All rows are those of DevTools/),
      'Goals beyond the bars: time, v8-heap-parser 1/6 (1/4.5); time, chrome-devtools-frontend 1/15 (1/16, reached); '
        + 'peak memory 1.10 x the file (1.20 x the file).',
      'Memory of the core: the graph 143 MiB (0.50 x the file); most while reading 172 MiB (0.60 x the file), in all 315 MiB (1.10 x the file).',
    ]);
  });

  test('too much memory is a miss; other rows than DevTools\' are said', () => {
    const made = section('1700', rowsOf(1.31, 'b'));
    expect(verdicts(made)).toEqual([true, true, false]);
    expect(made.notes[0]).toMatch(/Rows differ/);
  });

  test('of a small file there are no bars, of strings that of memory, and what was not measured is no pass', () => {
    expect(verdicts(section('50', rowsOf(2, 'a')))).toEqual([]);
    expect(verdicts(section('strings', rowsOf(1.2, 'a')))).toEqual([true]);
    const without = { ...rowsOf(1.2), 'rs-profiler': { ...row('ours'), reason: 'not built' } };
    expect(verdicts(section('330', without))).toEqual([undefined, undefined, undefined]);
  });

  test('the document has a line for each file, and a dash for what was not measured', () => {
    const environment = { date: '2026-01-02T03:04:05Z', node: '20.1.2', platform: 'linux x64', cpus: 2, cpuModel: 'x', commit: 'abc', versions: {} };
    const made = { ...section('330', rowsOf(1.2, 'a')), bytes: 300 * MB };
    const lines = documentOf([{ environment, sections: [made] }]).split('\n');
    expect(lines.find((line) => line.startsWith('| a file')))
      .toBe('| a file: 300 MB | 2 s, 1.20 x | 1.8 s, 1.10 x | 9 s, 5.00 x | 31 s, 4.00 x | – | – |');
    expect(lines).toContain('### a file: 300 MB');
  });
});

describe('the command line', () => {
  test('knows its options', () => {
    expect(parseArguments(['--only', '50,strings', '--runs', '2', '--resume'], ANALYSIS))
      .toMatchObject({ only: ['50', 'strings'], runs: 2, resume: true, quick: false });
  });

  test('refuses others', () => {
    expect(() => parseArguments(['--heaps', '1'], ANALYSIS)).toThrow('unknown argument');
  });
});
