'use strict';

/** Validity of a CPU profile in the tree format, and what it says about one function. */

const assert = require('node:assert/strict');

const NOT_CODE = new Set(['(root)', '(program)', '(idle)', '(garbage collector)']);

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
 * @param {object} profile a parsed `.cpuprofile` with `head`
 * @param {string} functionName whose share is wanted
 * @returns {{ nodes: number, samples: number, share: number }} `share` is the function's own part, 0 to 1, of the
 *   samples that hit code, so without idle time, garbage collection and time outside JavaScript
 */
function checkCpuProfile(profile, functionName) {
  const nodes = flatten(profile.head);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  assert.equal(profile.head.functionName, '(root)', 'the tree does not start at (root)');
  assert.equal(byId.size, nodes.length, 'two nodes have the same id');
  assert.ok(profile.samples.length > 0, 'there are no samples');
  assert.equal(profile.timestamps.length, profile.samples.length, 'samples and timestamps differ in number');

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
  return { nodes: nodes.length, samples: profile.samples.length, share: inFunction / inCode };
}

module.exports = { checkCpuProfile, flatten };
