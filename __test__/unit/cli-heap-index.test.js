'use strict';

/** `rs-profiler heap ... --index` and `heap summary --quick`: the same answers from what was kept, and sums of one pass. */

const fs = require('node:fs');
const path = require('node:path');

const { summarizeHeapSnapshot } = require('../..');
const { call } = require('../helpers/heap-command');
const { tempFolder } = require('../helpers/temp-folder');

const SMALL = path.join(__dirname, '..', '..', 'crates', 'core', 'tests', 'fixtures', 'devtools', 'n20.heapsnapshot.gz');

let file;
beforeEach(() => {
  file = path.join(tempFolder(), 'a.heapsnapshot.gz');
  fs.copyFileSync(SMALL, file);
});

test.each([
  [['summary', 'FILE']],
  [['statistics', 'FILE']],
  [['classes', 'FILE', '--filter', 'duplicatedStrings']],
  [['compare', 'FILE', 'FILE']],
  [['retainers', 'FILE', '--class', 'Map']],
  [['dominators', 'FILE']],
  [['strings', 'FILE', '--json']],
])('%j answers the same with an index, written or read', async (args) => {
  const asked = args.map((word) => (word === 'FILE' ? file : word));
  const expected = await call(asked);
  expect(expected).toMatchObject({ status: 0, stderr: '' });
  expect(await call([...asked, '--index'])).toEqual(expected);
  expect(fs.existsSync(`${file}.index`)).toBe(true);
  expect(await call([...asked, '--index'])).toEqual(expected);
});

test('JSON of the summary says where it is from', async () => {
  const indexed = async () => JSON.parse((await call(['summary', file, '--index', '--json'])).stdout).summary.indexed;
  expect([await indexed(), await indexed()]).toEqual(['written', 'read']);
});

test('what cannot have an index, and where none can be, is told', async () => {
  expect(await call(['summary', '-', '--index'], { input: 'x' })).toMatchObject({ status: 2, stderr: expect.stringContaining('Standard input can have no index') });
  expect(await call(['summary', file, '--index', '--quick'])).toMatchObject({ status: 2, stderr: expect.stringContaining('leave one of the two out') });
  const linked = path.join(tempFolder(), 'b.heapsnapshot');
  fs.symlinkSync(file, linked);
  fs.symlinkSync(path.join(path.dirname(linked), 'none', 'c'), `${linked}.index`);
  expect(await call(['summary', linked, '--index'])).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/The index .* cannot be written: leave out --index/) });
});

test('heap summary --quick has the sums of summarizeHeapSnapshot', async () => {
  const found = JSON.parse((await call(['summary', file, '--quick', '--json', '--limit', '3'])).stdout);
  const { names, strings, ...sums } = await summarizeHeapSnapshot(file);
  expect(found).toEqual({ ...sums, names: names.slice(0, 3), strings: { ...strings, largest: strings.largest.slice(0, 3) } });
});

test('its tables name types, names and strings', async () => {
  const { status, stdout, stderr } = await call(['summary', file, '--quick']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^3\.2 MB in 40,882 nodes with 185,055 edges\n/);
  expect(stdout).toMatch(/^ +Size +Share +Count {2}Type$/m);
  expect(stdout).toMatch(/^ *[\d.]+ kB .* {2}\(compiled code\)$/m);
  expect(stdout).toMatch(/^[\d,]+ strings, [\d.]+ .?B$/m);
  expect(stdout.split('\n').filter((line) => / {2}@\d+ {2}"/.test(line)).length).toBe(10);
});

test('of a file that is cut off it says how much these are the sums of', async () => {
  fs.truncateSync(file, fs.statSync(file).size / 2);
  const { status, stdout, stderr } = await call(['summary', file, '--quick']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/ in 40,882 nodes with /);
  expect(stderr).toMatch(/is cut off at byte [\d,]+, in its section "edges": these are 40,882 of 40,882 nodes/);
});
