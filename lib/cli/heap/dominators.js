'use strict';
// `rs-profiler heap dominators`: what would be freed with what.

const { withPlace } = require('../format');
const { cut } = require('../text');
const { OBJECT, RETAINED, SHALLOW, headline, nameOf, rowsOf, shareOf } = require('./columns');
const { wantedNode } = require('./node');
const { openHeap } = require('./open');
const { biggest, linesOf } = require('./tree');

/** What an object retains at the least to be shown, as a part of the heap; where a number of objects is wanted, at the least to be asked for. */
const LEAST_SHARE = 0.01;
const LEAST_SHARE_OF_MANY = 0.0001;
const LEVELS = 8;

/** A node in a tree is moved to the right. */
const TREE = { title: 'Object', of: ({ depth, ...node }) => `${'  '.repeat(depth)}${withPlace(nameOf(node), node.place)}` };

/** What one object dominates. */
async function ofOne(context, find) {
  const analysis = await openHeap(context, context.files[0]);
  const node = await find(analysis);
  const dominated = await analysis.dominated(node, rowsOf(context));
  await context.answer({ node, dominated });
  context.print(cut(headline(node), context.terminal.width));
  context.print();
  context.table([RETAINED, shareOf(node.retainedSize), SHALLOW, OBJECT], dominated);
}

/** The tree. */
async function ofAll(context) {
  const analysis = await openHeap(context, context.files[0]);
  const leastShare = context.limit === undefined ? LEAST_SHARE : LEAST_SHARE_OF_MANY;
  const whole = await analysis.dominatorTree({ leastShare, deepest: LEVELS });
  const tree = context.limit === undefined ? whole : biggest(whole, context.limit);
  await context.answer(tree);
  context.table([RETAINED, shareOf(tree.retainedSize), TREE], linesOf(tree).map(({ node, depth }) => ({ ...node, depth })));
}

async function dominators(context) {
  const find = wantedNode(context);
  return find ? ofOne(context, find) : ofAll(context);
}

module.exports = { dominators };
