'use strict';
// How an object holds another, as people would write it.

const { oneLine } = require('../text');

/** What V8 itself holds by, and not the program. */
const INTERNAL = new Set(['hidden', 'internal', 'shortcut', 'weak']);
const WORD = /^[\p{ID_Start}$_#][\p{ID_Continue}$]*$/u;
/** Names of a way that are shown. */
const SHOWN = 4;

/** `.cache`, `[7]`, `["a key"]`, `variable cache`, or `(table)` for what V8 names itself. */
function edgeOf({ edgeType, edgeName }) {
  if (edgeType === 'element') return `[${edgeName}]`;
  if (edgeType === 'context') return `variable ${oneLine(edgeName)}`;
  if (INTERNAL.has(edgeType)) return `(${oneLine(edgeName)})`;
  if (WORD.test(edgeName)) return `.${edgeName}`;
  return `[${oneLine(edgeName.startsWith('<symbol') ? edgeName : JSON.stringify(edgeName))}]`;
}

/** The last names of a way from the roots, such as `load > cache.sessions[7]`; empty where a program names nothing on it. */
function wayOf(path) {
  const named = path.filter(({ type, edgeType }) => type !== 'synthetic' && !INTERNAL.has(edgeType));
  const parts = named.slice(-SHOWN).map((step) => (step.edgeType === 'context' ? ` > ${oneLine(step.edgeName)}` : edgeOf(step)));
  const text = parts.join('').replace(/^( > |\.)/, '');
  return named.length > SHOWN ? `… ${text}` : text;
}

module.exports = { edgeOf, wayOf };
