'use strict';
// Keeps the data of a report small: fewer rows, the biggest nodes of trees, shorter texts.

/** The longest text of a name, in UTF-16 units. */
const LONGEST = 240;
/** The longest sentence. */
const LONGEST_SENTENCE = 1000;

/** Texts that are read, not looked up. */
const SENTENCES = new Set(['sentence', 'reasons', 'title']);

function clipText(text, longest) {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** The same data with its long texts cut. */
function clipTexts(value, longest = LONGEST) {
  if (typeof value === 'string') return clipText(value, longest);
  if (Array.isArray(value)) return value.map((item) => clipTexts(item, longest));
  if (value === null || typeof value !== 'object') return value;
  const clipped = {};
  for (const [key, item] of Object.entries(value)) clipped[key] = clipTexts(item, SENTENCES.has(key) ? LONGEST_SENTENCE : longest);
  return clipped;
}

/** The first part of some rows: `scale` of them, one at least. */
function firstRows(rows, scale) {
  return rows.slice(0, Math.max(1, Math.floor(rows.length * scale)));
}

/** Rows without their middle, for which `standIn(left)` stands, where more than one is left out. */
function withoutMiddle(rows, first, last, standIn) {
  const left = rows.length - first - last;
  return left > 1 ? [...rows.slice(0, first), standIn(left), ...rows.slice(-last)] : rows;
}

/** How deep every node is, parents before their children. */
function withDepths(root) {
  const all = [{ node: root, depth: 0 }];
  for (const { node, depth } of all) {
    for (const child of node.children) all.push({ node: child, depth: depth + 1 });
  }
  return all;
}

/**
 * The `most` biggest nodes of a tree, made into `shape(node, children)`. No node is bigger than its parent, so these are a
 * tree as well.
 */
function biggest(root, most, sizeOf, shape) {
  const all = withDepths(root);
  all.sort((a, b) => sizeOf(b.node) - sizeOf(a.node) || a.depth - b.depth);
  const kept = new Set(all.slice(0, Math.max(1, Math.floor(most))).map(({ node }) => node));
  const copy = (node) => shape(node, node.children.filter((child) => kept.has(child)).map(copy));
  return copy(root);
}

module.exports = { biggest, clipTexts, firstRows, withoutMiddle };
