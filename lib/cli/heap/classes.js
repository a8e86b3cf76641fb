'use strict';
// `rs-profiler heap classes`: the class table of DevTools.

const { bytes, count, many } = require('../format');
const { Mistake } = require('../context');
const { ALL, classColumns, rowsOf, tellOfMore } = require('./columns');
const { openHeap } = require('./open');

/** DevTools' filters. */
const FILTERS = ['duplicatedStrings', 'retainedByDetachedDom', 'retainedByConsole', 'retainedByContexts', 'retainedByEventHandlers'];
const SIZES = { retained: ({ retainedSize }) => retainedSize, shallow: ({ shallowSize }) => shallowSize, count: (row) => row.count };

/** The value of an option that is one of a few. */
function oneOf(known, value, option) {
  if (value === undefined || known.includes(value)) return value;
  throw new Mistake(`${option} must be one of ${known.join(', ')}, not '${value}'.`);
}

async function classes(context) {
  const filter = oneOf(FILTERS, context.values.filter, '--filter');
  const sizeOf = SIZES[oneOf(Object.keys(SIZES), context.values.sort, '--sort') ?? 'retained'];
  const { name: wanted = '' } = context.values;
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
