'use strict';
// `rs-profiler heap retainers`: what keeps an object alive.

const { Mistake } = require('../context');
const { withPlace } = require('../format');
const { cut, oneLine } = require('../text');
const { DISTANCE, RETAINED, headline, nameOf, rowsOf } = require('./columns');
const { edgeOf } = require('./edges');
const { wantedNode } = require('./node');
const { openHeap } = require('./open');

/** Steps of a way that are shown: from its begin, and to its end. */
const FIRST_STEPS = 6;
const LAST_STEPS = 24;
/** Deeper steps are moved to the right no further. */
const DEEPEST = 12;

/** Texts without their middle, where more than one is left out. */
function withoutMiddle(lines) {
  const left = lines.length - FIRST_STEPS - LAST_STEPS;
  return left > 1 ? [...lines.slice(0, FIRST_STEPS), `... ${left} more ...`, ...lines.slice(-LAST_STEPS)] : lines;
}

/** The way from the roots, a line for each object, with how the one before holds it. */
function printWay(context, path, node) {
  const lines = [...path, node].map((step, at) => `${at > 0 ? `${edgeOf(path[at - 1])}: ` : ''}${oneLine(withPlace(nameOf(step), step.place))}`);
  const { width } = context.terminal;
  withoutMiddle(lines).forEach((line, at) => context.print(cut(`${'  '.repeat(Math.min(at, DEEPEST))}${line}`, width)));
}

/** `load (app.js:3)` of a call. */
function callOf({ functionName, url, lineNumber }) {
  const place = url && ` (${url}${lineNumber > 0 ? `:${lineNumber}` : ''})`;
  return oneLine(`${functionName || '(anonymous)'}${place}`);
}

const COLUMNS = [
  RETAINED, DISTANCE,
  { title: 'Held by, as', of: (row) => `${withPlace(nameOf(row), row.place)}, ${edgeOf(row)}` },
];

async function retainers(context) {
  const find = wantedNode(context);
  if (!find) throw new Mistake('Name an object: its id, or --class NAME.');
  const analysis = await openHeap(context, context.files[0]);
  const node = await find(analysis);
  const [retainingPath, found, allocationStack] = await Promise.all([
    analysis.retainingPath(node), analysis.retainers(node, rowsOf(context)), analysis.allocationStack(node),
  ]);
  await context.answer({ node, retainingPath, retainers: found, allocationStack });
  context.print(cut(headline(node), context.terminal.width));
  context.print();
  context.print(context.terminal.bold('The shortest way from the roots'));
  printWay(context, retainingPath, node);
  context.print();
  if (allocationStack.length > 0) {
    context.print(context.terminal.bold('Allocated by'));
    for (const call of allocationStack) context.print(cut(`  ${callOf(call)}`, context.terminal.width));
    context.print();
  }
  context.table(COLUMNS, found);
}

module.exports = { retainers };
