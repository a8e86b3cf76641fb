'use strict';

/** The pieces of benchmark/analysis.js that decide what a figure means: programs that fail or hang, phases, command line. */

const { ANALYSIS, parseArguments } = require('../benchmark/lib/arguments');
const { phaseTable } = require('../benchmark/lib/phases');
const { runProgram } = require('../benchmark/lib/program');
const { toText } = require('../benchmark/lib/table');

const script = (code, limitMs = 60000) => runProgram(process.execPath, (begin) => ['-e', code, String(begin)], { limitMs });

describe('a program', () => {
  test('gives the figures that it prints, and knows when it was started', async () => {
    const before = Date.now();
    const { begin, cpuMs } = await script('console.log("chatter"); console.log(JSON.stringify({ begin: Number(process.argv[1]), cpuMs: 3 }))');
    expect(begin).toBeGreaterThanOrEqual(before);
    expect(begin).toBeLessThanOrEqual(Date.now());
    expect(cpuMs).toBe(3);
  });

  test('that fails says why, and figures from before do not count', async () => {
    expect(await script('console.log(`{"cpuMs":1}`); throw new RangeError("too long")')).toEqual({ failed: expect.stringContaining('too long') });
    expect(await script('process.exit(7)')).toEqual({ failed: 'ended with 7' });
    expect(await script('')).toEqual({ failed: 'ended with 0' });
    expect(await runProgram('/no/such/program', () => [], { limitMs: 60000 })).toEqual({ failed: expect.stringMatching(/ENOENT|ended/) });
  });

  test('that does not end is ended', async () => {
    expect(await script('setInterval(() => {}, 1000)', 500)).toEqual({ failed: 'not done after 0.5 s' });
  });
});

test('without results of the core there is no table of phases', async () => {
  expect(await phaseTable({ available: true, path: '/no/such/program' }, 'file', [{ failed: 'why' }])).toBeUndefined();
});

test('shares of phases are of the whole time; a floor that cannot be measured is said to be missing', async () => {
  const results = [{ wallMs: 200, phases: [['reading', 100], ['distances', 30], ['distances', 20]] }];
  const table = await phaseTable({ available: true, path: '/no/such/program' }, 'file', results);
  const text = toText(table);
  expect(text).toMatch(/floor: reading the file, one core +not measured/);
  expect(text).toMatch(/reading, both threads +100 +50\.0/);
  expect(text).toMatch(/distances, second thread +50 +25\.0/);
});

test('the command line', () => {
  expect(parseArguments(['--only', '50,strings', '--runs', '2'], ANALYSIS)).toMatchObject({ only: ['50', 'strings'], runs: 2, quick: false });
  expect(() => parseArguments(['--heaps', '1'], ANALYSIS)).toThrow('unknown argument');
});
