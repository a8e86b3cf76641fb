'use strict';
// JSON in pieces: an answer of many rows can be longer than any one string.

/** What a terminal may act on, or hide, and JSON takes as it is: `UNSAFE` in text.js without what JSON escapes anyway. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029]|(?!\u200d)\p{Cf}/gu;
/** Pieces are gathered up to this many units. */
const PIECE = 1 << 16;

const escaped = (text) => text.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
/** A value on lines that are moved to the right. No text in JSON holds a line end. */
const moved = (value, indent) => JSON.stringify(value, null, 2).replace(UNSAFE, escaped).replaceAll('\n', `\n${indent}`);

function* rowsOf(rows, indent) {
  let separator = '[';
  for (const row of rows) {
    yield `${separator}\n${indent}  ${moved(row, `${indent}  `)}`;
    separator = ',';
  }
  yield rows.length > 0 ? `\n${indent}]` : '[]';
}

/** The rows of an answer are the answer, or a member of it. */
function* piecesOf(answer) {
  if (Array.isArray(answer)) {
    yield* rowsOf(answer, '');
    return;
  }
  let separator = '{';
  for (const [key, member] of Object.entries(answer)) {
    if (member === undefined) continue;
    yield `${separator}\n  ${JSON.stringify(key)}: `;
    if (Array.isArray(member)) yield* rowsOf(member, '  ');
    else yield moved(member, '  ');
    separator = ',';
  }
  yield separator === ',' ? '\n}' : '{}';
}

/**
 * What `JSON.stringify(answer, null, 2)` gives, in pieces, with more escapes.
 * @param {object|object[]} answer
 */
function* jsonPieces(answer) {
  let gathered = '';
  for (const piece of piecesOf(answer)) {
    gathered += piece;
    if (gathered.length < PIECE) continue;
    yield gathered;
    gathered = '';
  }
  yield gathered;
}

module.exports = { jsonPieces };
