'use strict';

/** summarizeHeapSnapshot: the sums are those of the analysis, from files and streams, of what is there of a file. */

const fs = require('node:fs');
const path = require('node:path');
const { pipeline, Readable } = require('node:stream');
const zlib = require('node:zlib');
const { openHeapSnapshot, summarizeHeapSnapshot } = require('../..');
const { tempFolder } = require('../helpers/temp-folder');

const FIXTURES = path.resolve(__dirname, '..', '..', 'crates', 'core', 'tests', 'fixtures', 'devtools');
const FILE = path.join(FIXTURES, 'n20.heapsnapshot.gz');
const sum = (rows, key) => rows.reduce((total, row) => total + row[key], 0);

let text;
let analysis;
beforeAll(async () => {
  text = zlib.gunzipSync(fs.readFileSync(FILE));
  analysis = await openHeapSnapshot(FILE);
});
afterAll(() => analysis.close());

test('the sums are those of the analysis', async () => {
  const summary = await summarizeHeapSnapshot(FILE);
  const { nodes, edges, totalSize, textBytes } = await analysis.summary();
  expect(summary).toMatchObject({ nodes, edges, totalSize, textBytes, truncation: null, approximate: false });
  expect(sum(summary.types, 'count')).toBe(nodes);
  expect(sum(summary.edgeTypes, 'count')).toBe(edges);
  const { native, v8heap } = await analysis.statistics();
  expect(sum(summary.types, 'shallowSize')).toBeLessThanOrEqual(native.total + v8heap.total);
  expect(summary.strings.shallowSize).toBe(v8heap.strings);
  const functions = (await analysis.classes()).find((row) => row.name === 'Function');
  expect(summary.names.find((row) => row.name === 'Function')).toMatchObject({ count: functions.count, missed: 0 });
  const [largest] = summary.strings.largest;
  const node = await analysis.node(largest.id);
  expect({ id: node.id, shallowSize: node.shallowSize, text: node.name }).toEqual(largest);
  const sizes = summary.names.map((row) => row.shallowSize);
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  expect(Object.keys(summary)).toEqual([
    'nodes', 'edges', 'totalSize', 'detached', 'textBytes', 'truncation', 'types', 'edgeTypes', 'names', 'approximate', 'strings', 'texts',
    'textsBytes',
  ]);
});

test('a stream gives the same, compressed or not', async () => {
  const expected = await summarizeHeapSnapshot(FILE);
  expect(await summarizeHeapSnapshot(fs.createReadStream(FILE))).toEqual(expected);
  expect(await summarizeHeapSnapshot(Readable.from([text.subarray(0, 9), text.subarray(9)]))).toEqual(expected);
});

test('of a file that was cut off the sums are of what is there', async () => {
  const half = Math.floor(text.length / 2);
  const summary = await summarizeHeapSnapshot(Readable.from([text.subarray(0, half)]));
  expect(summary.truncation).toMatchObject({ section: 'edges', offset: half, nodes: summary.nodes, promisedNodes: summary.nodes });
  expect(summary.nodes).toBe((await analysis.summary()).nodes);
  expect(summary.names[0].name).toEqual(expect.any(String));
});

test('what is no snapshot, or damaged, is refused', async () => {
  const file = path.join(tempFolder(), 'a.heapsnapshot');
  for (const junk of ['', 'junk', '{"snapshot":1}', `${text.subarray(0, 3000)}[`]) {
    fs.writeFileSync(file, junk);
    await expect(summarizeHeapSnapshot(file)).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_RS_PROFILER_(INVALID|TRUNCATED)_SNAPSHOT$/), section: expect.any(String), offset: expect.any(Number),
    });
  }
  await expect(summarizeHeapSnapshot(`${file}.none`)).rejects.toMatchObject({ code: 'ENOENT' });
  for (const nonsense of [undefined, null, 1, {}, new Uint8Array(4)]) {
    await expect(summarizeHeapSnapshot(nonsense)).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  }
  await expect(summarizeHeapSnapshot(FILE, { partial: true })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
});

test('it can be watched and given up', async () => {
  const seen = [];
  await summarizeHeapSnapshot(FILE, { onProgress: (progress) => seen.push(progress) });
  expect(seen.pop()).toEqual({ phase: 'read', done: fs.statSync(FILE).size, total: fs.statSync(FILE).size });
  const controller = new AbortController();
  const endless = pipeline(Readable.from((function* beginning() { yield text.subarray(0, 1 << 16); for (;;) yield ' '; })()), async function* pass(source) {
    for await (const piece of source) {
      yield piece;
      controller.abort();
    }
  }, () => {});
  await expect(summarizeHeapSnapshot(endless, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
});
