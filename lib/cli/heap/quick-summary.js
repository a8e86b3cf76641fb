'use strict';
// `rs-profiler heap summary --quick`: what one pass over the file tells, without its graph.

const { bytes, count, many, percent } = require('../format');
const { cut, oneLine } = require('../text');
const { summarizeHeap } = require('./open');

const ROWS = 10;

const SHALLOW = { title: 'Shallow', of: ({ shallowSize }) => bytes(shallowSize) };
const COUNT = { title: 'Count', of: (row) => count(row.count) };

function print(context, found, most) {
  const { bold, width } = context.terminal;
  const share = { title: 'Share', of: ({ shallowSize }) => percent(shallowSize, found.totalSize) };
  const headline = `${bytes(found.totalSize)} in ${many(found.nodes, 'node')} with ${many(found.edges, 'edge')}`;
  context.print(bold(cut(headline, width)));
  context.print();
  context.table([SHALLOW, share, COUNT, { title: 'Type', of: ({ type }) => type }], found.types.filter((row) => row.count > 0));
  context.print();
  context.table([SHALLOW, share, COUNT, { title: 'Name', of: ({ name }) => oneLine(name) }], found.names.slice(0, most));
  if (found.approximate) context.print('There are too many names to count each: sizes and counts of names are the least there are.');
  context.print();
  context.table(
    [SHALLOW, { title: 'String', of: ({ id, text }) => `@${id} ${oneLine(JSON.stringify(text))}` }],
    found.strings.largest.slice(0, most),
  );
}

/** @param {import('../context').Context} context */
async function quickSummary(context) {
  const { partial, index } = context.values;
  if (partial || index) throw new Error('--quick takes what is whole in any case, and keeps nothing: leave --partial and --index out.');
  const found = await summarizeHeap(context, context.files[0]);
  await context.answer(found);
  print(context, found, context.limit ?? ROWS);
}

module.exports = { quickSummary };
