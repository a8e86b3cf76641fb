//! The counterpart of an object in a snapshot whose ids do not match: what the same way leads to there.
//!
//! A way that begins at a function of a known place, or at the module of a known file, is the same in every process that runs
//! the program; one from the roots may be.

use super::lookup::Retainer;
use super::script_places::target;
use super::HeapAnalysis;
use crate::model::heap::{NodeIndex, NodeKind};

/// The object of `base` that lies where `path` ends in `later`. Of several, as of a function made more than once, the one that
/// retains most. Linear in the nodes of `base` for each function and module on the way.
pub(super) fn counterpart(base: &HeapAnalysis, later: &HeapAnalysis, path: &[Retainer]) -> Option<NodeIndex> {
    (0..path.len()).rev().find_map(|at| {
        let starts = starts(base, later, path[at].from, at == 0);
        let ends = starts
            .into_iter()
            .filter_map(|start| walk(base, later, start, &path[at..]));
        ends.max_by_key(|&node| base.retained_size(node))
    })
}

/// Where in `base` a way may begin that begins at `node` in `later`.
fn starts(base: &HeapAnalysis, later: &HeapAnalysis, node: NodeIndex, outermost: bool) -> Vec<NodeIndex> {
    let (old, new) = (&base.graph, &later.graph);
    if new.kind(node) == NodeKind::CLOSURE {
        let Some(place) = new.location(node).and_then(|location| later.place(location)) else {
            return Vec::new();
        };
        let placed = old.locations().of_nodes().iter().map(|&(at, _)| NodeIndex(at));
        let same = |at: &NodeIndex| {
            is_alike(base, *at, later, node)
                && old.location(*at).and_then(|location| base.place(location)).as_ref() == Some(&place)
        };
        return placed.filter(same).collect();
    }
    if let Some(file) = module_file(later, node) {
        let same = |at: &NodeIndex| module_file(base, *at) == Some(file);
        return old.nodes().filter(same).collect();
    }
    match outermost {
        true => old
            .edges(old.root())
            .map(|edge| edge.to)
            .filter(|&at| is_alike(base, at, later, node))
            .collect(),
        false => Vec::new(),
    }
}

fn module_file(analysis: &HeapAnalysis, node: NodeIndex) -> Option<&[u8]> {
    let graph = &analysis.graph;
    if graph.kind(node) != NodeKind::OBJECT || graph.name_bytes(node) != b"Module" {
        return None;
    }
    Some(graph.name_bytes(target(graph, node, &["filename"])?))
}

fn walk(base: &HeapAnalysis, later: &HeapAnalysis, start: NodeIndex, path: &[Retainer]) -> Option<NodeIndex> {
    let mut at = start;
    for step in path {
        let name = later.graph.edge_name(&step.edge);
        let mut edges = base.graph.edges(at);
        let edge = edges.find(|edge| {
            edge.kind == step.edge.kind
                && base.graph.edge_name(edge) == name
                && is_alike(base, edge.to, later, step.edge.to)
        })?;
        at = edge.to;
    }
    Some(at)
}

/// Whether both have the same type and name. What a text says is no name.
fn is_alike(base: &HeapAnalysis, old: NodeIndex, later: &HeapAnalysis, new: NodeIndex) -> bool {
    let kind = later.graph.kind(new);
    let is_text = [NodeKind::STRING, NodeKind::CONS_STRING].contains(&kind);
    base.graph.kind(old) == kind && (is_text || base.graph.name_bytes(old) == later.graph.name_bytes(new))
}
