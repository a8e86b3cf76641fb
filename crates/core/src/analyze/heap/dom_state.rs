//! Which objects of the embedder are detached, as DevTools spreads it from the nodes that know.

use std::collections::HashMap;

use super::bits::Bits;
use crate::model::heap::{Detachedness, EdgeKind, HeapGraph, NodeIndex, NodeKind, StringIndex};

/// The prefix that DevTools gives the names of detached nodes.
const DETACHED: &[u8] = b"Detached ";

/// Gives detached native nodes their prefix, and returns which nodes are detached. Linear in what is attached or
/// detached, which in Node is next to nothing.
pub(super) fn spread(graph: &mut HeapGraph) -> Bits {
    let mut detached = Bits::new(graph.node_count() as usize);
    if !graph.has_detachedness() {
        for node in graph.nodes() {
            if graph.kind(node) == NodeKind::NATIVE && graph.name_bytes(node).starts_with(DETACHED) {
                detached.add(node.0);
            }
        }
        return detached;
    }
    let mut spread = Spread {
        visited: Bits::new(graph.node_count() as usize),
        attached: Vec::new(),
        detached: Vec::new(),
        renamed: HashMap::new(),
    };
    for node in graph.nodes() {
        let state = graph.detachedness(node);
        if state != Detachedness::Unknown {
            spread.visit(graph, node, state);
            if state == Detachedness::Detached {
                detached.add(node.0);
            }
        }
    }
    while let Some(node) = spread.attached.pop() {
        spread.children(graph, node, Detachedness::Attached);
    }
    while let Some(node) = spread.detached.pop() {
        detached.add(node.0);
        spread.children(graph, node, Detachedness::Detached);
    }
    detached
}

struct Spread {
    visited: Bits,
    attached: Vec<NodeIndex>,
    detached: Vec<NodeIndex>,
    /// The prefixed name for each name, so that equal names stay one class.
    renamed: HashMap<StringIndex, StringIndex>,
}

impl Spread {
    fn visit(&mut self, graph: &mut HeapGraph, node: NodeIndex, state: Detachedness) {
        if !self.visited.add(node.0) || graph.kind(node) != NodeKind::NATIVE {
            return;
        }
        if state == Detachedness::Attached {
            self.attached.push(node);
        } else {
            let name = graph.name_index(node);
            let renamed = *self.renamed.entry(name).or_insert_with(|| {
                let text = [DETACHED, graph.strings().bytes(name)].concat();
                graph.add_text(&text)
            });
            graph.rename(node, renamed);
            self.detached.push(node);
        }
    }

    fn children(&mut self, graph: &mut HeapGraph, node: NodeIndex, state: Detachedness) {
        let children: Vec<NodeIndex> = graph
            .edges(node)
            .filter(|edge| !matches!(edge.kind, EdgeKind::Hidden | EdgeKind::Weak))
            .map(|edge| edge.to)
            .collect();
        for child in children {
            self.visit(graph, child, state);
        }
    }
}
