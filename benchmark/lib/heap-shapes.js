'use strict';

/** Heaps of one kind each: what a snapshot of so many megabytes costs depends on what they are. */

const { fill } = require('./heap');

const MIB = 1024 * 1024;

/** `count` values that `make` makes from their number. */
function many(count, make) {
  const values = [];
  for (let i = 0; i < count; i++) values.push(make(i, values));
  return values;
}

/** A function per shape: megabytes (about) to a root that has to be kept. */
const SHAPES = {
  'small objects': (mb) => many((mb * MIB) / 200, (i, all) => ({ id: i, name: `n${i % 500}`, next: all[i - 1], tags: ['a', i] })),
  'varied objects': (mb) => fill(mb),
  'big strings': (mb) => many((mb * MIB) / 200000, (i) => Buffer.alloc(200000, 97 + (i % 26)).toString('latin1')),
  'distinct strings': (mb) => many((mb * MIB) / 120, (i) => Buffer.from(`some distinct text of a record number ${i} `).toString('latin1')),
  'typed arrays': (mb) => many((mb * MIB) / 65536, () => [Buffer.alloc(16384, 1), new Float64Array(6144)]),
  closures: (mb) => many((mb * MIB) / 150, (i) => ((a, b) => () => [a, b])(i, { i })),
  'huge arrays': (mb) => {
    const shared = {};
    return many(8, () => new Array(Math.floor((mb * MIB) / 64)).fill(shared));
  },
  'arrays of numbers': (mb) => many(8, () => new Array(Math.floor((mb * MIB) / 64)).fill(7)),
};

module.exports = { SHAPES };
