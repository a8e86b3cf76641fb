'use strict';

/** The definitions that Chrome DevTools' numbers go by, without any cleverness, on the JSON of a heap snapshot. */

const WEAK_PAIR = /^\d+ \/ part of key \(.*? @\d+\) -> value \(.*? @\d+\) pair in WeakMap \(table @(\d+)\)$/;

/** Nodes as objects, the root first: `{ id, type, name, selfSize, edges: [{ type, name, to }] }`, where `to` is a place in the list. */
function nodesOf({ snapshot: { meta }, nodes, edges, strings }) {
  const [node, edge] = [meta.node_fields, meta.edge_fields].map((fields) => Object.fromEntries(fields.map((name, at) => [name, at])));
  const [nodeTypes, edgeTypes] = [meta.node_types[node.type], meta.edge_types[edge.type]];
  const found = [];
  let next = 0;
  for (let at = 0; at < nodes.length; at += meta.node_fields.length) {
    const own = [];
    for (let count = nodes[at + node.edge_count]; count > 0; count--, next += meta.edge_fields.length) {
      const type = edgeTypes[edges[next + edge.type]];
      const name = edges[next + edge.name_or_index];
      const isNumber = type === 'element' || type === 'hidden';
      own.push({ type, name: isNumber ? name : strings[name], to: edges[next + edge.to_node] / meta.node_fields.length });
    }
    found.push({
      id: nodes[at + node.id], type: nodeTypes[nodes[at + node.type]], name: strings[nodes[at + node.name]],
      selfSize: nodes[at + node.self_size], edges: own,
    });
  }
  return found;
}

/** What `starts` lead to over edges for which `follow(from, edge)`, as flags by place, without stepping on `without`. */
function reach(nodes, starts, follow, without) {
  const reached = new Uint8Array(nodes.length);
  const open = starts.filter((at) => at !== without);
  for (const at of open) reached[at] = 1;
  while (open.length > 0) {
    const from = open.pop();
    for (const edge of nodes[from].edges) {
      if (reached[edge.to] || edge.to === without || !follow(from, edge)) continue;
      reached[edge.to] = 1;
      open.push(edge.to);
    }
  }
  return reached;
}

/** Which edges keep what they lead to alive. */
function keepsAlive(nodes) {
  const isPageRoot = ({ type, to }) => type === 'shortcut' || (type === 'element' && nodes[to].type === 'synthetic' && nodes[to].name === '(Document DOM trees)');
  const pageRoots = nodes[0].edges.filter(isPageRoot).map(({ to }) => to);
  const page = reach(nodes, pageRoots, (from, { type }) => type !== 'weak');
  return (from, { type, name, to }) => {
    if (type === 'weak' || to === from) return false;
    if (type === 'internal' && Number(WEAK_PAIR.exec(name)?.[1]) === nodes[from].id) return false;
    return from === 0 || !(type === 'shortcut' || (page[to] && !page[from]));
  };
}

/**
 * What can be asked of a graph: `retained(at)` gives the places of the nodes that nothing keeps alive without node `at`.
 * @param {object} json a parsed heap snapshot
 */
function naiveHeap(json) {
  const nodes = nodesOf(json);
  const follow = keepsAlive(nodes);
  // What nothing leads to counts as held by the root: first what nothing holds at all, then what holds itself.
  const starts = [0];
  const isHeld = new Uint8Array(nodes.length);
  nodes.forEach(({ edges }, from) => edges.forEach((edge) => {
    if (follow(from, edge)) isHeld[edge.to] = 1;
  }));
  for (const isLeft of [(at) => !isHeld[at], () => true]) {
    const reached = reach(nodes, starts, follow);
    nodes.forEach((_, at) => {
      if (!reached[at] && isLeft(at)) starts.push(at);
    });
  }
  const retained = (without) => {
    const reached = reach(nodes, starts, follow, without);
    return [...nodes.keys()].filter((at) => !reached[at]);
  };
  return { nodes, retained };
}

module.exports = { naiveHeap };
