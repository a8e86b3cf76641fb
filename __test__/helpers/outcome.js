'use strict';

/**
 * What captures come to, as plain values. Required by the tests and, by path, by their child processes.
 */

const fs = require('node:fs');

/** What a promise comes to: { value } or { error }, where `error` holds what callers look at. */
async function outcomeOf(promise) {
  try {
    return { value: await promise };
  } catch (error) {
    const { name, code, message, syscall, path } = error;
    return { error: { name, code, message, syscall, path, cause: error.cause, isError: error instanceof Error } };
  }
}

/** The counts of a heap snapshot's text, which is parsed, and whether its parts are as long as its header says. */
function countsOf(text) {
  const { snapshot, nodes, edges } = JSON.parse(text);
  const { node_count: nodeCount, edge_count: edgeCount, meta } = snapshot;
  const whole = nodes.length === nodeCount * meta.node_fields.length && edges.length === edgeCount * meta.edge_fields.length;
  return { nodes: nodeCount, edges: edgeCount, whole };
}

/** The same of a file. */
function countsOfFile(file) {
  return countsOf(fs.readFileSync(file, 'utf8'));
}

/** Whether a heap snapshot's text has nodes of type 'hidden'. With `exposeInternals`, newer V8s call them 'native'. */
function hasHiddenNodes(text) {
  const { snapshot, nodes } = JSON.parse(text);
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const hidden = types[0].indexOf('hidden');
  return nodes.some((value, at) => at % fields.length === 0 && value === hidden);
}

/** How many shortcut edges, to global objects, leave the root of a heap snapshot's text. */
function rootShortcuts(text) {
  const { snapshot, nodes, edges } = JSON.parse(text);
  const { node_fields: fields, edge_fields: edgeFields, edge_types: [types] } = snapshot.meta;
  const ofRoot = edges.slice(0, nodes[fields.indexOf('edge_count')] * edgeFields.length);
  return ofRoot.filter((value, at) => at % edgeFields.length === 0 && types[value] === 'shortcut').length;
}

/** What is wrong with recorded progress: a list of texts, empty when it is as documented. */
function progressFaults(calls, phases) {
  const faults = [];
  const seen = calls.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
  if (seen.join() !== phases.join()) faults.push(`phases ${seen}`);
  for (const phase of phases) {
    const own = calls.filter((call) => call.phase === phase);
    const last = own[own.length - 1] || {};
    if (last.done !== last.total || !(last.done > 0)) faults.push(`${phase} ends with ${last.done} of ${last.total}`);
    if (own.some(({ done }, at) => at > 0 && done < own[at - 1].done)) faults.push(`${phase} goes back`);
    if (own.some((call) => !Number.isFinite(call.done) || !Number.isFinite(call.total))) faults.push(`${phase} has no numbers`);
  }
  return faults;
}

module.exports = { outcomeOf, countsOf, countsOfFile, hasHiddenNodes, progressFaults, rootShortcuts, file: __filename };
