'use strict';

/** Reads a heap snapshot into objects that two snapshots of one process can be compared by: V8's ids are the same in both. */

const fs = require('node:fs');

/**
 * @param {string} file a heap snapshot
 * @returns {{ meta: object, nodeCount: number, edgeCount: number, consistent: boolean, objects: Map<number, object> }}
 *   objects: by id, `{ type, name, size, edges }`, each edge as text with the id of where it leads
 */
function readObjects(file) {
  const { snapshot, nodes, edges, strings } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const { meta, node_count: nodeCount, edge_count: edgeCount } = snapshot;
  const [perNode, perEdge] = [meta.node_fields.length, meta.edge_fields.length];
  const [type, name, id, size, count] = ['type', 'name', 'id', 'self_size', 'edge_count'].map((field) => meta.node_fields.indexOf(field));
  const objects = new Map();
  let at = 0;
  for (let node = 0; node < nodes.length; node += perNode) {
    const end = at + nodes[node + count] * perEdge;
    const found = [];
    for (; at < end; at += perEdge) {
      const kind = meta.edge_types[0][edges[at]];
      const label = kind === 'element' || kind === 'hidden' ? edges[at + 1] : strings[edges[at + 1]];
      found.push(`${kind} ${label} to ${nodes[edges[at + 2] + id]}`);
    }
    objects.set(nodes[node + id], { type: meta.node_types[0][nodes[node + type]], name: strings[nodes[node + name]], size: nodes[node + size], edges: found.sort() });
  }
  const consistent = nodes.length === nodeCount * perNode && edges.length === edgeCount * perEdge && at === edges.length && objects.size === nodeCount;
  return { meta, nodeCount, edgeCount, consistent, objects };
}

module.exports = { readObjects };
