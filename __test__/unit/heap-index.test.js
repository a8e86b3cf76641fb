'use strict';

/** openHeapSnapshot with an index: what is kept beside the snapshot answers the same, is made anew when it does not fit, and harms nothing. */

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const zlib = require('node:zlib');
const { openHeapSnapshot } = require('../..');
const { tempFolder } = require('../helpers/temp-folder');

const FIXTURES = path.resolve(__dirname, '..', '..', 'crates', 'core', 'tests', 'fixtures', 'devtools');
const textOf = (name) => zlib.gunzipSync(fs.readFileSync(path.join(FIXTURES, `${name}.heapsnapshot.gz`)));
/** Whole seconds: setting a time must not change it. */
const WHEN = 1700000000;
const INVALID = { code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' };

let folder;
let file;
let index;
const opened = [];

beforeEach(() => {
  folder = tempFolder();
  file = path.join(folder, 'a.heapsnapshot');
  index = `${file}.index`;
  fs.writeFileSync(file, textOf('n20'));
  fs.utimesSync(file, WHEN, WHEN);
});

afterEach(() => {
  for (const analysis of opened.splice(0)) analysis.close();
});

async function open(options, snapshot = file) {
  const analysis = await openHeapSnapshot(snapshot, options);
  opened.push(analysis);
  return analysis;
}

const indexedOf = async (analysis) => (await analysis.summary()).indexed;

/** Every kind of question. */
async function answersOf(analysis, base) {
  const classes = await analysis.classes();
  const [biggest] = await analysis.instances(classes[0], { limit: 1 });
  const objects = await analysis.instances('Object', { limit: 50 });
  const asked = objects.concat(biggest).map(async (object) => [
    await analysis.node(object.id),
    await analysis.dominated(object),
    await analysis.retainers(object),
    await analysis.retainingPath(object),
    await analysis.allocationStack(object),
  ]);
  const { indexed, ...summary } = await analysis.summary();
  return [
    typeof indexed,
    summary,
    classes,
    await analysis.statistics(),
    await analysis.classes({ filter: 'retainedByContexts' }),
    await analysis.duplicatedStrings({ limit: Infinity }),
    await analysis.dominatorTree(),
    await analysis.compare(base),
    await Promise.all(asked),
  ].slice(1);
}

test('the second opening answers as the first, and reads nothing of the snapshot', async () => {
  const base = await open();
  expect(await indexedOf(base)).toBeNull();
  expect(fs.readdirSync(folder)).toEqual(['a.heapsnapshot']);
  const expected = await answersOf(base, base);

  const written = await open({ index: true });
  expect(await indexedOf(written)).toBe('written');
  expect(fs.readdirSync(folder).sort()).toEqual(['a.heapsnapshot', 'a.heapsnapshot.index']);
  expect(fs.statSync(index).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
  expect(await answersOf(written, base)).toEqual(expected);

  fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size, 'x'));
  fs.utimesSync(file, WHEN, WHEN);
  const read = await open({ index: true });
  expect(await indexedOf(read)).toBe('read');
  expect(await answersOf(read, base)).toEqual(expected);
});

test('progress is told until the index is there', async () => {
  const phases = new Set();
  await open({ index: true, onProgress: ({ phase, done, total }) => phases.add(phase) && expect(done).toBeLessThanOrEqual(total) });
  expect([...phases].pop()).toBe('index');
});

test('a snapshot that has changed has a new index, and who has the old one open keeps it', async () => {
  const first = await open({ index: true });
  const classes = await first.classes();
  const second = textOf('n24');
  for (const [text, when] of [[second, WHEN], [second, WHEN + 1]]) {
    fs.writeFileSync(file, text);
    fs.utimesSync(file, when, when);
    const again = await open({ index: true });
    expect(await indexedOf(again)).toBe('written');
    expect(await again.classes()).not.toEqual(classes);
    expect(await indexedOf(await open({ index: true }))).toBe('read');
  }
  expect(await first.classes()).toEqual(classes);
  expect(await first.retainers((await first.instances('Object', { limit: 1 }))[0])).toEqual(expect.any(Array));
});

test.each([
  ['cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['longer', (bytes) => Buffer.concat([bytes, Buffer.alloc(64)])],
  ['of another version', (bytes) => bytes.fill(0x7a, 8, 12)],
  ['damaged in its table', (bytes) => bytes.fill(0xff, 64, 128)],
])('an index that is %s is made anew', async (_, damage) => {
  await open({ index: true });
  fs.writeFileSync(`${index}.new`, damage(fs.readFileSync(index)));
  fs.renameSync(`${index}.new`, index);
  expect(await indexedOf(await open({ index: true }))).toBe('written');
  expect(await indexedOf(await open({ index: true }))).toBe('read');
});

test('columns of nothing but ones give wrong numbers or an error, and harm nothing', async () => {
  await open({ index: true });
  const bytes = fs.readFileSync(index);
  const sections = bytes.readUInt32LE(12);
  for (let entry = 64; entry < 64 + 32 * sections; entry += 32) {
    const start = Number(bytes.readBigUInt64LE(entry + 8));
    const length = Number(bytes.readBigUInt64LE(entry + 16));
    const damaged = Buffer.from(bytes).fill(0xff, start, start + length);
    fs.writeFileSync(`${index}.new`, damaged);
    fs.renameSync(`${index}.new`, index);
    const analysis = await open({ index: true });
    const classes = await analysis.classes();
    await Promise.allSettled([
      analysis.statistics(),
      analysis.duplicatedStrings(),
      analysis.dominatorTree(),
      analysis.compare(analysis),
      ...classes.slice(0, 5).map((row) => analysis.instances(row)),
      ...[1, 3, 5, 101].flatMap((id) => [analysis.node(id), analysis.dominated(id), analysis.retainers(id), analysis.retainingPath(id)]),
    ]);
  }
});

test('it can be at another place, or in another folder', async () => {
  const place = path.join(folder, 'b');
  expect(await indexedOf(await open({ index: place }))).toBe('written');
  expect(await indexedOf(await open({ index: Buffer.from(place) }))).toBe('read');
  fs.mkdirSync(path.join(folder, 'indexes'));
  expect(await indexedOf(await open({ index: pathToFileURL(path.join(folder, 'indexes')) }))).toBe('written');
  expect(fs.readdirSync(path.join(folder, 'indexes'))).toEqual(['a.heapsnapshot.index']);
  expect(fs.readdirSync(folder).sort()).toEqual(['a.heapsnapshot', 'b', 'indexes']);
});

test('where it cannot be written that is said, and nothing is left behind', async () => {
  const missing = path.join(folder, 'none', 'b');
  const refused = open({ index: missing });
  await expect(refused).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INDEX_NOT_WRITTEN', path: missing });
  await expect(refused).rejects.toThrow(/Give another place with index/);
  expect(fs.readdirSync(folder)).toEqual(['a.heapsnapshot']);
});

test('a file that is no index is let be', async () => {
  const notes = path.join(folder, 'notes.txt');
  for (const content of ['mine', '', fs.readFileSync(file).subarray(0, 5000)]) {
    fs.writeFileSync(notes, content);
    await expect(open({ index: notes })).rejects.toMatchObject({ ...INVALID, message: expect.stringContaining('is no index') });
    expect(fs.readFileSync(notes)).toEqual(Buffer.from(content));
  }
  expect(await openHeapSnapshot(file).then((analysis) => analysis.close())).toBeUndefined();
});

test('a part of a file that was cut off has an index, for who takes parts', async () => {
  const text = fs.readFileSync(file);
  fs.writeFileSync(file, text.subarray(0, text.length / 2));
  await expect(open({ index: true })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT' });
  expect(fs.existsSync(index)).toBe(false);
  const { truncation, ...rest } = await (await open({ index: true, partial: true })).summary();
  expect(truncation).toMatchObject({ section: 'edges', offset: Math.floor(text.length / 2) });
  const again = await (await open({ index: true, partial: true })).summary();
  expect(again).toEqual({ ...rest, truncation, indexed: 'read' });
  await expect(open({ index: true })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT' });
});

test('who gives up leaves nothing behind', async () => {
  const controller = new AbortController();
  const given = open({ index: true, signal: controller.signal, onProgress: () => controller.abort() });
  await given.then(
    // It was done before anybody looked.
    () => expect(fs.existsSync(index)).toBe(true),
    (error) => expect(error.name).toBe('AbortError'),
  );
  const partial = () => fs.readdirSync(folder).filter((name) => name.endsWith('.partial'));
  while (partial().length > 0) await new Promise((resolve) => { setTimeout(resolve, 10); });
});

test('a stream, a folder and nonsense have none', async () => {
  await expect(open({ index: true }, fs.createReadStream(file))).rejects.toMatchObject(INVALID);
  for (const nonsense of [1, null, {}, [], Symbol('s'), 'a\0b']) await expect(open({ index: nonsense })).rejects.toMatchObject(INVALID);
  await expect(open({ index: '' })).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(open({ index: true }, folder)).rejects.toMatchObject(INVALID);
  if (fs.existsSync('/dev/null')) await expect(open({ index: '/dev/null' })).rejects.toMatchObject(INVALID);
});
