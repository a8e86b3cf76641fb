'use strict';

/**
 * Everything that Chrome DevTools computes of a heap snapshot, beside ours: every node, every row, on snapshots of the
 * running Node. Totals agree even with wrong rules, so nothing less than every node counts.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { openHeapSnapshot } = require('..');
const { bundleDevTools } = require('../benchmark/lib/devtools');
const { tempFolder } = require('./helpers/temp-folder');

const VARIED_HEAP = require.resolve('./helpers/varied-heap');
const DEVTOOLS_NUMBERS = require.resolve('./helpers/devtools-numbers');

const folder = tempFolder();
let bundle;

/** Runs a program of helpers/; what it complains of is in the error if it fails. DevTools' worker warns of every odd node. */
const run = (...argv) => execFileSync(process.execPath, argv, { stdio: 'pipe' });

beforeAll(async () => {
  bundle = await bundleDevTools(folder);
});

/** Every node of an analysis, by id, as it stands in the dominator tree. */
async function nodesOf(analysis) {
  const found = new Map();
  const branches = [{ tree: await analysis.dominatorTree({ leastShare: 0 }), dominator: undefined }];
  while (branches.length > 0) {
    const { tree, dominator } = branches.pop();
    const { id, shallowSize, retainedSize, distance, className, dominated } = tree;
    if (found.has(id)) throw new Error(`@${id} is in the dominator tree twice`);
    found.set(id, { id, dominator: dominator ?? id, shallowSize, retainedSize, distance, className });
    // The tree is cut at some depth; there it is asked again.
    const whole = tree.children.length === dominated ? tree : await analysis.dominatorTree({ id, leastShare: 0 });
    if (whole.children.length !== dominated) throw new Error(`@${id} dominates ${dominated}, and ${whole.children.length} are told`);
    branches.push(...whole.children.map((child) => ({ tree: child, dominator: id })));
  }
  return found;
}

/** The few first of the nodes that differ, and how many do. */
function differences(expected, found) {
  const odd = expected.filter((node) => JSON.stringify(node) !== JSON.stringify(found.get(node.id)));
  return { count: odd.length, first: odd.slice(0, 5).map((node) => ({ devtools: node, ours: found.get(node.id) })) };
}

/** Rows as texts in one order, for there is no other key to tell rows of one name apart. */
const sorted = (rows, fields) => rows.map((row) => JSON.stringify(fields.map((field) => row[field]))).sort();

const CLASS = ['name', 'count', 'shallowSize', 'retainedSize', 'distance'];
const STRING = ['text', 'count', 'shallowSize', 'retainedSize'];
const DIFFERENCE = ['name', 'addedCount', 'removedCount', 'countDelta', 'addedSize', 'removedSize', 'sizeDelta'];

describe.each([
  ['plain', {}],
  ['with internals and numeric values', { exposeInternals: true, exposeNumericValues: true }],
])('snapshots of this Node, %s, are to us what they are to DevTools', (name, options) => {
  const files = ['base', 'later'].map((which) => path.join(folder, `${name.split(' ')[0]}-${which}.heapsnapshot`));
  const out = `${files[0]}.json`;
  let devtools;
  let ours;

  beforeAll(async () => {
    run(VARIED_HEAP, ...files, JSON.stringify(options));
    run(DEVTOOLS_NUMBERS, bundle, out, ...files);
    devtools = JSON.parse(fs.readFileSync(out, 'utf8'));
    ours = await Promise.all(files.map((file) => openHeapSnapshot(file)));
  });

  afterAll(() => {
    for (const analysis of ours) analysis.close();
  });

  test('the program is varied enough to show a difference', async () => {
    const [, { classes, duplicatedStrings, filtered, nodes }] = devtools.snapshots;
    const names = classes.map((row) => row.name);
    expect(names).toEqual(expect.arrayContaining([
      'Function', 'Map', 'WeakMap', 'WeakRef', 'Module', 'EventEmitter', 'RegExp', '{x, y}', '(concatenated string)', '(sliced string)',
    ]));
    expect(names.filter((className) => className === 'Twin')).toHaveLength(3);
    expect(duplicatedStrings.length).toBeGreaterThan(3);
    for (const filter of ['retainedByContexts', 'retainedByConsole', 'retainedByEventHandlers']) {
      expect(filtered[filter].map((row) => row.name)).toContain('Object');
    }
    expect(nodes.length).toBeGreaterThan(30000);
    expect(devtools.comparison.length).toBeGreaterThan(20);
  });

  test('every node: shallow size, distance, dominator, retained size, class', async () => {
    for (const [i, { nodes }] of devtools.snapshots.entries()) {
      const found = await nodesOf(ours[i]);
      expect(found.size).toBe(nodes.length);
      expect(differences(nodes, found)).toEqual({ count: 0, first: [] });
    }
  });

  test('every row of the class table, and who is in it', async () => {
    for (const [i, { classes }] of devtools.snapshots.entries()) {
      const rows = await ours[i].classes();
      const members = await Promise.all(rows.map((row) => ours[i].instances(row)));
      const found = rows.map((row, n) => ({ ...row, ids: members[n].map(({ id }) => id).sort((a, b) => a - b) }));
      expect(sorted(found, [...CLASS, 'ids'])).toEqual(sorted(classes, [...CLASS, 'ids']));
    }
  });

  test('statistics and equal strings', async () => {
    for (const [i, { statistics, duplicatedStrings }] of devtools.snapshots.entries()) {
      expect(await ours[i].statistics()).toEqual(statistics);
      expect(sorted(await ours[i].duplicatedStrings(), STRING)).toEqual(sorted(duplicatedStrings, STRING));
    }
  });

  test.each([
    'duplicatedStrings', 'retainedByDetachedDom', 'retainedByConsole', 'retainedByContexts', 'retainedByEventHandlers',
  ])('the rows of the filter %s', async (filter) => {
    for (const [i, { filtered }] of devtools.snapshots.entries()) {
      expect(sorted(await ours[i].classes({ filter }), CLASS)).toEqual(sorted(filtered[filter], CLASS));
    }
  });

  test('the Comparison', async () => {
    const { matchedBy, rows } = await ours[1].compare(ours[0]);
    expect(matchedBy).toBe('id');
    expect(sorted(rows, DIFFERENCE)).toEqual(sorted(devtools.comparison, DIFFERENCE));
  });
});
