'use strict';
// `rs-profiler heap compare`: what came and what went between two snapshots, and whether the heap grew by more than it may.

const { Mistake } = require('../context');
const { bytes, count, percent, signed, withPlace } = require('../format');
const { ALL, rowsOf, tellOfMore } = require('./columns');
const { openHeap } = require('./open');

/** The exit code when the heap grew by more than the command line allows. */
const GROWN = 3;
const FACTORS = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };
const MATCHED = {
  id: 'Objects were matched by their ids.',
  shape: 'Objects were matched by class, place and shape: the ids are those of two processes, or of a forked child.',
};

/** What a heap may grow by: a function of its size before. */
function allowance(text) {
  const [, number, unit = 'B'] = /^(\d+(?:\.\d+)?) ?(%|[kmg]?b)?$/i.exec(text) ?? [];
  if (number === undefined) throw new Mistake(`--fail-on-growth must be like 5% or 20MB, not '${text}'.`);
  return unit === '%' ? (base) => (Number(number) * base) / 100 : () => Number(number) * FACTORS[unit.toLowerCase()];
}

const COLUMNS = [
  { title: 'Size delta', of: ({ sizeDelta }) => signed(bytes)(sizeDelta) },
  { title: 'Delta', of: ({ countDelta }) => signed(count)(countDelta) },
  { title: 'New', of: ({ addedCount }) => count(addedCount) },
  { title: 'Deleted', of: ({ removedCount }) => count(removedCount) },
  { title: 'Class', of: ({ name, place }) => withPlace(name, place) },
];

function print(context, all, { matchedBy, baseTotalSize, totalSize, baseNativeSize, nativeSize, growth, rows }) {
  context.print(`${bytes(baseTotalSize)} before, ${bytes(totalSize)} after: ${signed(bytes)(growth)}, ${percent(growth, baseTotalSize)}; `
    + `of these, off the heap ${signed(bytes)(nativeSize - baseNativeSize)}`);
  context.print(MATCHED[matchedBy]);
  context.print();
  context.table(COLUMNS, rows);
  tellOfMore(context, rows.length, all);
}

async function compare(context) {
  const text = context.values['fail-on-growth'];
  const allowed = text === undefined ? () => Infinity : allowance(text);
  const [baseFile, file] = context.files;
  const base = await openHeap(context, baseFile);
  const analysis = await openHeap(context, file);
  const found = await analysis.compare(base, { limit: ALL });
  const rows = found.rows.sort((a, b) => Math.abs(b.sizeDelta) - Math.abs(a.sizeDelta)).slice(0, rowsOf(context, ALL).limit);
  const growth = found.totalSize - found.baseTotalSize;
  const exceeded = growth > allowed(found.baseTotalSize);
  const answer = { ...found, rows, growth, exceeded };
  await context.answer(answer);
  print(context, found.rows.length, answer);
  if (!exceeded) return 0;
  context.note(`The heap grew by ${bytes(growth)} (${percent(growth, found.baseTotalSize)}), more than ${text}.`);
  return GROWN;
}

module.exports = { compare };
