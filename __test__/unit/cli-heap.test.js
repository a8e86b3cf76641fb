'use strict';

/** `rs-profiler heap ...` on snapshots of which Chrome DevTools' own numbers are known. */

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const { COMMANDS } = require('../../lib/cli/commands');
const { widthOf } = require('../../lib/cli/text');
const { call, good, json } = require('../helpers/heap-command');
const { tempFolder } = require('../helpers/temp-folder');

const DEVTOOLS = path.join(__dirname, '..', '..', 'crates', 'core', 'tests', 'fixtures', 'devtools');
const SMALL = path.join(DEVTOOLS, 'n20.heapsnapshot.gz');
const [BEFORE, AFTER] = ['A', 'B'].map((name) => path.join(DEVTOOLS, `pair${name}.heapsnapshot.gz`));
const expected = JSON.parse(fs.readFileSync(path.join(DEVTOOLS, 'n20.classes.json')));
const comparison = JSON.parse(fs.readFileSync(path.join(DEVTOOLS, 'pair.comparison.json')));

describe('heap statistics', () => {
  test('has the numbers of DevTools, also from standard input', async () => {
    expect(await json(['statistics', SMALL])).toEqual(expected.stat);
    expect(await json(['statistics', '-'], { input: zlib.gunzipSync(fs.readFileSync(SMALL)) })).toEqual(expected.stat);
  });

  test('names each byte once', async () => {
    const lines = (await good(['statistics', SMALL])).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ +Size +Share {2}Kind$/);
    expect(lines.at(-1)).toBe('  3.2 MB  100.0 %  total');
    const shares = lines.slice(1, -1).map((line) => Number(/([\d.]+) %/.exec(line)[1]));
    expect(Math.abs(shares.reduce((a, b) => a + b) - 100)).toBeLessThan(0.5);
  });
});

describe('heap classes', () => {
  test('has the rows of DevTools', async () => {
    const rows = await json(['classes', SMALL]);
    const found = rows.map(({ name, count, shallowSize, retainedSize, distance }) => [name, count, shallowSize, retainedSize, distance]);
    const wanted = Object.entries(expected.agg).map(([key, numbers]) => [key.slice(key.lastIndexOf(',', key.indexOf('{') < 0 ? undefined : key.indexOf('{')) + 1), ...numbers]);
    expect(found.length).toBe(wanted.length);
    const sum = (all, at) => all.reduce((total, row) => total + row[at], 0);
    for (const at of [1, 2, 3]) expect(sum(found, at)).toBe(sum(wanted, at));
    for (const name of ['(string)', '(compiled code)', 'Function', 'Map']) expect(found.find(([own]) => own === name)).toEqual(wanted.find(([own]) => own === name));
    expect(await json(['classes', SMALL, '--limit', '3'])).toEqual(rows.slice(0, 3));
  });

  test('is sorted and filtered as is wanted', async () => {
    const rows = await json(['classes', SMALL, '--sort', 'count']);
    const counts = rows.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    const arrays = await json(['classes', SMALL, '--name', 'Array', '--sort', 'shallow']);
    expect(arrays.map(({ name }) => name)).toEqual(expect.arrayContaining(['Array', 'Uint8Array', 'Float64Array']));
    expect(arrays.filter(({ name }) => !name.includes('Array'))).toEqual([]);
    for (const filter of COMMANDS['heap classes'].options.filter.choices) await json(['classes', SMALL, '--filter', filter, '--limit', '1']);
    expect((await json(['classes', SMALL, '--filter', 'duplicatedStrings'])).map(({ name }) => name)).toEqual(['(string)', '(concatenated string)']);
  });

  test('fits the terminal', async () => {
    for (const columns of [60, 100]) {
      const lines = (await good(['classes', SMALL, '--limit', '40'], { stdout: { isTTY: true, columns }, env: { NO_COLOR: '1' } })).trimEnd().split('\n');
      expect(lines).toHaveLength(44);
      expect(lines[2]).toMatch(/^ *Retained +Share +Shallow +Count +Distance {2}Class$/);
      expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
      expect(lines.some((line) => line.includes('…'))).toBe(true);
      expect(lines.at(-1)).toMatch(/^\.\.\. and [\d,]+ more: --limit N shows them\.$/);
    }
  });

  test('shows no distance of what only V8 itself holds', async () => {
    const rows = await json(['classes', SMALL]);
    const far = rows.filter(({ distance }) => distance >= 1e8);
    const table = await good(['classes', SMALL, '--limit', String(rows.length)]);
    expect(table.match(/ %.* - {2}/g) ?? []).toHaveLength(far.length);
    expect(table).not.toMatch(/100,000,0\d\d/);
  });
});

describe('heap compare', () => {
  test('has the rows of DevTools, and says how much the heap grew', async () => {
    const { rows, growth, exceeded, matchedBy, totalSize, baseTotalSize } = await json(['compare', BEFORE, AFTER]);
    expect([growth, exceeded, matchedBy, baseTotalSize]).toEqual([totalSize - baseTotalSize, false, 'id', comparison.statistics.total]);
    const sizes = Object.values(comparison.diff).map(({ sizeDelta }) => sizeDelta).filter((size) => size !== 0);
    expect(rows.map(({ sizeDelta }) => sizeDelta).filter((size) => size !== 0).sort((a, b) => a - b)).toEqual(sizes.sort((a, b) => a - b));
  });

  test('ends with exit code 3 when the heap grew by more than it may', async () => {
    const over = await call(['compare', BEFORE, AFTER, '--fail-on-growth', '5%']);
    expect([over.status, over.stderr]).toEqual([3, expect.stringMatching(/^rs-profiler: The heap grew by [\d.]+ MB \([\d.]+ %\), more than 5%\.\n$/)]);
    expect(over.stdout).toMatch(/^10\.9 MB before, .* after: \+[^]*\n\n *Size delta +Delta +New +Deleted {2}Class\n/);
    const within = await call(['compare', BEFORE, AFTER, '--fail-on-growth', '1gb', '--json']);
    expect([within.status, JSON.parse(within.stdout).exceeded]).toEqual([0, false]);
    expect((await call(['compare', AFTER, BEFORE, '--fail-on-growth', '0', '--limit', '1'])).status).toBe(0);
  });
});

describe('heap retainers and dominators', () => {
  test('tell of the biggest object of a class, and of the same by its id', async () => {
    const { node, retainingPath, retainers, allocationStack } = await json(['retainers', SMALL, '--class', 'Map']);
    expect([node.name, retainingPath.at(-1).toId, allocationStack]).toEqual(['Map', node.id, []]);
    expect(retainers.map(({ toId }) => toId)).toEqual(retainers.map(() => node.id));
    const text = await good(['retainers', SMALL, `@${node.id}`]);
    expect(text).toMatch(new RegExp(`^Map @${node.id}: [\\d.]+ k?B of its own, retains [\\d.]+ kB\n\nThe shortest way from the roots\n(?!\n)`));
    const steps = text.split('\n\n')[1].split('\n');
    expect(steps).toHaveLength(retainingPath.length + 2);
    expect(steps.at(-1)).toContain(`: Map @${node.id}`);
    const { dominated, node: same } = await json(['dominators', SMALL, String(node.id)]);
    expect([same, dominated.length > 0]).toEqual([node, true]);
  });

  test('the tree begins at the root, and has as many nodes as are wanted', async () => {
    const tree = await json(['dominators', SMALL]);
    expect(tree.retainedSize).toBe(expected.stat.total);
    const countOf = ({ children }) => children.reduce((sum, child) => sum + countOf(child), 1);
    expect(countOf(tree)).toBeGreaterThan(7);
    expect(countOf(await json(['dominators', SMALL, '--limit', '7']))).toBe(7);
    const lines = (await good(['dominators', SMALL, '--limit', '7'])).trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual(['Retained    Share  Object', '  3.2 MB  100.0 %  (synthetic) @1']);
    expect(lines).toHaveLength(8);
  });
});

test('heap strings has equal strings, those that take most first', async () => {
  const rows = await json(['strings', SMALL, '--limit', '5']);
  const sizes = rows.map(({ shallowSize }) => shallowSize);
  expect([rows.length, rows.every(({ count }) => count > 1), sizes]).toEqual([5, true, [...sizes].sort((a, b) => b - a)]);
  expect((await good(['strings', SMALL])).trimEnd().split('\n')).toHaveLength(21);
});

describe('heap summary', () => {
  test('has what the other commands have', async () => {
    const { summary, statistics, classes, objects, duplicatedStrings } = await json(['summary', SMALL]);
    expect([statistics, summary.totalSize]).toEqual([expected.stat, expected.stat.total]);
    expect(classes).toEqual(await json(['classes', SMALL, '--limit', '10']));
    expect(duplicatedStrings.most).toEqual((await json(['strings', SMALL, '--limit', '1']))[0]);
    expect(objects).toHaveLength(10);
    expect(objects.filter(({ type, distance }) => type === 'synthetic' || type === 'array' || distance === 1)).toEqual([]);
    // Each is below the one that it is behind.
    objects.forEach(({ depth, retainedSize }, at) => {
      const parent = objects.slice(0, at).reverse().find((other) => other.depth === depth - 1);
      expect([depth > 0, retainedSize <= (parent ?? objects[0]).retainedSize]).toEqual([parent !== undefined, true]);
    });
    expect(await json(['summary', SMALL, '--limit', '2'])).toMatchObject({ classes: classes.slice(0, 2), objects: [{ depth: 0 }, {}] });
  });

  test('says what to ask next, with commands that a shell takes', async () => {
    const file = path.join(tempFolder(), 'it\'s here.heapsnapshot');
    fs.copyFileSync(SMALL, file);
    const text = await good(['summary', file]);
    expect(text).toMatch(/^3\.2 MB in [\d,]+ nodes with [\d,]+ edges\n\n[^]*\nDuplicated strings: [\d,]+, [\d.]+ [kM]B; [\d,]+ times ".*"\.\n\nNext\n/);
    const [, id] = /\n {2}what keeps @\d+ alive +npx rs-profiler heap retainers '[^\n]*it'\\''s here\.heapsnapshot' @(\d+)\n/.exec(text);
    expect(await good(['retainers', file, `@${id}`])).toMatch(new RegExp(`^[^\n]* @${id}[ :]`));
  });
});

test('nothing of a snapshot, nor the name of its file, acts on a terminal', async () => {
  const odd = 'it\'s\\ \u001b[31m\u009b2J\u007f\u202e\ufeff';
  const names = ['', odd, `${odd} 2`];
  const node = (type, name, id, edges) => [type, name, id, 1000, edges];
  const file = path.join(tempFolder(), `${odd}.heapsnapshot`);
  fs.writeFileSync(file, JSON.stringify({
    snapshot: {
      meta: {
        node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
        node_types: [['synthetic', 'object', 'string'], 'string', 'number', 'number', 'number'],
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [['shortcut', 'property', 'context', 'internal'], 'string_or_number', 'node'],
      },
      node_count: 5, edge_count: 5,
    },
    nodes: [node(0, 0, 1, 1), node(1, 1, 3, 3), node(1, 2, 5, 1), node(2, 1, 7, 0), node(2, 1, 9, 0)].flat(),
    edges: [[0, 1, 1], [1, 1, 2], [2, 1, 3], [3, 1, 4], [1, 1, 3]].map(([type, name, to]) => [type, name, to * 5]).flat(),
    strings: names,
  }));
  const commands = [
    ['summary'], ['classes'], ['dominators'], ['dominators', '@3'], ['retainers', '@7'], ['retainers', '@9'], ['strings'], ['compare', file],
  ];
  for (const [command, ...args] of commands) {
    for (const columns of [80, 9]) {
      const texts = [await good([command, file, ...args], { stdout: { isTTY: true, columns } }), await good([command, file, ...args, '--json'])];
      // Colours are whole.
      // eslint-disable-next-line no-control-regex
      for (const text of texts) expect([command, text.replace(/\u001b\[1m([^\u001b]*)\u001b\[0m/g, '$1')]).toEqual([command, expect.not.stringMatching(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ufeff]/)]);
    }
  }
  const told = await good(['summary', file], { stdout: { isTTY: true, columns: 9 } });
  expect(told).toContain('/it\\\'s\\\\ \\u001b[31m\\u009b2J\\u007f\\u202e\\ufeff.heapsnapshot\' @5');
});

describe('what goes wrong is told in one sentence', () => {
  const folder = tempFolder();
  const named = (name, content) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, content);
    return file;
  };
  const text = zlib.gunzipSync(fs.readFileSync(SMALL));
  const failures = {
    'a missing file': [path.join(folder, 'missing'), /^There is no file .*missing\.$/],
    'a folder': [folder, /^\S+ is a folder, not a file\.$/],
    'an empty file': [named('empty', ''), /empty is empty\.$/],
    'a file that is no snapshot': [__filename, /cli-heap\.test\.js: This is not a heap snapshot: it does not begin with "\{" \(at byte 0, in "file"\)\.$/],
    'a CPU profile': [named('a.cpuprofile', '{"nodes": [], "samples": []}'), /a\.cpuprofile: This is not a heap snapshot: it has no section "snapshot" [^:]*\.$/],
    'a damaged archive': [named('damaged.gz', fs.readFileSync(SMALL).fill(0, 5000, 6000)), /damaged\.gz: ./],
    'a file that is cut off': [named('cut', text.subarray(0, text.length / 2)), /cut is cut off: it ends at byte [\d,]+, in its section "\w+" \(--partial takes what is whole\)\.$/],
  };

  test.each(Object.entries(failures))('%s: exit code 1', async (what, [file, says]) => {
    const { status, stdout, stderr } = await call(['summary', file, '--json']);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^rs-profiler: [^\n]*\.\n$/);
    expect(stderr.slice('rs-profiler: '.length, -1)).toMatch(says);
  });

  test('of a file that is cut off the whole part is there when it is wanted', async () => {
    const { status, stdout, stderr } = await call(['summary', failures['a file that is cut off'][0], '--partial']);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^rs-profiler: \S+cut is cut off at byte [\d,]+, in its section "\w+": these are [\d,]+ of [\d,]+ nodes and [\d,]+ of [\d,]+ edges\.\n$/)]);
    expect(stdout).toMatch(/^[\d.]+ [kM]B in /);
  });

  test('an object, or a class, that is not there: exit code 1', async () => {
    for (const args of [['@999999999'], ['@9999999999'], ['--class', 'Nobody']]) {
      expect(await call(['retainers', SMALL, ...args])).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/^rs-profiler: [^\n]*\.\n$/) });
    }
  });

  test.each([
    [[], '', ''],
    [['nope'], 'there is no command \'heap nope\'.', 'heap'],
    [['summary'], 'heap summary takes FILE.', 'heap summary'],
    [['compare', 'missing'], 'heap compare takes BASE FILE.', 'heap compare'],
    [['compare', '-', '-'], 'Standard input can be read once only: name - for one file.', 'heap compare'],
    [['compare', 'missing', 'missing', '--fail-on-growth', 'much'], '--fail-on-growth must be like 5% or 20MB, not \'much\'.', 'heap compare'],
    [['summary', 'missing', '--limit', 'x'], '--limit must be a whole number from 1 on, not \'x\'.', 'heap summary'],
    [['summary', 'missing', '--limit', '0'], '--limit must be a whole number from 1 on, not \'0\'.', 'heap summary'],
    [['compare', 'missing', 'missing', '--fail-on-growth', '5'], '--fail-on-growth must be like 5% or 20MB, not \'5\'.', 'heap compare'],
    [['summary', ''], 'An argument is empty: a variable that it stands for may not be set.', 'heap summary'],
    [['dominators', 'missing', 'a\u001b[31m'], 'The id must be like @74745, not \'a\\u001b[31m\'.', 'heap dominators'],
    [['no\u001b[31m'], 'there is no command \'heap no\\u001b[31m\'.', 'heap'],
    [['classes', 'missing', '--sort', 'name'], '--sort must be one of retained, shallow, count, not \'name\'.', 'heap classes'],
    [['classes', 'missing', '--filter', 'x'], expect.stringMatching(/^--filter must be one of duplicatedStrings, .*, not 'x'\./), 'heap classes'],
    [['retainers', 'missing'], 'Name an object: its id, or --class NAME.', 'heap retainers'],
    [['retainers', 'missing', '@1', '--class', 'Map'], 'Name one object: its id, or --class NAME.', 'heap retainers'],
    [['dominators', 'missing', '@x'], 'The id must be like @74745, not \'@x\'.', 'heap dominators'],
  ])('%j is a mistake: exit code 2, before a file is read', async (args, says, help) => {
    const { status, stderr } = await call(args);
    const told = typeof says === 'string' && says !== '' ? `rs-profiler: ${says} See rs-profiler ${help} --help.\n` : undefined;
    expect(status).toBe(2);
    if (told !== undefined) expect(stderr).toBe(told);
    else if (says !== '') expect(stderr.slice('rs-profiler: '.length)).toEqual(says);
  });
});

test('help: of the group, of each command, and that both name all options and exit codes', async () => {
  const overview = await good(['--help']);
  expect(await call([])).toEqual({ status: 2, stdout: overview, stderr: '' });
  for (const name of ['summary', 'statistics', 'classes', 'compare', 'retainers', 'dominators', 'strings']) {
    expect(overview).toContain(`\n  heap ${name} `);
    const help = await good([name, '--help']);
    expect(help).toMatch(new RegExp(`^Usage: rs-profiler heap ${name} [^]*\n {6}--json [^]*\nExamples:\n {2}rs-profiler heap ${name} `));
    for (const option of Object.keys(COMMANDS[`heap ${name}`].options)) expect(help).toMatch(new RegExp(`^ {2}(-\\w,|   ) --${option} `, 'm'));
  }
  expect(overview).not.toContain('doctor');
  expect(overview).toMatch(/\nExit codes: 0 done, 1 failed, 2 .*, 3 .*--fail-on-growth/);
});
