'use strict';
// `rs-profiler heap ...`

const rsProfiler = require('../..');
const { UsageError, wholeNumber } = require('./context');
const { bytes, count, functionPlace, oneLine, percent, place, signed } = require('./format');
const { cut } = require('./table');
const { withoutMiddle } = require('../report/trim');

const CLASS_ROWS = 20;
const OTHER_ROWS = 20;
/** Steps of a way that are shown, when it has more: from its begin, and to its end. */
const FIRST_STEPS = 10;
const LAST_STEPS = 30;
/** The exit code when a limit was passed that the command line set. */
const OVER_LIMIT = 3;

const CLASS_COLUMNS = [
  { title: 'Class', of: ({ name }) => name, left: true, long: true },
  { title: 'Count', of: (row) => count(row.count) },
  { title: 'Shallow', of: ({ shallowSize }) => bytes(shallowSize) },
  { title: 'Retained', of: ({ retainedSize }) => bytes(retainedSize) },
  { title: 'Distance', of: ({ distance }) => (distance < 1e8 ? String(distance) : '-') },
  { title: 'Constructor', of: (row) => place(row.place), left: true, long: true },
];

/** Some of V8's own objects have no name; their class says what they are. */
const nameOf = ({ name, className = '', id }) => `${oneLine(name || className)} @${id}`;

const NODE_COLUMNS = [
  { title: 'Object', of: nameOf, left: true, long: true },
  { title: 'Shallow', of: ({ shallowSize }) => bytes(shallowSize) },
  { title: 'Retained', of: ({ retainedSize }) => bytes(retainedSize) },
];

async function summary(context) {
  const analysis = await context.heap(context.files[0]);
  const [totals, statistics, classes] = await Promise.all([
    analysis.summary(), analysis.statistics(), analysis.classes(context.rows(CLASS_ROWS)),
  ]);
  context.answer({ summary: totals, statistics, classes });
  context.print(`${bytes(totals.totalSize)} in ${count(totals.nodes)} nodes and ${count(totals.edges)} edges, `
    + `${count(totals.classes)} classes`);
  context.print(statisticsLine(statistics));
  context.print();
  context.table(CLASS_COLUMNS, classes);
  if (classes.length < totals.classes) context.print(`... and ${count(totals.classes - classes.length)} more (--limit N)`);
}

function statisticsLine({ native, v8heap }) {
  return `strings ${bytes(v8heap.strings)}, code ${bytes(v8heap.code)}, JS arrays ${bytes(v8heap.jsArrays)}, `
    + `system ${bytes(v8heap.system)}; off the heap ${bytes(native.total)}`;
}

async function statistics(context) {
  const analysis = await context.heap(context.files[0]);
  const found = await analysis.statistics();
  context.answer(found);
  const { total, native, v8heap } = found;
  const rows = [
    ['Total', total], ['V8 heap', v8heap.total], ['  code', v8heap.code], ['  strings', v8heap.strings],
    ['  JS arrays', v8heap.jsArrays], ['  system objects', v8heap.system], ['Native', native.total],
    ['  typed arrays', native.typedArrays],
  ];
  context.table([
    { title: 'Kind', of: ([name]) => name, left: true },
    { title: 'Size', of: ([, size]) => bytes(size) },
    { title: 'Share', of: ([, size]) => percent(total > 0 ? size / total : 0) },
  ], rows);
}

/** A sentence when memory grew that no object of the JavaScript heap is: by the least that a suspect has to grow by. */
async function offHeapGrowth(analysis, base) {
  const [{ native: after }, { native: before }, { leastGrowth }] = await Promise.all([
    analysis.statistics(), base.statistics(), base.summary(),
  ]);
  const growth = after.total - before.total;
  if (growth < leastGrowth) return undefined;
  return `Memory off the JavaScript heap grew by ${bytes(growth)} since the base, from ${bytes(before.total)} to ${bytes(after.total)} `
    + '(Buffers, ArrayBuffers, and what native code reports). Of objects that hold it, the suspects say so.';
}

async function suspects(context) {
  const { base: baseFile } = context.values;
  const base = baseFile === undefined ? undefined : await context.heap(baseFile);
  const analysis = await context.heap(context.files[0]);
  const found = await analysis.suspects({ base, ...context.rows(OTHER_ROWS) });
  const offHeap = base && !context.json ? await offHeapGrowth(analysis, base) : undefined;
  context.answer(found);
  if (found.length === 0 && context.limit !== 0 && !offHeap) {
    context.print(base ? 'Nothing grew that looks like a leak.' : 'Nothing accumulates that looks like a leak.');
  }
  found.forEach((suspect, at) => {
    context.print(`${context.terminal.bold(`${at + 1}.`)} ${oneLine(suspect.sentence)}`);
    for (const step of suspect.path) {
      const where = place(step.place);
      context.print(`     ${oneLine(step.name)} ${context.terminal.dim(`@${step.id}`)} .${oneLine(step.edgeName)}`
        + `${where ? context.terminal.dim(`  ${oneLine(where)}`) : ''}`);
    }
  });
  if (offHeap) context.print(offHeap);
}

/** The growth that a command line allows: bytes, or a part of the base. */
function allowedGrowth(text, base) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(%|B|kB|MB|GB)?$/.exec(text) ?? [];
  if (number === undefined) throw new UsageError(`--fail-on-growth must be like 5% or 20MB, not '${text}'.`);
  const factor = { '%': base / 100, kB: 1e3, MB: 1e6, GB: 1e9 }[unit] ?? 1;
  return Number(number) * factor;
}

async function compare(context) {
  const limit = context.values['fail-on-growth'];
  if (limit !== undefined) allowedGrowth(limit, 0);
  const base = await context.heap(context.files[0]);
  const analysis = await context.heap(context.files[1]);
  const found = await analysis.compare(base, context.rows(OTHER_ROWS));
  const growth = found.totalSize - found.baseTotalSize;
  const exceeded = limit !== undefined && growth > allowedGrowth(limit, found.baseTotalSize);
  context.answer({ ...found, growth, exceeded });
  context.print(`${bytes(found.baseTotalSize)} -> ${bytes(found.totalSize)} (${signed(bytes)(growth)}); `
    + `objects matched by ${found.matchedBy === 'id' ? 'id' : 'class, place and shape: ids do not match (different processes, or forked without stableIds)'}`);
  context.print();
  context.table([
    { title: 'Class', of: ({ name }) => name, left: true, long: true },
    { title: 'New', of: ({ addedCount }) => count(addedCount) },
    { title: 'Deleted', of: ({ removedCount }) => count(removedCount) },
    { title: 'Delta', of: ({ countDelta }) => signed(count)(countDelta) },
    { title: 'Size delta', of: ({ sizeDelta }) => signed(bytes)(sizeDelta) },
  ], found.rows);
  if (found.grown.length > 0) {
    context.print();
    context.print('Containers that hold more');
    context.table([
      ...NODE_COLUMNS,
      { title: 'Growth', of: ({ growth: more }) => signed(bytes)(more) },
      { title: 'References', of: ({ baseElements, elements }) => `${count(baseElements)} -> ${count(elements)}` },
    ], found.grown);
  }
  if (!exceeded) return 0;
  context.print(context.terminal.red(`The heap grew by more than ${limit}.`));
  return OVER_LIMIT;
}

/** The object that the command line names: an id, or the biggest of a class. Asked before the file is read. */
function wanted(context) {
  const [, id] = context.files;
  const { class: name } = context.values;
  if ((id === undefined) === (name === undefined)) throw new UsageError('Name one object: its id, or --class NAME.');
  if (id === undefined) return async (analysis) => (await analysis.instances(name, { limit: 1 }))[0];
  const number = wholeNumber(id.replace(/^@/, ''), 'The id');
  return (analysis) => analysis.node(number);
}

/** The way from the roots, a line for each step; the middle of a long one is left out. */
function printWay(context, path, node) {
  const lines = [...path.map((step) => `${nameOf(step)} .${oneLine(step.edgeName)}`), nameOf(node)];
  const shown = withoutMiddle(lines, FIRST_STEPS, LAST_STEPS, (left) => `... ${count(left)} more ...`);
  shown.forEach((line, depth) => context.print(cut(`${'  '.repeat(depth)}${line}`, context.terminal.width)));
}

async function retainers(context) {
  const find = wanted(context);
  const analysis = await context.heap(context.files[0]);
  const node = await find(analysis);
  const [path, found] = await Promise.all([analysis.retainingPath(node), analysis.retainers(node, context.rows(OTHER_ROWS))]);
  const stack = await analysis.allocationStack(node);
  context.answer({ node, retainingPath: path, retainers: found, allocationStack: stack });
  context.print(`${nameOf(node)}: ${bytes(node.shallowSize)}, retains ${bytes(node.retainedSize)}`);
  context.print();
  context.print('Shortest way from the roots');
  printWay(context, path, node);
  context.print();
  if (stack.length > 0) {
    context.print('Allocated by');
    for (const call of stack) context.print(cut(`  ${oneLine(call.functionName || '(anonymous)')} ${oneLine(functionPlace(call))}`, context.terminal.width));
    context.print();
  }
  context.table([
    { title: 'Held by', of: nameOf, left: true, long: true },
    { title: 'As', of: ({ edgeType, edgeName }) => `${edgeName} (${edgeType})`, left: true, long: true },
    { title: 'Retained', of: ({ retainedSize }) => bytes(retainedSize) },
    { title: 'Place', of: (row) => place(row.place), left: true, long: true },
  ], found);
}

async function dominators(context) {
  const find = context.files[1] === undefined ? undefined : wanted(context);
  const analysis = await context.heap(context.files[0]);
  if (find) {
    const node = await find(analysis);
    const found = await analysis.dominated(node, context.rows(OTHER_ROWS));
    context.answer({ node, dominated: found });
    context.print(`${nameOf(node)} retains ${bytes(node.retainedSize)}`);
    context.table(NODE_COLUMNS, found);
    return;
  }
  const tree = context.biggest(await analysis.dominatorTree({ leastShare: context.limit === undefined ? 0.01 : 0.0001, deepest: 8 }), ({ retainedSize }) => retainedSize);
  context.answer(tree);
  const show = (node, depth) => {
    context.print(cut(`${bytes(node.retainedSize).padStart(9)}  ${'  '.repeat(depth)}${nameOf(node)}`, context.terminal.width));
    for (const child of node.children) show(child, depth + 1);
  };
  show(tree, 0);
}

async function strings(context) {
  const analysis = await context.heap(context.files[0]);
  const found = await analysis.duplicatedStrings(context.rows(OTHER_ROWS));
  context.answer(found);
  context.table([
    { title: 'Count', of: (row) => count(row.count) },
    { title: 'Size', of: ({ shallowSize }) => bytes(shallowSize) },
    { title: 'Text', of: ({ text }) => JSON.stringify(text), left: true, long: true },
  ], found);
}

async function redact(context) {
  const { output, keep = [], keys = false } = context.values;
  if (output === undefined) throw new UsageError('Name the file to write with -o.');
  const patterns = keep.map((source) => {
    try {
      return new RegExp(source, 'u');
    } catch (error) {
      throw new UsageError(error.message);
    }
  });
  const input = await context.profile(context.files[0]);
  const report = await context.working(context.files[0], (options) => (
    rsProfiler.redactHeapSnapshot(input, output, { ...options, redact: { keep: patterns, keys } })
  ));
  context.answer(report);
  const { blanked, strings: all } = report.redacted;
  context.print(`${output}: ${count(blanked)} of ${count(all)} strings redacted${keys ? ', keys hashed' : ''}`);
}

module.exports = { compare, dominators, redact, retainers, statistics, strings, summary, suspects };
