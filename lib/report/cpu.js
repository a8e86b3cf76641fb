'use strict';
// What the report has of a CPU profile.

const { biggest, firstRows } = require('./trim');

/** How many rows of each kind, and nodes of each tree, a report has at most. */
const MOST = { hot: 50, top: 500, groups: 100, nodes: 6000 };
/** What took less than this part of the active time is not drawn. */
const LEAST_SHARE = 0.001;

/**
 * Asks a profile. The trees have idle time and garbage collection in them: the page shows or hides these.
 * @param {import('../analysis/cpu').CpuProfileAnalysis} analysis
 * @param {string} name
 */
async function cpuData(analysis, name) {
  const summary = await analysis.summary();
  // The trees are measured by all time; in a profile that is mostly idle what matters would be left out.
  const leastShare = summary.totalMs > 0 ? (LEAST_SHARE * summary.activeMs) / summary.totalMs : LEAST_SHARE;
  const tree = { idle: true, leastShare };
  return {
    name,
    summary,
    hot: await analysis.hot({ limit: MOST.hot }),
    top: await analysis.top({ limit: MOST.top }),
    groups: await analysis.groups({ limit: MOST.groups }),
    topDown: await analysis.tree(tree),
    bottomUp: await analysis.tree({ ...tree, bottomUp: true }),
  };
}

/** Gives every function one place in a list. */
class Functions {
  list = [];
  #places = new Map();

  place({ id, functionName, url = '', lineNumber = 0, columnNumber = 0, group = '' }) {
    const key = id ?? functionName;
    if (!this.#places.has(key)) {
      this.#places.set(key, this.list.length);
      this.list.push([functionName, url, lineNumber, columnNumber, group]);
    }
    return this.#places.get(key);
  }
}

const microseconds = (ms) => Math.round(ms * 1000) / 1000;

/** The same with a part of the rows; functions are told once, in `functions`, and `f` is their place there. */
function trimCpu({ hot, top, groups, topDown, bottomUp, ...rest }, scale) {
  const functions = new Functions();
  const frame = (node, children) => {
    const made = { f: functions.place(node), m: microseconds(node.totalMs), s: microseconds(node.selfMs) };
    if (children.length > 0) made.c = children;
    return made;
  };
  const row = ({ selfMs, selfShare, totalMs, totalShare, selfHits, ...fn }) => (
    { f: functions.place(fn), selfMs: microseconds(selfMs), selfShare, totalMs: microseconds(totalMs), totalShare, selfHits }
  );
  return {
    ...rest,
    hot: hot.map((fn) => ({ f: functions.place(fn), selfShare: fn.selfShare, reasons: fn.reasons })),
    top: firstRows(top, scale).map(row),
    groups: firstRows(groups, scale),
    topDown: biggest(topDown, MOST.nodes * scale, (node) => node.totalMs, frame),
    // From callees to callers only the time of the callee itself adds up.
    bottomUp: biggest(bottomUp, MOST.nodes * scale, (node) => node.selfMs, frame),
    functions: functions.list,
  };
}

module.exports = { cpuData, trimCpu };
