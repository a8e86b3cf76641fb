'use strict';

/** Validity of a CPU profile, in v8-profiler's form or in that of DevTools, and what it says about one function. */

const assert = require('node:assert/strict');

const NOT_CODE = new Set(['(root)', '(program)', '(idle)', '(garbage collector)']);

/** The nodes of a profile in either form, with their ids and names; the root is the first. */
function nodesOf(profile) {
  if (profile.nodes) return profile.nodes.map(({ id, callFrame }) => ({ id, functionName: callFrame.functionName }));
  return flatten(profile.head);
}

/** Every node of the tree, parents first. */
function flatten(head) {
  const nodes = [head];
  for (let i = 0; i < nodes.length; i++) {
    for (const child of nodes[i].children) nodes.push(child);
  }
  return nodes;
}

/**
 * Throws if the profile contradicts itself.
 * @param {object} profile a parsed `.cpuprofile`
 * @param {string} functionName whose share is wanted
 * @returns {{ samples: number, share: number }} `share` is the function's own part, 0 to 1, of the
 *   samples that hit code, so without idle time, garbage collection and time outside JavaScript
 */
function checkCpuProfile(profile, functionName) {
  const nodes = nodesOf(profile);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  assert.equal(nodes[0]?.functionName, '(root)', 'the tree does not start at (root)');
  assert.equal(byId.size, nodes.length, 'two nodes have the same id');
  assert.ok(profile.samples.length > 0, 'there are no samples');
  const times = profile.timestamps ?? profile.timeDeltas;
  assert.equal(times.length, profile.samples.length, 'samples and their times differ in number');

  let inCode = 0;
  let inFunction = 0;
  for (const id of profile.samples) {
    const node = byId.get(id);
    assert.ok(node, `sample of an unknown node ${id}`);
    if (NOT_CODE.has(node.functionName)) continue;
    inCode++;
    if (node.functionName === functionName) inFunction++;
  }
  assert.ok(inFunction > 0, `no sample shows ${functionName}`);
  return { samples: profile.samples.length, share: inFunction / inCode };
}

module.exports = { checkCpuProfile };
