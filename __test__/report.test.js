'use strict';

/** What a report has in it; report-page.test.js looks at it in a browser. */

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { MARK, MOST_BYTES, writeReport } = require('../lib/report');
const { openCpuProfile, openHeapSnapshot } = require('..');
const { HOSTILE, cpuFixture, dataOf, hostileFiles, idleProfile, leakingSnapshots } = require('./helpers/report');
const { tempFolder } = require('./helpers/temp-folder');

let folder;
let snapshots;

beforeAll(() => {
  folder = tempFolder();
  snapshots = leakingSnapshots(folder, 'two');
});

/** Writes a report, and gives what was said of it with its text and its data. */
async function report(files, options) {
  const output = path.join(tempFolder(), 'report.html');
  const said = await writeReport(files, output, options);
  const page = fs.readFileSync(output, 'utf8');
  return { output, said, page, data: dataOf(page) };
}

test('one file, and what it is made of', async () => {
  const { output, said, page, data } = await report([...snapshots, cpuFixture('node24')], { title: 'Two leaks' });
  expect(said).toEqual({ path: output, bytes: Buffer.byteLength(page), heap: 2, cpu: 1 });
  expect(fs.readdirSync(path.dirname(output))).toEqual(['report.html']);
  expect(page).not.toContain(MARK);
  expect(page).not.toContain('@@');
  expect(page).toContain("default-src 'none'");
  expect(page).toMatch(/d3-flame-graph \d[^]*Apache License/);
  expect(data.title).toBe('Two leaks');
  expect(data.files.map(({ name, kind }) => [name, kind])).toEqual([
    ['first.heapsnapshot', 'heap'], ['second.heapsnapshot', 'heap'], ['node24.cpuprofile', 'cpu'],
  ]);
});

test('the last snapshot is analysed against the first', async () => {
  const { data } = await report(snapshots);
  const [base, last] = await Promise.all(snapshots.map((file) => openHeapSnapshot(file)));
  expect(data.heap.snapshots.map(({ totalSize }) => totalSize))
    .toEqual([(await base.summary()).totalSize, (await last.summary()).totalSize]);
  expect(data.heap.suspects.map(({ sentence }) => sentence)).toEqual((await last.suspects({ base })).map(({ sentence }) => sentence));
  expect(data.heap.suspects[0].growth).not.toBeNull();
  const comparison = await last.compare(base);
  expect(data.heap.comparison.rowCount).toBe(comparison.rows.length);
  expect(data.heap.comparison.grown.map(({ id }) => id)).toEqual(comparison.grown.map(({ id }) => id));
  const { classes } = data.heap.snapshots[1];
  expect(data.heap.classes).toHaveLength(Math.min(2000, classes));
  expect(data.heap.tree.r).toBeGreaterThanOrEqual(data.heap.tree.c.reduce((sum, child) => sum + child.r, 0));
});

test('a single snapshot has no base, and is recognised when it is compressed', async () => {
  const file = path.join(folder, 'compressed.heapsnapshot.gz');
  fs.writeFileSync(file, zlib.gzipSync(fs.readFileSync(snapshots[1])));
  const seen = [];
  const { said, data } = await report([file], { onProgress: (progress) => seen.push(progress) });
  expect(said).toMatchObject({ heap: 1, cpu: 0 });
  expect(data.heap.comparison).toBeNull();
  expect(data.heap.suspects.map(({ growth }) => growth)).toEqual(data.heap.suspects.map(() => null));
  expect(seen.every(({ path: of, phase }) => of === file && ['read', 'analyse'].includes(phase))).toBe(true);
});

test('of three snapshots the one between is told by its sums', async () => {
  const { data } = await report([snapshots[0], snapshots[0], snapshots[1]]);
  expect(data.files.map(({ name }) => name)).toEqual([snapshots[0], snapshots[0], snapshots[1]]);
  expect(data.heap.snapshots).toHaveLength(3);
  expect(data.heap.snapshots[1].totalSize).toBe(data.heap.snapshots[0].totalSize);
  expect(data.heap.suspects[0].growth).not.toBeNull();
});

test('a profile has its functions once, and idle time and garbage collection as nodes of their own', async () => {
  const file = idleProfile(folder);
  const { data } = await report([file]);
  const [profile] = data.cpu;
  const analysis = await openCpuProfile(file);
  const [first] = await analysis.top();
  const [name, url] = profile.functions[profile.top[0].f];
  expect([name, url]).toEqual([first.functionName, first.url]);
  expect(new Set(profile.functions.map((fn) => fn.join('\0'))).size).toBe(profile.functions.length);
  const groups = profile.topDown.c.map(({ f }) => profile.functions[f][4]);
  expect(groups).toEqual(expect.arrayContaining(['(idle)', '(garbage collector)']));
  const sum = (nodes, key) => nodes.reduce((all, node) => all + node[key], 0);
  const { totalMs } = await analysis.summary();
  expect(sum(profile.topDown.c, 'm')).toBeCloseTo(totalMs, -1);
  // By their own time nothing is counted twice.
  expect(sum(profile.bottomUp.c, 's')).toBeLessThanOrEqual(totalMs + 1);
  expect(profile.hot.length).toBeGreaterThan(0);
});

test('names cannot end the element that the data stands in', async () => {
  const { page, data } = await report(hostileFiles(folder, snapshots[1]));
  expect(page).not.toContain(HOSTILE);
  expect(data.heap.classes.map(({ name }) => name)).toContain(HOSTILE);
  expect(data.cpu[0].functions.map(([name]) => name)).toContain(HOSTILE);
});

test('whatever is in the files, a report is at most 5 MB', async () => {
  const long = (i) => `f${i} ${'wide name '.repeat(60)}`;
  const functions = Array.from({ length: 3000 }, (_, i) => i);
  const nodes = functions.map((i) => ({
    id: i + 2, callFrame: { functionName: long(i), scriptId: '1', url: `/app/${long(i)}.js`, lineNumber: i, columnNumber: 0 }, hitCount: 1,
  }));
  const root = { id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, hitCount: 0 };
  // In chains, so that no frame is too small to be drawn.
  nodes.forEach((node, i) => { node.children = i % 100 === 99 ? [] : [i + 3]; });
  root.children = functions.filter((i) => i % 100 === 0).map((i) => i + 2);
  const profile = {
    nodes: [root, ...nodes], startTime: 0, endTime: 3e6, samples: functions.map((i) => i + 2), timeDeltas: functions.map(() => 1000),
  };
  const files = ['a', 'b', 'c', 'd'].map((name) => path.join(folder, `${name}.cpuprofile`));
  for (const file of files) fs.writeFileSync(file, JSON.stringify(profile));
  const { said, data } = await report(files);
  expect(said.bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(said.bytes).toBeGreaterThan(MOST_BYTES / 4);
  expect(data.cpu).toHaveLength(4);
  // Parents are bigger than their children, so they are never the ones left out.
  expect(data.cpu[0].topDown.c.length).toBeGreaterThan(0);
});

describe('what goes wrong leaves no file', () => {
  test.each([
    ['no files', () => [[]], { code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' }],
    ['a file that is not there', () => [['absent.heapsnapshot']], { code: 'ENOENT' }],
    ['a file of another kind', () => [[__filename]], { message: expect.stringMatching(/./) }],
    ['a title that is no text', () => [snapshots, { title: 1 }], { code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' }],
    ['an aborted signal', () => [snapshots, { signal: AbortSignal.abort() }], { name: 'AbortError' }],
  ])('%s', async (_, given, error) => {
    const output = path.join(tempFolder(), 'report.html');
    const [files, options] = given();
    await expect(writeReport(files, output, options)).rejects.toMatchObject(error);
    expect(fs.readdirSync(path.dirname(output))).toEqual([]);
  });

  test('a snapshot that was cut off', async () => {
    const cut = path.join(folder, 'cut.heapsnapshot');
    fs.writeFileSync(cut, fs.readFileSync(snapshots[0]).subarray(0, 200_000));
    const output = path.join(tempFolder(), 'report.html');
    await expect(writeReport([cut], output)).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_RS_PROFILER_/) });
    expect(fs.readdirSync(path.dirname(output))).toEqual([]);
  });
});
