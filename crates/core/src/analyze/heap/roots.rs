//! What hangs below the root on behalf of the program: the global object, and in a browser the DOM. And what holds for a
//! moment only.

use super::known::Known;
use crate::model::heap::{EdgeKind, HeapGraph, NodeIndex, NodeKind};

fn is_dom_trees(graph: &HeapGraph, known: &Known, node: NodeIndex) -> bool {
    graph.kind(node) == NodeKind::SYNTHETIC && known.document_dom_trees.contains(&graph.name_index(node).0)
}

/// Targets of edges of the root that are not synthetic, or are the DOM trees; as often as there are edges.
pub(super) fn user_roots(graph: &HeapGraph, known: &Known) -> Vec<NodeIndex> {
    graph
        .edges(graph.root())
        .map(|edge| edge.to)
        .filter(|&to| graph.kind(to) != NodeKind::SYNTHETIC || is_dom_trees(graph, known, to))
        .collect()
}

/// Where the nodes that the page (in Node: the program) owns are reached from.
pub(super) fn page_roots(graph: &HeapGraph, known: &Known) -> Vec<NodeIndex> {
    graph
        .edges(graph.root())
        .filter(|edge| match edge.kind {
            EdgeKind::Element => is_dom_trees(graph, known, edge.to),
            kind => kind == EdgeKind::Shortcut,
        })
        .map(|edge| edge.to)
        .collect()
}

/// What holds for a moment only: what the functions that run hold, and after it the handles and tables of native code, as
/// V8's compiler has them for the constants of a function that it compiles.
pub(super) fn passing_roots(graph: &HeapGraph) -> [Vec<NodeIndex>; 2] {
    let named = |names: &[&[u8]]| -> Vec<NodeIndex> {
        let groups = graph.edges(graph.root()).flat_map(|edge| graph.edges(edge.to));
        let nodes = groups.map(|edge| edge.to);
        nodes
            .filter(|&to| graph.kind(to) == NodeKind::SYNTHETIC && names.contains(&graph.name_bytes(to)))
            .collect()
    };
    [
        named(&[b"(Stack roots)"]),
        named(&[b"(Handle scope)", b"(Strong roots)"]),
    ]
}
