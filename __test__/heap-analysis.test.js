'use strict';

/** openHeapSnapshot and redactHeapSnapshot, on snapshots of a program that leaks on purpose. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const zlib = require('node:zlib');
const { openHeapSnapshot, redactHeapSnapshot, writeHeapSnapshot } = require('..');
const { tempFolder } = require('./helpers/temp-folder');

const LEAKS = path.join(__dirname, '..', 'crates', 'core', 'tests', 'fixtures', 'leaks.js');

let earlier;
let later;

beforeAll(() => {
  const folder = tempFolder();
  [earlier, later] = ['a', 'b'].map((name) => path.join(folder, `${name}.heapsnapshot`));
  execFileSync(process.execPath, [LEAKS, 'two', earlier, later]);
});

const INVALID = expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });

describe('openHeapSnapshot', () => {
  test('has the counts of the file, from a path, its text, its gzip-ed text and a stream', async () => {
    const text = fs.readFileSync(later);
    const { snapshot } = JSON.parse(text);
    const analyses = await Promise.all([later, text, zlib.gzipSync(text), fs.createReadStream(later)].map((input) => openHeapSnapshot(input)));
    const answers = await Promise.all(analyses.map(async (analysis) => [await analysis.summary(), await analysis.classes()]));
    const [summary, classes] = answers[0];
    expect(summary).toMatchObject({
      nodes: snapshot.node_count, edges: snapshot.edge_count, classes: classes.length, truncation: null,
      textBytes: text.length,
    });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(classes.reduce((sum, row) => sum + row.shallowSize, 0)).toBe(summary.totalSize);
    expect(classes.map((row) => row.retainedSize)).toEqual(classes.map((row) => row.retainedSize).sort((a, b) => b - a));
  });

  test('names both leaks, what grew, and the way to them', async () => {
    const [base, analysis] = [await openHeapSnapshot(earlier), await openHeapSnapshot(later)];
    const suspects = await analysis.suspects({ base });
    expect(suspects.map(({ container, path: way }) => [container, way.at(-1).edgeName])).toEqual([
      ['listeners', 'config'], ['Map', 'sessions'],
    ]);
    const [{ id, growth, retainedSize, sentence, accumulated }] = suspects;
    expect(growth).toMatchObject({ baseElements: 3000, elements: 6000 });
    expect(sentence).toMatch(/listeners .*config holds 6000 Function/);
    expect(accumulated.place.url).toBe(LEAKS);
    const node = await analysis.node(id);
    expect(node).toMatchObject({ id, retainedSize, className: 'Array' });
    const way = await analysis.retainingPath(node);
    expect(way.at(-1)).toMatchObject({ toId: id, edgeName: 'config' });
    expect((await analysis.retainers(id)).map((row) => row.id)).toContain(way.at(-1).id);
    const dominated = await analysis.dominated(id);
    expect(dominated.reduce((sum, row) => sum + row.retainedSize, node.shallowSize)).toBe(retainedSize);
    const { matchedBy, grown, totalSize, baseTotalSize } = await analysis.compare(base);
    expect(matchedBy).toBe('id');
    expect(totalSize).toBeGreaterThan(baseTotalSize);
    expect(grown.slice(0, 2).map((row) => row.id)).toEqual(suspects.map((suspect) => suspect.id));
    expect(await base.suspects({ base })).toEqual([]);
  });

  test('answers about classes, strings and the dominator tree agree with each other', async () => {
    const analysis = await openHeapSnapshot(later);
    const classes = await analysis.classes();
    const row = classes.find(({ name }) => name === 'EventEmitter');
    const instances = await analysis.instances(row);
    expect(instances).toHaveLength(row.count);
    expect(await analysis.instances('EventEmitter')).toEqual(instances);
    expect(await analysis.instances(row.id, { limit: 1 })).toEqual(instances.slice(0, 1));
    const [string] = await analysis.duplicatedStrings({ limit: 1 });
    expect(string.count).toBeGreaterThan(1);
    expect((await analysis.node(string.ids[0])).name).toBe(string.text);
    const duplicated = await analysis.classes({ filter: 'duplicatedStrings' });
    expect(duplicated.map(({ name }) => name)).toContain('(string)');
    const tree = await analysis.dominatorTree({ leastShare: 0.01, deepest: 3 });
    const { total } = await analysis.statistics();
    const check = (node, depth) => {
      expect(node.children.length).toBeLessThanOrEqual(node.dominated);
      expect(node.children.reduce((sum, child) => sum + child.retainedSize, 0)).toBeLessThanOrEqual(node.retainedSize);
      expect(depth).toBeLessThanOrEqual(3);
      for (const child of node.children) {
        expect(child.retainedSize).toBeGreaterThanOrEqual(Math.floor(total * 0.01));
        check(child, depth + 1);
      }
    };
    check(tree, 0);
    expect(tree.children.length).toBeGreaterThan(0);
  });

  test('tells that two processes cannot be compared by id', async () => {
    const other = path.join(tempFolder(), 'other.heapsnapshot');
    execFileSync(process.execPath, [LEAKS, 'map', other]);
    const { matchedBy, grown, rows } = await (await openHeapSnapshot(later)).compare(await openHeapSnapshot(other));
    expect([matchedBy, grown]).toEqual(['shape', []]);
    expect(rows.length).toBeGreaterThan(0);
  });

  test('says what is wrong, and where; opens what is whole if asked', async () => {
    const text = fs.readFileSync(later);
    const half = text.subarray(0, text.length / 2);
    await expect(openHeapSnapshot(half)).rejects.toMatchObject({
      code: 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT', section: 'edges', offset: half.length,
    });
    const { truncation, nodes } = await (await openHeapSnapshot(half, { partial: true })).summary();
    expect(truncation).toMatchObject({ section: 'edges', nodes, promisedNodes: nodes });
    await expect(openHeapSnapshot(Buffer.from('{"nodes":[]}'))).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_SNAPSHOT' });
    await expect(openHeapSnapshot(path.join(tempFolder(), 'none'))).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' });
    await expect(openHeapSnapshot(7)).rejects.toEqual(INVALID);
    const analysis = await openHeapSnapshot(text);
    for (const call of [
      () => analysis.node(4e9), () => analysis.node('x'), () => analysis.instances('NoSuchClass'), () => analysis.compare({}),
      () => analysis.classes({ filter: 'none' }), () => analysis.dominated(-1),
    ]) await expect(call()).rejects.toEqual(INVALID);
    analysis.close();
    await expect(analysis.summary()).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_DELETED' });
  });

  test('can be stopped and watched, and what a callback throws comes out', async () => {
    await expect(openHeapSnapshot(later, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORT_ERR' });
    const controller = new AbortController();
    const slow = async function* slow() {
      yield fs.readFileSync(later).subarray(0, 1e6);
      controller.abort();
      await new Promise((resolve) => setTimeout(resolve, 100));
      yield Buffer.from('never read');
    };
    await expect(openHeapSnapshot(slow(), { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    const broken = async function* broken() {
      yield Buffer.from('{"snapshot":');
      throw new RangeError('broken');
    };
    await expect(openHeapSnapshot(broken())).rejects.toThrow(new RangeError('broken'));
    const seen = [];
    const patient = async function* patient() {
      yield fs.readFileSync(later);
      await new Promise((resolve) => setTimeout(resolve, 200));
    };
    await openHeapSnapshot(patient(), { onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toEqual({ phase: expect.stringMatching(/^(read|analyse)$/), done: expect.any(Number), total: expect.any(Number) });
    expect(seen[seen.length - 1]).toEqual({ phase: 'analyse', done: 12, total: 12 });
    const thrown = new Error('enough');
    await expect(openHeapSnapshot(patient(), { onProgress: () => { throw thrown; } })).rejects.toBe(thrown);
  });
});

describe('redactHeapSnapshot', () => {
  test('keeps counts, sizes and classes, and takes the texts', async () => {
    const output = path.join(tempFolder(), 'clean.heapsnapshot');
    const { redacted } = await redactHeapSnapshot(later, output);
    expect(redacted.blanked).toBeGreaterThan(1000);
    const [before, after] = await Promise.all([later, output].map(async (file) => (await openHeapSnapshot(file)).classes()));
    expect(after).toEqual(before);
    const secret = [later, output].map((file) => fs.readFileSync(file).includes('p-a-y-l-o-a-d- -1-7-'));
    expect(secret).toEqual([true, false]);
    expect(fs.statSync(output).mode & 0o777).toBe(0o600);
  });

  test('leaves nothing behind when it fails', async () => {
    const folder = tempFolder();
    const output = path.join(folder, 'clean.heapsnapshot');
    await expect(redactHeapSnapshot(Buffer.from('{"snap'), output)).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_SNAPSHOT' });
    await expect(redactHeapSnapshot(later, output, { redact: { keep: [/a/y] } })).rejects.toEqual(INVALID);
    await expect(redactHeapSnapshot(later, output, { redact: 'none' })).rejects.toEqual(INVALID);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

test('what this package wrote without redaction it redacts later, forked or not', async () => {
  const folder = tempFolder();
  for (const isolation of ['auto', 'inline']) {
    const { path: file, nodes } = await writeHeapSnapshot(path.join(folder, `${isolation}.heapsnapshot`), { isolation });
    const output = path.join(folder, `${isolation}.redacted.heapsnapshot`);
    await redactHeapSnapshot(file, output);
    expect(await (await openHeapSnapshot(output)).summary()).toMatchObject({ nodes });
  }
});

test('what this package writes it reads, compressed and redacted', async () => {
  const folder = tempFolder();
  for (const compress of ['none', 'gzip', 'zstd']) {
    const { path: file, nodes, edges } = await writeHeapSnapshot(path.join(folder, `${compress}.heapsnapshot`), { compress, redact: 'strings' });
    expect(await (await openHeapSnapshot(file)).summary()).toMatchObject({ nodes, edges });
  }
});

test('a script whose text begins after a wrapper, as test runners have it, is read, and its places are in the file', async () => {
  const text = 'module.exports = class Kept {};\nmodule.exports.other = class Other {};';
  const options = { filename: '/wrapped.js', lineOffset: -3, columnOffset: -196 };
  const module = { exports: {} };
  vm.runInThisContext(`(function wrapper(module) {${text}\n})`, options)(module);
  const kept = [new module.exports(), new module.exports.other(), vm.runInThisContext('(class Wrapped {})', options)];
  kept.push(new kept[2]());
  const { path: file } = await writeHeapSnapshot(path.join(tempFolder(), 'wrapped.heapsnapshot'));
  const analysis = await openHeapSnapshot(file);
  for (const { constructor } of [kept[0], kept[1], kept[3]]) {
    const rows = await analysis.instances(constructor.name);
    expect(rows.map(({ place }) => place)).toContainEqual({ url: '/wrapped.js', lineNumber: 1, columnNumber: expect.any(Number) });
    for (const { place } of rows) expect(place.columnNumber).toBeLessThan(100);
  }
});

test('across processes: classes of one name in two files are two rows, and memory off the heap is told', async () => {
  const folder = tempFolder();
  for (const name of ['one', 'other']) fs.writeFileSync(path.join(folder, `${name}.js`), 'module.exports = class Entry {\n  constructor() { this.rows = [1, 2, 3]; }\n};');
  const main = path.join(folder, 'main.js');
  fs.writeFileSync(main, `const [One, Other] = [require('./one'), require('./other')];
const [file, ones, others, bytes] = process.argv.slice(2);
globalThis.kept = [Array.from({ length: ones }, () => new One()), Array.from({ length: others }, () => new Other()), Buffer.alloc(Number(bytes))];
require('v8').writeHeapSnapshot(file);`);
  const snapshotOf = (name, ...numbers) => {
    const file = path.join(folder, `${name}.heapsnapshot`);
    execFileSync(process.execPath, [main, file, ...numbers.map(String)]);
    return openHeapSnapshot(file);
  };
  const base = await snapshotOf('base', 10, 10, 1000);
  const analysis = await snapshotOf('later', 10, 500, 10_000_000);
  const { matchedBy, rows, baseNativeSize, nativeSize } = await analysis.compare(base);
  expect(matchedBy).toBe('shape');
  expect(rows.filter(({ name, countDelta }) => name === 'Entry' && countDelta !== 0)).toEqual([
    expect.objectContaining({ countDelta: 490, place: expect.objectContaining({ url: expect.stringMatching(/other\.js$/) }) }),
  ]);
  expect(nativeSize - baseNativeSize).toBeGreaterThan(9_000_000);
  const said = execFileSync(process.execPath, [path.join(__dirname, '..', 'bin', 'rs-profiler.js'), 'heap', 'suspects', path.join(folder, 'later.heapsnapshot'),
    '--base', path.join(folder, 'base.heapsnapshot')], { encoding: 'utf8' });
  expect(said).toMatch(/Memory off the JavaScript heap grew by \S+ MB since the base/);
});
