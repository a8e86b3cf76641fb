'use strict';
// `rs-profiler heap strings`: equal strings that are on the heap more than once.

const { bytes, count } = require('../format');
const { rowsOf } = require('./columns');
const { openHeap } = require('./open');

const COLUMNS = [
  { title: 'Size', of: ({ shallowSize }) => bytes(shallowSize) },
  { title: 'Count', of: (row) => count(row.count) },
  { title: 'First', of: ({ ids }) => `@${ids[0]}` },
  { title: 'Text', of: ({ text }) => JSON.stringify(text) },
];

async function strings(context) {
  const analysis = await openHeap(context, context.files[0]);
  const found = await analysis.duplicatedStrings(rowsOf(context));
  await context.answer(found);
  context.table(COLUMNS, found);
}

module.exports = { strings };
