'use strict';
// What the tables of several commands have in common.

const { bytes, count, distance, percent, withPlace } = require('../format');
const { oneLine } = require('../text');

/** How many rows a table has where `--limit` says nothing: as many as one look takes in. */
const ROWS = 20;
/** The same of JSON, for rows of which there can be as many as objects: as with the functions. */
const ROWS_OF_JSON = 1000;
/** More than any heap has: V8 counts objects in 32 bits. */
const ALL = 0xffff_ffff;

/** The `limit` of a question. */
const rowsOf = ({ limit, values }, ofJson = ROWS_OF_JSON) => ({ limit: Math.min(limit ?? (values.json ? ofJson : ROWS), ALL) });

/** Some of V8's own objects have no name; their class says what they are. */
const nameOf = ({ name, className, id }) => `${oneLine(name || className)} @${id}`;

const SHALLOW = { title: 'Shallow', of: ({ shallowSize }) => bytes(shallowSize) };
const RETAINED = { title: 'Retained', of: ({ retainedSize }) => bytes(retainedSize) };
const DISTANCE = { title: 'Distance', of: (row) => distance(row.distance) };
const OBJECT = { title: 'Object', of: (row) => withPlace(nameOf(row), row.place) };

/** The part of the heap that is retained. */
const shareOf = (total) => ({ title: 'Share', of: ({ retainedSize }) => percent(retainedSize, total) });

/** The class table of a heap of `total` bytes. */
const classColumns = (total) => [
  RETAINED, shareOf(total), SHALLOW,
  { title: 'Count', of: (row) => count(row.count) },
  DISTANCE,
  { title: 'Class', of: ({ name, place }) => withPlace(name, place) },
];

/** An object on a line of its own. */
const headline = (row) => `${withPlace(nameOf(row), row.place)}: ${bytes(row.shallowSize)} of its own, retains ${bytes(row.retainedSize)}`;

/** Says that there are more rows than a table has, where that is known. */
function tellOfMore(context, shown, all) {
  if (all > shown) context.print(`... and ${count(all - shown)} more: --limit N shows them.`);
}

module.exports = { ALL, DISTANCE, OBJECT, RETAINED, SHALLOW, classColumns, headline, nameOf, rowsOf, shareOf, tellOfMore };
