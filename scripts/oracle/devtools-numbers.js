'use strict';

/**
 * Run as a program: opens heap snapshots with Chrome DevTools' worker and writes down everything it computes, as
 * `crates/core/examples/heap_numbers.rs` does of ours.
 *
 *     node devtools-numbers.js BUNDLE OUT FILE [LATER]
 *
 * OUT/0 and OUT/1 hold a folder for each file: columns by node in the order of the file (`self` u32, `dist` i32, `dom` u32,
 * `ret` f64, `class` u32, little endian; the last one numbers class names in the order in which they appear), `stacks` (a line
 * for each node that knows where it was allocated) and `rows.json`. OUT/comparison.json holds the rows of LATER against FILE.
 */

const fs = require('node:fs');
const path = require('node:path');
const { openWithDevTools } = require('../../benchmark/lib/devtools');

const FILTERS = {
  DuplicatedStrings: 'duplicatedStrings',
  RetainedByDetachedDom: 'objectsRetainedByDetachedDomNodes',
  RetainedByConsole: 'objectsRetainedByConsole',
  RetainedByContexts: 'objectsRetainedByContexts',
  RetainedByEventHandlers: 'objectsRetainedByEventHandlers',
};

/** Every node: a table of columns. */
function columnsOf(snapshot) {
  const { nodeCount, nodeFieldCount } = snapshot;
  const columns = {
    self: new Uint32Array(nodeCount),
    dist: new Int32Array(nodeCount),
    dom: new Uint32Array(nodeCount),
    ret: new Float64Array(nodeCount),
    class: new Uint32Array(nodeCount),
  };
  const classNames = new Map();
  const node = snapshot.createNode(0);
  for (let ordinal = 0; ordinal < nodeCount; ordinal++) {
    node.nodeIndex = ordinal * nodeFieldCount;
    const name = node.className();
    if (!classNames.has(name)) classNames.set(name, classNames.size);
    columns.self[ordinal] = node.selfSize();
    columns.dist[ordinal] = node.distance();
    columns.dom[ordinal] = snapshot.dominatorsTree[ordinal];
    columns.ret[ordinal] = node.retainedSize();
    columns.class[ordinal] = classNames.get(name);
  }
  return { columns, classNames: [...classNames.keys()] };
}

/** The stacks of allocations, the innermost call first, without DevTools' last one, which is the root and stands for no call. */
function stacksOf(snapshot) {
  const { nodeCount, nodeFieldCount } = snapshot;
  const lines = [];
  for (let ordinal = 0; ordinal < nodeCount; ordinal++) {
    const frames = snapshot.allocationStack(ordinal * nodeFieldCount);
    if (!frames || frames.length < 2) continue;
    const calls = frames.slice(0, -1).map(({ functionName, scriptName, line, column }) => JSON.stringify([functionName, scriptName, line, column]));
    lines.push(`${ordinal} ${calls.join(' ')}\n`);
  }
  return lines.join('');
}

/** The rows of a class table by key, with the sum of the nodes that are in it. */
function classesOf(snapshot, filter) {
  const rows = Object.entries(snapshot.aggregatesWithFilter(filter));
  return Object.fromEntries(rows.map(([key, { count, self, maxRet, distance, idxs }]) => {
    const members = idxs.reduce((sum, index) => sum + index / snapshot.nodeFieldCount, 0);
    return [key, [count, self, maxRet, distance, members]];
  }));
}

/** The same for what passes a filter, without that sum. */
function filteredOf(snapshot, filterName) {
  const rows = Object.entries(classesOf(snapshot, { filterName }));
  return Object.fromEntries(rows.map(([key, row]) => [key, row.slice(0, -1)]));
}

function rowsOf(snapshot, classNames) {
  const filters = Object.entries(FILTERS).map(([ours, filterName]) => [ours, filteredOf(snapshot, filterName)]);
  const duplicates = snapshot.getDuplicateStrings();
  return {
    classNames,
    classes: classesOf(snapshot, {}),
    interfaces: JSON.parse(snapshot.interfaceDefinitions()).map(({ name, count, properties }) => [name, count, properties]),
    statistics: snapshot.getStatistics(),
    filters: Object.fromEntries(filters),
    duplicates: duplicates.map(({ value, count, totalSelfSize, totalRetainedSize }) => [value, count, totalSelfSize, totalRetainedSize]),
  };
}

/** The rows of DevTools' Comparison by key. A row's own name is wrong for interfaces that are only in the base. */
function comparisonOf(later, base) {
  const rows = Object.entries(later.calculateSnapshotDiff(1, base.aggregatesForDiff(later.interfaceDefinitions())));
  return Object.fromEntries(rows.map(([key, row]) => {
    const { addedCount, removedCount, countDelta, addedSize, removedSize, sizeDelta } = row;
    return [key, [addedCount, removedCount, countDelta, addedSize, removedSize, sizeDelta]];
  }));
}

async function main([bundle, out, ...files]) {
  const opened = [];
  for (const [at, file] of files.entries()) {
    const snapshot = await openWithDevTools(bundle, file);
    opened.push(snapshot);
    const folder = path.join(out, String(at));
    fs.mkdirSync(folder, { recursive: true });
    const write = (name, content) => fs.writeFileSync(path.join(folder, name), content);
    const { columns, classNames } = columnsOf(snapshot);
    for (const [name, { buffer }] of Object.entries(columns)) write(name, Buffer.from(buffer));
    write('stacks', stacksOf(snapshot));
    write('rows.json', JSON.stringify(rowsOf(snapshot, classNames)));
  }
  if (opened.length === 2) {
    fs.writeFileSync(path.join(out, 'comparison.json'), JSON.stringify(comparisonOf(opened[1], opened[0])));
  }
}

main(process.argv.slice(2));
