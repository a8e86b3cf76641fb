'use strict';
// `rs-profiler heap statistics`: what kind of thing the bytes are.

const { bytes, percent } = require('../format');
const { openHeap } = require('./open');

/** The kinds, each with what is in no other, the biggest first; and their sum. */
function kindsOf({ total, native, v8heap }) {
  const { code, jsArrays, strings, system } = v8heap;
  const kinds = [
    { name: 'JavaScript objects', size: v8heap.total - code - jsArrays - strings - system },
    { name: 'strings', size: strings },
    { name: 'JavaScript arrays', size: jsArrays },
    { name: 'code', size: code },
    { name: 'V8\'s own objects', size: system },
    { name: 'typed arrays and Buffers, off the heap', size: native.typedArrays },
    { name: 'other native memory, off the heap', size: native.total - native.typedArrays },
  ];
  return [...kinds.sort((a, b) => b.size - a.size), { name: 'total', size: total }];
}

const COLUMNS = (total) => [
  { title: 'Size', of: ({ size }) => bytes(size) },
  { title: 'Share', of: ({ size }) => percent(size, total) },
  { title: 'Kind', of: ({ name }) => name },
];

function printKinds(context, statistics) {
  context.table(COLUMNS(statistics.total), kindsOf(statistics));
}

async function statistics(context) {
  const analysis = await openHeap(context, context.files[0]);
  const found = await analysis.statistics();
  await context.answer(found);
  printKinds(context, found);
}

module.exports = { printKinds, statistics };
