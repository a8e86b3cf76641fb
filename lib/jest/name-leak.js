'use strict';
// A process of its own, started by lib/jest/diagnose.js: `name-leak.js BEFORE AFTER NEWEST CALLS` compares two snapshots and
// tells, as JSON on its output, which classes grew with the calls, and the way to one of the new objects.

const fs = require('fs');
const { openHeapSnapshot } = require('../analysis/heap');

/** Rows that are looked at, and told. */
const MOST_ROWS = 24;
const MOST_TOLD = 6;
/** A class that has less new objects per call did not grow with the calls. */
const LEAST_PER_CALL = 0.45;
/** Classes beside a container that grew are told from this part of its growth on. */
const LEAST_OF_CONTAINER = 0.1;
/** What V8 makes and drops as it sees fit: machine code and bytecode, type feedback, tables of its own. It tells of a leak only where it grows with the calls. */
const OWN = /^\((compiled code|system)\)$/;
/** Names of V8's for what is no object of the program. */
const INTERNAL = /^\(|^system( |$)|^<|^\[/;

/** The last step of the way is the object itself. */
const stepOf = (row) => ({ id: row.id, name: row.name, type: row.type, className: row.className, edgeType: row.edgeType, edgeName: row.edgeName });

/** How much a row says: objects of the program before texts and other values, and those before what V8 made for itself. */
function rank({ name }) {
  if (!INTERNAL.test(name)) return 0;
  return /string|number|bigint|regexp/.test(name) ? 1 : 2;
}

/** New objects of a class, the oldest first. */
async function newOnes(later, name, newest) {
  try {
    const rows = await later.instances(name);
    return rows.filter(({ id }) => id > newest).sort((one, other) => one.id - other.id);
  } catch {
    return [];
  }
}

/** The way to an object, cut after the outermost of the objects that grew: what that holds stayed with it. */
async function wayTo(later, sample, newest, grownNames) {
  const rows = await later.retainingPath(sample.id);
  const steps = rows.map(stepOf);
  if (steps[steps.length - 1]?.id !== sample.id) {
    steps.push({ id: sample.id, name: sample.name, type: sample.type, className: sample.className, edgeType: '', edgeName: '' });
  }
  const at = steps.findIndex(({ id, className }) => id > newest && grownNames.has(className) && !INTERNAL.test(className));
  return at < 0 ? steps : steps.slice(0, at + 1);
}

async function main([before, after, newestText, callsText]) {
  const [newest, calls] = [Number(newestText), Number(callsText)];
  const base = await openHeapSnapshot(before);
  const later = await openHeapSnapshot(after);
  const { rows, grown: containers } = await later.compare(base);
  const grown = rows.filter(({ countDelta, sizeDelta }) => countDelta > 0 || sizeDelta > 0)
    .sort((one, other) => other.sizeDelta - one.sizeDelta);
  const withCalls = grown.filter(({ countDelta }) => countDelta >= Math.max(1, LEAST_PER_CALL * calls));
  // Without a class that grew with the calls it is a container of values that are no objects: the biggest growth names it. What a
  // function retains more may be code of its own.
  const container = withCalls.some((row) => rank(row) < 2) ? undefined
    : containers.find(({ type, className }) => type === 'object' && !INTERNAL.test(className));
  const wanted = (withCalls.length
    ? withCalls.sort((one, other) => rank(one) - rank(other) || other.sizeDelta - one.sizeDelta)
    : grown
  ).slice(0, MOST_ROWS);
  const grownNames = new Set(wanted.map(({ name }) => name));
  let way = container && await wayTo(later, container, Infinity, grownNames);
  for (const row of way ? [] : wanted) {
    const found = await newOnes(later, row.name, newest);
    if (!found.length) continue;
    way = await wayTo(later, found[found.length >> 1], newest, grownNames);
    break;
  }
  const outermost = way?.[way.length - 1];
  const held = outermost && await later.node(outermost.id);
  const tellsMuch = ({ sizeDelta }) => !container || sizeDelta >= LEAST_OF_CONTAINER * container.growth;
  const told = wanted.filter(tellsMuch).map(({ name, countDelta, sizeDelta, place }) => ({ name, count: countDelta, bytes: sizeDelta, place }));
  const first = told.findIndex(({ name }) => name === held?.className);
  if (first > 0) told.unshift(...told.splice(first, 1));
  const newBytes = wanted.filter(({ name }) => withCalls.length || !OWN.test(name)).reduce((sum, row) => sum + row.sizeDelta, 0);
  fs.writeSync(1, JSON.stringify({
    withCalls: withCalls.some((row) => rank(row) < 2),
    classes: told.slice(0, MOST_TOLD),
    container: container && { id: container.id, name: container.className, bytes: container.growth, from: container.baseElements, to: container.elements },
    way,
    retainedSize: held?.retainedSize,
    grownBytes: Math.max(newBytes, container?.growth ?? 0),
  }));
}

main(process.argv.slice(2));
