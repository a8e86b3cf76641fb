'use strict';
// JSON in pieces: an answer of many rows can be longer than any one string.

/** Pieces are gathered up to this many units. */
const PIECE = 1 << 16;

/** A value on lines that are moved to the right. No text in JSON holds a line end. */
const moved = (value, indent) => JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);

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
 * What `JSON.stringify(answer, null, 2)` gives, in pieces.
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
