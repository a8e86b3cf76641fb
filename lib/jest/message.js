'use strict';
// What the matchers say when they fail.

const UNITS = ['B', 'KB', 'MB', 'GB'];

/** Bytes for people. */
function bytesText(bytes) {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit && Math.abs(value) < 100 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

const placeText = (place) => (place ? ` (${place.url}:${place.lineNumber})` : '');

function edgeText({ edgeType, edgeName }) {
  if (edgeType === 'element') return `[${edgeName}]`;
  if (edgeType === 'context') return `variable ${edgeName}`;
  if (edgeType === 'property') return `.${edgeName}`;
  return edgeName;
}

/** One line for each step of the way: what holds, and how it holds the next. */
function wayText(whole) {
  const roots = whole.findIndex(({ name }) => !/^\((GC|Stack) roots\)$/.test(name));
  const onStack = whole.slice(0, roots).some(({ name }) => name === '(Stack roots)');
  const way = whole.slice(Math.max(0, roots));
  const start = onStack ? '  held by the functions that run\n' : '';
  return start + way.map((step, at) => {
    const edge = at > 0 ? `${edgeText(way[at - 1].edgeName ? way[at - 1] : step)} → ` : '';
    return `  ${edge}${step.type === 'closure' ? `function ${step.name || '(anonymous)'}` : step.name.slice(0, 80)} @${step.id}`;
  }).join('\n');
}

const perCall = (count, calls) => (count / calls).toFixed(count % calls ? 2 : 0);

/** A container that was there before. What it holds is no object each: numbers, or parts of one text. */
function containerText({ id, name, bytes, from, to }) {
  return `${name} @${id}, by ${bytesText(bytes)}${to > from ? `, from ${from} to ${to} references` : ''}`;
}

/** The whole finding. */
function leakText({ bytesPerIteration, iterations, toleranceBytes, calls, named, reason }) {
  const lines = [`Expected the function not to leak, but ${bytesText(bytesPerIteration)} stay per iteration `
    + `(${bytesText(bytesPerIteration * iterations)} of ${iterations} iterations; tolerated: ${bytesText(toleranceBytes)}).`];
  if (reason) {
    lines.push('', `What stays could not be named: ${reason}`);
    return lines.join('\n');
  }
  if (named.classes.length) lines.push('', `New after ${calls} more iterations:`);
  for (const { name, count, bytes, place } of named.classes) {
    lines.push(`  ${name}${placeText(place)}: ${count}, ${perCall(count, calls)} per iteration, ${bytesText(bytes)}`);
  }
  if (named.container) lines.push('', `Grown in ${calls} more iterations: ${containerText(named.container)}`);
  if (named.way) {
    const whose = named.container ? 'it' : 'one of them';
    lines.push('', `Retaining path of ${whose} (it retains ${bytesText(named.retainedSize)}):`, wayText(named.way));
  }
  return lines.join('\n');
}

module.exports = { bytesText, leakText };
