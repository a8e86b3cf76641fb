'use strict';
// What the report has of heap snapshots.

const { biggest, firstRows, withoutMiddle } = require('./trim');

/** How many rows of each kind, nodes of the dominator tree, and steps at either end of a way, a report has at most. */
const MOST = { suspects: 50, classes: 2000, rows: 500, grown: 100, strings: 200, nodes: 5000, steps: 50 };
/** The same as of the dominator tree: what is smaller than this part of the heap is no tile. */
const LEAST_SHARE = 0.001;

async function comparisonData(last, base) {
  const { rows, grown, ...rest } = await last.compare(base);
  return { ...rest, rows: rows.slice(0, MOST.rows), grown: grown.slice(0, MOST.grown), rowCount: rows.length };
}

/**
 * Asks a snapshot, against an earlier one if there is one.
 * @param {import('../analysis/heap').HeapSnapshotAnalysis} last
 * @param {import('../analysis/heap').HeapSnapshotAnalysis} [base]
 * @param {object[]} snapshots the summaries of all
 */
async function heapData(last, base, snapshots) {
  const strings = await last.duplicatedStrings({ limit: MOST.strings });
  return {
    snapshots,
    statistics: await last.statistics(),
    suspects: await last.suspects({ base, limit: MOST.suspects }),
    classes: (await last.classes({ limit: MOST.classes })).map(({ id: _id, ...row }) => row),
    comparison: base ? await comparisonData(last, base) : null,
    strings: strings.map(({ ids: _ids, ...row }) => row),
    tree: await last.dominatorTree({ leastShare: LEAST_SHARE }),
  };
}

/** A node of the dominator tree with short keys, of which there are thousands. */
function tile({ id, name, type, className, retainedSize, shallowSize, dominated }, children) {
  const made = { i: id, n: name || className, t: type, r: retainedSize, s: shallowSize, d: dominated };
  if (children.length > 0) made.c = children;
  return made;
}

/** A way without its middle, where it is as long as a list of thousands. */
function shortWay(path) {
  const elided = (left) => ({ name: `… ${left} more …`, id: null, edgeType: '', edgeName: '', place: null });
  return withoutMiddle(path, MOST.steps, MOST.steps, elided);
}

/** The same with a part of the rows. */
function trimHeap({ suspects, classes, comparison, strings, tree, ...rest }, scale) {
  return {
    ...rest,
    suspects: suspects.map((suspect) => ({ ...suspect, path: shortWay(suspect.path) })),
    classes: firstRows(classes, scale),
    comparison: comparison
      && { ...comparison, rows: firstRows(comparison.rows, scale), grown: firstRows(comparison.grown, scale) },
    strings: firstRows(strings, scale),
    tree: biggest(tree, MOST.nodes * scale, (node) => node.retainedSize, tile),
  };
}

module.exports = { heapData, trimHeap };
