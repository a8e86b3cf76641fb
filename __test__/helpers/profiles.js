'use strict';

/**
 * Reads the three CPU profile formats and the sampling heap profiles alike, for assertions.
 */

/** The nodes of a tree of `{ children }`, depth first. */
function walkTree(head) {
  const nodes = [];
  const stack = [head];
  while (stack.length) {
    const node = stack.pop();
    nodes.push(node);
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]);
  }
  return nodes;
}

/** Hits by function name, of a CPU profile in any format. */
function hitsByFunction(profile) {
  const hits = {};
  const nodes = profile.head ? walkTree(profile.head) : profile.nodes;
  for (const node of nodes) {
    const name = (node.callFrame || node).functionName;
    hits[name] = (hits[name] || 0) + node.hitCount;
  }
  return hits;
}

/** Bytes by function name, of a sampling heap profile. */
function bytesByFunction(profile) {
  const bytes = {};
  for (const node of walkTree(profile.head)) {
    const name = node.callFrame.functionName;
    bytes[name] = (bytes[name] || 0) + node.selfSize;
  }
  return bytes;
}

/** The node of a function that has the most hits, in any CPU profile format; undefined when there is none. */
function findFunction(profile, functionName) {
  const nodes = profile.head ? walkTree(profile.head) : profile.nodes;
  const found = nodes.filter((node) => (node.callFrame || node).functionName === functionName);
  return found.sort((one, other) => other.hitCount - one.hitCount)[0];
}

module.exports = { walkTree, hitsByFunction, bytesByFunction, findFunction };
