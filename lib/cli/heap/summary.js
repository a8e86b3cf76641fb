'use strict';
// `rs-profiler heap summary`: what someone in trouble looks at first, and what to ask next.

const { bytes, count, many, withPlace } = require('../format');
const { cut, oneLine } = require('../text');
const { ALL, RETAINED, classColumns, nameOf, shareOf } = require('./columns');
const { wayOf } = require('./edges');
const { openHeap } = require('./open');
const { quickSummary } = require('./quick');
const { printKinds } = require('./statistics');
const { biggest, linesOf, objectsOf } = require('./tree');

const ROWS = 10;
/** What an object retains at the least to be among the biggest, as a part of the heap. */
const LEAST_SHARE = 0.002;
const LEVELS = 24;
const LONGEST_EXAMPLE = 24;
const NEARLY_ALL = 0.8;

/** The biggest objects of the program, each behind the one that holds it, and with the names on the way to it. */
async function biggestObjects(analysis, most) {
  const objects = objectsOf(await analysis.dominatorTree({ leastShare: LEAST_SHARE, deepest: LEVELS }));
  // The one that holds all of them does not count.
  const tree = biggest({ retainedSize: Infinity, children: objects }, most + 1);
  const lines = linesOf(tree).slice(1);
  const paths = await Promise.all(lines.map(({ node }) => analysis.retainingPath(node)));
  return lines.map(({ node: { children: _, dominated: __, ...node }, depth }, at) => ({ ...node, depth: depth - 1, way: wayOf(paths[at]) }));
}

/** How many strings are there more than once, and the equal ones that take most. */
async function duplicates(analysis) {
  const [rows, [most]] = await Promise.all([
    analysis.classes({ filter: 'duplicatedStrings', limit: ALL }), analysis.duplicatedStrings({ limit: 1 }),
  ]);
  const sum = (of) => rows.reduce((total, row) => total + of(row), 0);
  return { count: sum((row) => row.count), shallowSize: sum(({ shallowSize }) => shallowSize), most: most ?? null };
}

function lineOf({ count: strings, shallowSize, most }) {
  if (!most) return 'Duplicated strings: none.';
  return `Duplicated strings: ${count(strings)}, ${bytes(shallowSize)}; ${count(most.count)} times ${cut(oneLine(JSON.stringify(most.text)), LONGEST_EXAMPLE)}.`;
}

/** A file as a shell takes it; one that would do something to a terminal as Bash takes it. */
function quoted(file) {
  if (file === '-') return 'FILE';
  if (oneLine(file) !== file) return `$'${oneLine(file.replace(/[\\']/g, '\\$&'))}'`;
  return /^[\w./@%+=:,-]+$/.test(file) ? file : `'${file.replaceAll('\'', '\'\\\'\'')}'`;
}

/** The biggest object; or what it holds, and that in turn, as long as that is nearly all of it. */
function lastOfBig([first, ...others]) {
  let last = first;
  for (const object of others) {
    if (object.depth <= last.depth || object.retainedSize < last.retainedSize * NEARLY_ALL) break;
    last = object;
  }
  return last;
}

/** Whether the program itself has this class, and many objects of it. Generators have the place of their function. */
const isOwn = ({ name, count: objects, place }) => objects > 1 && place && !place.url.startsWith('node:') && /^(?!\w*Generator$)[\w$]+$/.test(name);

/** What to run next. */
function nextSteps(file, classes, objects) {
  const object = lastOfBig(objects);
  const own = classes.find(isOwn);
  return [
    ...(object ? [[`what keeps @${object.id} alive`, `retainers ${file} @${object.id}`]] : []),
    ...(object ? [[`what @${object.id} holds`, `dominators ${file} @${object.id}`]] : []),
    ...(own ? [[`what keeps the biggest ${own.name} alive`, `retainers ${file} --class ${own.name}`]] : []),
    ['what grew since an earlier snapshot', `compare EARLIER ${file}`],
  ];
}

function print(context, { summary: totals, statistics, classes, objects, duplicatedStrings }) {
  const { bold, width } = context.terminal;
  const show = (text = '') => context.print(cut(text, width));
  context.print(bold(cut(`${bytes(totals.totalSize)} in ${many(totals.nodes, 'node')} with ${many(totals.edges, 'edge')}`, width)));
  context.print();
  printKinds(context, statistics);
  context.print();
  context.table(classColumns(totals.totalSize), classes);
  if (totals.classes > classes.length) show(`... of ${count(totals.classes)} classes`);
  context.print();
  context.table([
    RETAINED, shareOf(totals.totalSize),
    { title: 'Object, and the names that lead to it', of: ({ depth, way, ...row }) => `${'  '.repeat(depth)}${withPlace(nameOf(row), row.place)}${way && `  ${way}`}` },
  ], objects);
  context.print();
  show(lineOf(duplicatedStrings));
  context.print();
  const steps = nextSteps(quoted(context.files[0]), classes, objects);
  const longest = Math.max(...steps.map(([about]) => about.length));
  context.print(bold('Next'));
  for (const [about, command] of steps) context.print(`  ${about.padEnd(longest)}  npx rs-profiler heap ${command}`);
}

async function summary(context) {
  if (context.values.quick) return quickSummary(context);
  const analysis = await openHeap(context, context.files[0]);
  const most = Math.min(context.limit ?? ROWS, ALL - 1);
  const [totals, statistics, classes, objects, duplicatedStrings] = await Promise.all([
    analysis.summary(), analysis.statistics(), analysis.classes({ limit: most }), biggestObjects(analysis, most), duplicates(analysis),
  ]);
  const answer = { summary: totals, statistics, classes, objects, duplicatedStrings };
  await context.answer(answer);
  print(context, answer);
  return undefined;
}

module.exports = { summary };
