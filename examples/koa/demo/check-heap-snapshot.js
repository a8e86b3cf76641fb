'use strict';

/** Validity of a heap snapshot, and the number of Module objects that it holds for one file. */

const assert = require('node:assert/strict');

/** Where each field of a record stands: `{ type: 0, name: 1, ... }`. */
function offsets(fields) {
  return Object.fromEntries(fields.map((field, index) => [field, index]));
}

/**
 * Throws if the snapshot contradicts itself.
 * @param {object} file a parsed `.heapsnapshot`
 * @param {string} moduleFile the end of the path of a module
 * @returns {{ nodes: number, edges: number, selfBytes: number, modules: number }}
 */
function checkHeapSnapshot({ snapshot, nodes, edges, strings }, moduleFile) {
  const { meta, node_count: nodeCount, edge_count: edgeCount } = snapshot;
  const node = offsets(meta.node_fields);
  const edge = offsets(meta.edge_fields);
  const nodeSize = meta.node_fields.length;
  const edgeSize = meta.edge_fields.length;
  const objectType = meta.node_types[node.type].indexOf('object');
  const propertyType = meta.edge_types[edge.type].indexOf('property');

  assert.ok(nodeCount > 0 && edgeCount > 0, 'the snapshot is empty');
  assert.equal(nodes.length, nodeCount * nodeSize, 'nodes do not agree with node_count');
  assert.equal(edges.length, edgeCount * edgeSize, 'edges do not agree with edge_count');

  const nameOf = (at) => strings[nodes[at + node.name]] ?? assert.fail('a node has no name in strings');
  const isModuleOfFile = (firstEdge, endEdge) => {
    for (let at = firstEdge; at < endEdge; at += edgeSize) {
      const isFilename = edges[at + edge.type] === propertyType &&
        strings[edges[at + edge.name_or_index]] === 'filename';
      if (isFilename) return nameOf(edges[at + edge.to_node]).endsWith(moduleFile);
    }
    return false;
  };

  for (let at = edge.to_node; at < edges.length; at += edgeSize) {
    const target = edges[at];
    if (target % nodeSize !== 0 || target < 0 || target >= nodes.length) assert.fail('an edge leads to no node');
  }

  let selfBytes = 0;
  let modules = 0;
  let firstEdge = 0;
  for (let at = 0; at < nodes.length; at += nodeSize) {
    const name = nameOf(at);
    const endEdge = firstEdge + nodes[at + node.edge_count] * edgeSize;
    selfBytes += nodes[at + node.self_size];
    if (name === 'Module' && nodes[at + node.type] === objectType && isModuleOfFile(firstEdge, endEdge)) modules++;
    firstEdge = endEdge;
  }
  assert.equal(firstEdge, edges.length, 'the edge counts of the nodes do not add up to edge_count');
  return { nodes: nodeCount, edges: edgeCount, selfBytes, modules };
}

module.exports = { checkHeapSnapshot };
