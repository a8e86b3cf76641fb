'use strict';
// Trees of dominators.

/** The nodes as they are printed, parents before their children, each with its depth. */
function linesOf(root) {
  const lines = [];
  const visit = (node, depth) => {
    lines.push({ node, depth });
    for (const child of node.children) visit(child, depth + 1);
  };
  visit(root, 0);
  return lines;
}

/** The `most` nodes that retain most. None retains more than its parent, so these are a tree as well. */
function biggest(root, most) {
  const lines = linesOf(root).sort((a, b) => b.node.retainedSize - a.node.retainedSize || a.depth - b.depth);
  const kept = new Set(lines.slice(0, most).map(({ node }) => node));
  const copy = (node) => ({ ...node, children: node.children.filter((child) => kept.has(child)).map(copy) });
  return copy(root);
}

/** What V8 made up for the snapshot, and what is of its own: it holds objects of the program, or they consist of it. */
const TYPES_OF_V8 = new Set(['array', 'code', 'hidden', 'object shape', 'synthetic']);
/** The memory of an ArrayBuffer, or the variables of a function: parts of what holds them. */
const isPart = ({ name }, parent) => parent !== undefined && name.startsWith('system / ');

/** A global object: everything is below one of them. */
const isUserRoot = ({ distance }) => distance === 1;

/** The same tree without what is no object of the program: its children are its parent's. A list, since the root is none. */
function objectsOf(root) {
  const collect = (nodes, parent) => nodes.flatMap((node) => {
    if (TYPES_OF_V8.has(node.type) || isUserRoot(node) || isPart(node, parent)) return collect(node.children, parent);
    return [{ ...node, children: collect(node.children, node) }];
  }).sort((a, b) => b.retainedSize - a.retainedSize);
  return collect([root]);
}

module.exports = { biggest, linesOf, objectsOf };
