'use strict';

/** openHeapSnapshot on snapshots of the core's fixtures, whose tables Chrome DevTools computed: answers, limits, junk, damage. */

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const zlib = require('node:zlib');
const { openHeapSnapshot } = require('../..');
const { testIf } = require('../helpers/needs');
const { tempFolder } = require('../helpers/temp-folder');

const FIXTURES = path.resolve(__dirname, '..', '..', 'crates', 'core', 'tests', 'fixtures', 'devtools');
const fixture = (name) => path.join(FIXTURES, name);
const json = (name) => JSON.parse(fs.readFileSync(fixture(name), 'utf8'));
const N20 = fixture('n20.heapsnapshot.gz');

const opened = [];
async function open(...args) {
  const analysis = await openHeapSnapshot(...args);
  opened.push(analysis);
  return analysis;
}

/** One for all tests that close nothing. */
let shared;
let text;

beforeAll(async () => {
  shared = await openHeapSnapshot(N20);
  text = zlib.gunzipSync(fs.readFileSync(N20));
});

afterAll(() => shared.close());
afterEach(() => {
  for (const analysis of opened.splice(0)) analysis.close();
});

/** The text as a frame of zstd; where Node has none, of blocks that are not compressed. */
function zstdOf(plain) {
  if (zlib.zstdCompressSync) return zlib.zstdCompressSync(plain);
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x50])];
  for (let at = 0; at < plain.length; at += 1 << 16) {
    const block = plain.subarray(at, at + (1 << 16));
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | Number(at + block.length === plain.length), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

const INVALID = { code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' };
/** By name and numbers: DevTools' keys have a script, a line and a column that nobody else knows. */
const sorted = (rows) => rows.map((row) => row.join('|')).sort();
const nameOf = (key) => key.replace(/^(\d+,\d+,\d+)?,/, '');

describe('the answers are those of DevTools:', () => {
  test('statistics and the class table', async () => {
    const { stat, agg } = json('n20.classes.json');
    expect(await shared.statistics()).toEqual(stat);
    const rows = await shared.classes();
    expect(sorted(rows.map((row) => [row.name, row.count, row.shallowSize, row.retainedSize, row.distance]))).toEqual(
      sorted(Object.entries(agg).map(([key, numbers]) => [nameOf(key), ...numbers])),
    );
    expect(Object.keys(rows[0])).toEqual(['id', 'name', 'count', 'shallowSize', 'retainedSize', 'distance', 'place']);
    expect(rows.map((row) => row.retainedSize)).toEqual(rows.map((row) => row.retainedSize).sort((a, b) => b - a));
    expect(rows.find(({ name }) => name === 'Foo').place).toEqual({ url: expect.any(String), lineNumber: expect.any(Number), columnNumber: expect.any(Number) });
  });

  test('summary', async () => {
    const { snapshot } = JSON.parse(text);
    const { total } = await shared.statistics();
    expect(await shared.summary()).toEqual({
      nodes: snapshot.node_count, edges: snapshot.edge_count, classes: (await shared.classes()).length,
      totalSize: total, textBytes: text.length, truncation: null, indexed: null,
    });
  });

  test('comparison', async () => {
    const [base, later] = await Promise.all(['pairA', 'pairB'].map((name) => open(fixture(`${name}.heapsnapshot.gz`))));
    const { matchedBy, rows, totalSize, baseTotalSize } = await later.compare(base);
    expect(matchedBy).toBe('id');
    expect([baseTotalSize, totalSize]).toEqual([(await base.statistics()).total, (await later.statistics()).total]);
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      expect([row.countDelta, row.sizeDelta]).toEqual([row.addedCount - row.removedCount, row.addedSize - row.removedSize]);
    }
    expect((await later.compare(base, { limit: 2 })).rows).toEqual(rows.slice(0, 2));
    expect((await later.compare(later)).rows).toEqual([]);
  });
});

describe('answers agree with each other', () => {
  test('about classes and their objects', async () => {
    const row = (await shared.classes()).find(({ name }) => name === 'Foo');
    const instances = await shared.instances(row);
    expect(instances).toHaveLength(row.count);
    expect(instances.reduce((sum, { shallowSize }) => sum + shallowSize, 0)).toBe(row.shallowSize);
    expect(new Set(instances.map(({ className }) => className))).toEqual(new Set(['Foo']));
    expect(await shared.instances('Foo')).toEqual(instances);
    expect(await shared.instances(row.id, { limit: 1 })).toEqual(instances.slice(0, 1));
    expect(await shared.node(instances[3])).toEqual(instances[3]);
    // Numbers of classes are an analysis's own: a row of another one, or of an object, is not taken for something else.
    for (const foreign of [{ ...row, id: row.id + 1 }, { ...row, name: 'Bar' }, instances[3]]) {
      await expect(shared.instances(foreign)).rejects.toMatchObject({ ...INVALID, message: expect.stringMatching(/^The snapshot has no class "\w+" with the id \d+: take a row/) });
    }
  });

  test('about what holds and what is held', async () => {
    const [foo] = await shared.instances('Foo');
    const way = await shared.retainingPath(foo.id);
    expect(way[way.length - 1].toId).toBe(foo.id);
    for (const [at, step] of way.slice(1).entries()) expect(way[at].toId).toBe(step.id);
    expect((await shared.retainers(foo)).map(({ id, edgeName }) => [id, edgeName])).toContainEqual([way[way.length - 1].id, way[way.length - 1].edgeName]);
    const dominated = await shared.dominated(foo, { limit: Infinity });
    expect(dominated.reduce((sum, row) => sum + row.retainedSize, foo.shallowSize)).toBe(foo.retainedSize);
    expect(await shared.allocationStack(foo)).toEqual([]);
  });

  test('about strings', async () => {
    const [string] = await shared.duplicatedStrings({ limit: 1 });
    expect(string.count).toBeGreaterThan(1);
    expect((await shared.node(string.ids[0])).name).toBe(string.text);
    expect((await shared.classes({ filter: 'duplicatedStrings' })).map(({ name }) => name)).toContain('(string)');
  });

  test('about the dominator tree', async () => {
    const tree = await shared.dominatorTree({ leastShare: 0.01, deepest: 3 });
    const { total } = await shared.statistics();
    const check = (node, depth) => {
      expect(depth).toBeLessThanOrEqual(3);
      expect(node.children.length).toBeLessThanOrEqual(node.dominated);
      for (const child of node.children) {
        expect(child.retainedSize).toBeGreaterThanOrEqual(Math.floor(total * 0.01));
        check(child, depth + 1);
      }
    };
    check(tree, 0);
    expect(tree.children.length).toBeGreaterThan(0);
    const [child] = tree.children;
    expect(await shared.dominatorTree({ id: child, leastShare: 0.01, deepest: 2 })).toEqual(child);
  });
});

test('of rows that may be millions a thousand come, unless others are wanted', async () => {
  const { count } = (await shared.classes()).find(({ name }) => name === '(string)');
  expect(count).toBeGreaterThan(1000);
  const lengths = async (options) => [(await shared.instances('(string)', options)).length, (await shared.classes(options)).length];
  const { classes } = await shared.summary();
  expect(await lengths()).toEqual([1000, classes]);
  expect(await lengths({ limit: Infinity })).toEqual([count, classes]);
  expect(await lengths({ limit: 0 })).toEqual([0, 0]);
  expect(await lengths({ limit: 7 })).toEqual([7, 7]);
});

test('a thousand questions at once are answered, each with its own answer', async () => {
  const rows = await shared.instances('Function');
  expect(await Promise.all(rows.map((row) => shared.node(row)))).toEqual(rows);
});

describe('a file is found by', () => {
  test.each([
    ['a Buffer', () => Buffer.from(N20)],
    ['a file URL', () => pathToFileURL(N20)],
    ['a relative path', () => path.relative(process.cwd(), N20)],
  ])('%s', async (name, input) => {
    const analysis = await open(input());
    expect(await analysis.summary()).toEqual(await shared.summary());
  });

  test('a name that is not UTF-8', async () => {
    const file = Buffer.concat([Buffer.from(`${tempFolder()}/`), Buffer.from([0xff, 0xfe])]);
    fs.copyFileSync(N20, file);
    expect(await (await open(file)).summary()).toEqual(await shared.summary());
  });
});

describe('a file is read as it lies there:', () => {
  const named = (name, bytes) => {
    const file = path.join(tempFolder(), name);
    fs.writeFileSync(file, bytes);
    return file;
  };

  test('plain, whatever it is called', async () => {
    expect(await (await open(named('a.gz', text))).classes()).toEqual(await shared.classes());
  });

  test('compressed with zstd', async () => {
    expect(await (await open(named('a.heapsnapshot', zstdOf(text)))).classes()).toEqual(await shared.classes());
  });

  test('cut off: refused, with the place, or opened as far as it goes', async () => {
    const half = text.subarray(0, text.length / 2);
    const file = named('half.heapsnapshot', half);
    const refused = await open(file).catch((error) => error);
    expect(refused).toBeInstanceOf(Error);
    expect(refused).toMatchObject({ code: 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT', section: 'edges', offset: half.length });
    expect(refused.message).toMatch(/partial: true/);
    const analysis = await open(file, { partial: true });
    const { truncation, nodes } = await analysis.summary();
    expect(truncation).toMatchObject({ section: 'edges', offset: half.length, nodes, promisedNodes: nodes });
    expect((await analysis.classes()).length).toBeGreaterThan(10);
  });

  test.each([
    ['no snapshot', '{"nodes":[]}'],
    ['no JSON', 'node_modules'],
    ['damaged compression', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])],
  ])('%s: refused, with the place', async (name, bytes) => {
    const refused = open(named('a', bytes));
    await expect(refused).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_SNAPSHOT', section: expect.any(String), offset: expect.any(Number) });
    await expect(refused).rejects.toBeInstanceOf(Error);
  });

  test('empty: cut off at its first byte', async () => {
    await expect(open(named('a', ''))).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT', offset: 0 });
  });

  test('not there, or a folder: the error of the system', async () => {
    const folder = tempFolder();
    await expect(open(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open', path: path.join(folder, 'none') });
    await expect(open(folder)).rejects.toMatchObject({ code: 'EISDIR', syscall: 'read', path: folder });
    const told = await open(Buffer.from(text)).catch((error) => error);
    expect([told.code, told.message.length < 200]).toEqual(['ERR_RS_PROFILER_INVALID_ARGUMENT', true]);
    await expect(open('')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('junk is refused', () => {
  test.each([
    ['nothing', []], ['null', [null]], ['a number', [7]], ['an object', [{}]], ['a Uint8Array', [new Uint8Array(3)]], ['a Symbol', [Symbol('a')]],
    ['a function', [() => {}]], ['a web URL', [new URL('https://localhost/a')]], ['a NUL in the path', ['a\0b']],
    ['a misspelled option', [N20, { onprogress: () => {} }]], ['options that are none', [N20, 'partial']], ['partial', [N20, { partial: 1 }]],
    ['a signal that is none', [N20, { signal: {} }]], ['onProgress', [N20, { onProgress: 7 }]],
  ])('by openHeapSnapshot: %s', async (name, args) => {
    await expect(openHeapSnapshot(...args)).rejects.toMatchObject(INVALID);
  });

  test.each([
    ['node()', (a) => a.node()], ['node(text)', (a) => a.node('1')], ['node(-1)', (a) => a.node(-1)], ['node(1.5)', (a) => a.node(1.5)],
    ['node(2 ** 32)', (a) => a.node(2 ** 32)], ['node of nobody', (a) => a.node(4e9)], ['node(null)', (a) => a.node(null)],
    ['node(1n)', (a) => a.node(1n)], ['a row without id', (a) => a.retainers({})], ['dominated of nobody', (a) => a.dominated(4e9)],
    ['retainingPath of nobody', (a) => a.retainingPath(4e9)], ['allocationStack of nobody', (a) => a.allocationStack(4e9)],
    ['a limit below 0', (a) => a.classes({ limit: -1 })], ['a limit with a fraction', (a) => a.instances('Foo', { limit: 0.5 })],
    ['a limit that is a text', (a) => a.duplicatedStrings({ limit: '1' })], ['NaN as a limit', (a) => a.retainers(1, { limit: NaN })],
    ['an unknown filter', (a) => a.classes({ filter: 'none' })], ['an unknown option', (a) => a.summary({ limit: 1 })],
    ['a signal that is none', (a) => a.statistics({ signal: 1 })], ['options that are none', (a) => a.node(1, 5)],
    ['no class', (a) => a.instances()], ['an unknown class', (a) => a.instances('NoSuchClass')], ['an unknown class id', (a) => a.instances(4e9)],
    ['no base', (a) => a.compare()], ['a base that is none', (a) => a.compare({})],
    ['a base that looks like one', (a) => a.compare(Object.create(Object.getPrototypeOf(a)))],
    ['a share above 1', (a) => a.dominatorTree({ leastShare: 2 })], ['a share that is none', (a) => a.dominatorTree({ leastShare: NaN })],
    ['65 levels', (a) => a.dominatorTree({ deepest: 65 })], ['a tree of nobody', (a) => a.dominatorTree({ id: 4e9 })],
  ])('by a question: %s', async (name, ask) => {
    await expect(ask(shared)).rejects.toMatchObject(INVALID);
    await expect(ask(shared)).rejects.toBeInstanceOf(Error);
  });

  test('an accessor that throws is its caller\'s', async () => {
    const thrown = new RangeError('mine');
    const options = { get limit() { throw thrown; } };
    await expect(shared.classes(options)).rejects.toBe(thrown);
  });
});

describe('close()', () => {
  test('ends what is being asked, with it as the base too, and all that comes later', async () => {
    const [base, analysis] = [await open(N20), await open(N20)];
    const asked = [base.duplicatedStrings(), analysis.compare(base), analysis.summary()];
    base.close();
    base.close();
    const [own, compared, other] = await Promise.allSettled(asked);
    for (const { reason } of [own, compared]) expect(reason).toMatchObject({ code: 'ERR_RS_PROFILER_ABORTED' });
    expect(other.status).toBe('fulfilled');
    for (const ask of [() => base.summary(), () => analysis.compare(base), () => base.compare(analysis)]) {
      await expect(ask()).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_DELETED' });
    }
    expect((await analysis.compare(analysis)).matchedBy).toBe('id');
  });

  testIf(Symbol.dispose, 'this Node has no Symbol.dispose')('is what `using` does', async () => {
    const analysis = await open(N20);
    analysis[Symbol.dispose]();
    await expect(analysis.summary()).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_DELETED' });
    expect(Object.keys(analysis)).toEqual([]);
  });
});

test('the base must be of the same copy of the package', async () => {
  let other;
  jest.isolateModules(() => {
    other = require('../..');
  });
  const foreign = await other.openHeapSnapshot(N20);
  await expect(shared.compare(foreign)).rejects.toMatchObject(INVALID);
  await expect(foreign.compare(shared)).rejects.toMatchObject(INVALID);
  expect(await foreign.classes()).toEqual(await shared.classes());
  foreign.close();
});
