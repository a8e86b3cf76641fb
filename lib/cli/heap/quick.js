'use strict';
// `rs-profiler heap summary --quick`: what one pass over a file tells, of files that are too large to be opened.

const { Mistake } = require('../context');
const { bytes, count, many, percent } = require('../format');
const { cut } = require('../text');
const { summarizeHeap } = require('./open');

const ROWS = 10;

const SIZE = { title: 'Size', of: ({ shallowSize }) => bytes(shallowSize) };
const COUNT = { title: 'Count', of: (row) => count(row.count) };
const shareOf = (total) => ({ title: 'Share', of: ({ shallowSize }) => percent(shallowSize, total) });

function print(context, found, rows) {
  const { bold, width } = context.terminal;
  const show = (text = '') => context.print(cut(text, width));
  const share = shareOf(found.totalSize);
  show(bold(`${bytes(found.totalSize)} in ${many(found.nodes, 'node')} with ${many(found.edges, 'edge')}`));
  show();
  context.table([SIZE, share, COUNT, { title: 'Type', of: ({ type }) => type }], found.types);
  show();
  context.table([SIZE, share, COUNT, { title: 'Name', of: ({ name }) => name }], found.names.slice(0, rows));
  if (found.approximate) show('There are too many names to count each: sizes and counts are at least these.');
  show();
  show(`${many(found.strings.count, 'string')}, ${bytes(found.strings.shallowSize)}`);
  context.table([
    SIZE, { title: 'Object', of: ({ id }) => `@${id}` }, { title: 'Text', of: ({ text }) => JSON.stringify(text) },
  ], found.strings.largest.slice(0, rows));
}

async function quickSummary(context) {
  if (context.values.index) throw new Mistake('--quick keeps nothing that an index could have: leave one of the two out.');
  const found = await summarizeHeap(context, context.files[0]);
  const rows = context.limit ?? ROWS;
  const { names, strings } = found;
  await context.answer({ ...found, names: names.slice(0, rows), strings: { ...strings, largest: strings.largest.slice(0, rows) } });
  print(context, found, rows);
}

module.exports = { quickSummary };
