'use strict';
// Nodes and edges of a heap snapshot as plain objects, made when somebody asks for them.

const { defineLazy } = require('../native/lazy');
const { native } = require('../native/errors');
const { define } = require('../native/properties');

// Numbered as v8::HeapGraphNode::Type; later types read as Hidden, as in the original packages.
const NODE_TYPES = ['Hidden', 'Array', 'String', 'Object', 'Code', 'Closure', 'RegExp', 'HeapNumber', 'Native',
  'Synthetic', 'ConsString', 'SlicedString'];
// Numbered as v8::HeapGraphEdge::Type.
const EDGE_TYPES = ['ContextVariable', 'Element', 'Property', 'Internal', 'Hidden', 'Shortcut', 'Weak'];

const nodeType = (type) => NODE_TYPES[type] || 'Hidden';

/** The nodes of one snapshot that were asked for, by id: the same node is the same object. */
class HeapGraph {
  constructor(snapshot) {
    this.snapshot = snapshot;
    this.nodes = new Map();
  }

  /** The object of a native node `[type, name, id, shallowSize]`. */
  node([type, name, id, shallowSize]) {
    let node = this.nodes.get(id);
    if (!node) {
      node = {};
      const made = node;
      defineLazy(node, 'children', () => this.edges(made, id));
      define(node, { type: nodeType(type), name, id, shallowSize });
      this.nodes.set(id, node);
    }
    return node;
  }

  edges(from, id) {
    return native(() => this.snapshot.children(id)).map(([type, name, to]) => ({
      type: EDGE_TYPES[type] || 'Undefined', name, from, to: this.node(to),
    }));
  }

  clear() {
    this.nodes.clear();
  }
}

module.exports = { HeapGraph, nodeType };
