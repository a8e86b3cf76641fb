'use strict';

/**
 * Run as a program: opens heap snapshots with Chrome DevTools' worker and writes down everything it computes.
 *
 *     node devtools-numbers.js BUNDLE OUT.json BASE.heapsnapshot [LATER.heapsnapshot]
 *
 * OUT.json holds `snapshots`, one for each file, and `comparison`, the rows of LATER against BASE.
 */

const fs = require('node:fs');
const { openWithDevTools } = require('../../benchmark/lib/devtools');

const FILTERS = {
  duplicatedStrings: 'duplicatedStrings',
  retainedByDetachedDom: 'objectsRetainedByDetachedDomNodes',
  retainedByConsole: 'objectsRetainedByConsole',
  retainedByContexts: 'objectsRetainedByContexts',
  retainedByEventHandlers: 'objectsRetainedByEventHandlers',
};

/** Every node: id, ids of what dominates it, and so on, in the order of the file. */
function nodesOf(snapshot) {
  const rows = [];
  const node = snapshot.createNode(0);
  const dominator = snapshot.createNode(0);
  for (let ordinal = 0; ordinal < snapshot.nodeCount; ordinal++) {
    node.nodeIndex = ordinal * snapshot.nodeFieldCount;
    dominator.nodeIndex = snapshot.dominatorsTree[ordinal] * snapshot.nodeFieldCount;
    rows.push({
      id: node.id(),
      dominator: dominator.id(),
      shallowSize: node.selfSize(),
      retainedSize: node.retainedSize(),
      distance: node.distance(),
      className: node.className(),
    });
  }
  return rows;
}

/** The rows of a class table with the ids of their members. */
function classesOf(snapshot, filter = {}) {
  const node = snapshot.createNode(0);
  return Object.values(snapshot.aggregatesWithFilter(filter)).map(({ name, count, self, maxRet, distance, idxs }) => ({
    name,
    count,
    shallowSize: self,
    retainedSize: maxRet,
    distance,
    ids: idxs.map((index) => {
      node.nodeIndex = index;
      return node.id();
    }).sort((a, b) => a - b),
  }));
}

function numbersOf(snapshot) {
  return {
    statistics: snapshot.getStatistics(),
    nodes: nodesOf(snapshot),
    classes: classesOf(snapshot),
    filtered: Object.fromEntries(Object.entries(FILTERS).map(([ours, filterName]) => [ours, classesOf(snapshot, { filterName })])),
    duplicatedStrings: snapshot.getDuplicateStrings().map(({ value, count, totalSelfSize, totalRetainedSize }) => ({
      text: value, count, shallowSize: totalSelfSize, retainedSize: totalRetainedSize,
    })),
  };
}

/** The rows of DevTools' Comparison. */
function comparisonOf(later, base) {
  const aggregates = base.aggregatesForDiff(later.interfaceDefinitions());
  const rows = Object.entries(later.calculateSnapshotDiff(1, aggregates));
  return rows.map(([key, { addedCount, removedCount, countDelta, addedSize, removedSize, sizeDelta }]) => ({
    // The key is the place, if there is one, and the name. The row's own name is wrong for interfaces that are only in the
    // base: DevTools takes it after it has gone back to the base's own interfaces.
    name: key.replace(/^(\d+,\d+,\d+)?,/, ''), addedCount, removedCount, countDelta, addedSize, removedSize, sizeDelta,
  }));
}

async function main([bundle, out, ...files]) {
  const opened = [];
  for (const file of files) opened.push(await openWithDevTools(bundle, file));
  const snapshots = opened.map(numbersOf);
  const comparison = opened.length === 2 ? comparisonOf(opened[1], opened[0]) : undefined;
  fs.writeFileSync(out, JSON.stringify({ snapshots, comparison }));
}

if (require.main === module) main(process.argv.slice(2));

module.exports = { FILTERS };
