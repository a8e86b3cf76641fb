'use strict';
// `rs-profiler heap classes`: the class table of DevTools.

const { bytes, count, many } = require('../format');
const { ALL, classColumns, rowsOf, tellOfMore } = require('./columns');
const { openHeap } = require('./open');

const SIZES = { retained: ({ retainedSize }) => retainedSize, shallow: ({ shallowSize }) => shallowSize, count: (row) => row.count };

async function classes(context) {
  const { filter, sort = 'retained', name: wanted = '' } = context.values;
  const sizeOf = SIZES[sort];
  const analysis = await openHeap(context, context.files[0]);
  const [{ totalSize }, found] = await Promise.all([
    analysis.summary(), analysis.classes({ limit: ALL, ...(filter && { filter }) }),
  ]);
  const all = found.filter(({ name }) => name.includes(wanted)).sort((a, b) => sizeOf(b) - sizeOf(a));
  const rows = all.slice(0, rowsOf(context, ALL).limit);
  await context.answer(rows);
  const objects = all.reduce((sum, row) => sum + row.count, 0);
  const shallow = all.reduce((sum, row) => sum + row.shallowSize, 0);
  context.print(`${many(objects, 'object')} of ${all.length === 1 ? '1 class' : `${count(all.length)} classes`}, ${bytes(shallow)} of their own`);
  context.print();
  context.table(classColumns(totalSize), rows);
  tellOfMore(context, rows.length, all.length);
}

module.exports = { classes };
