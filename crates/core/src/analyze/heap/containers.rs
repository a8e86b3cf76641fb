//! What an object holds, seen through V8's plumbing: the backing store of an array, the table of a Map, the context of a
//! function belong to the object that a program knows, and what they hold is what that object holds.

use std::collections::HashSet;

use super::HeapAnalysis;
use crate::model::heap::{EdgeKind, EdgeView, NodeIndex, NodeKind};

pub(super) struct Contents<'a> {
    analysis: &'a HeapAnalysis,
}

impl<'a> Contents<'a> {
    pub(super) fn new(analysis: &'a HeapAnalysis) -> Self {
        Contents { analysis }
    }

    /// Whether a node is V8's or Node's own, and so is shown as part of what holds it.
    pub(super) fn is_plumbing(&self, node: NodeIndex) -> bool {
        let graph = &self.analysis.graph;
        match graph.kind(node) {
            NodeKind::HIDDEN | NodeKind::ARRAY | NodeKind::CODE | NodeKind::OBJECT_SHAPE | NodeKind::SYNTHETIC => true,
            // `system / Context` and the like.
            NodeKind::OBJECT | NodeKind::NATIVE => graph.name_bytes(node).starts_with(b"system / "),
            _ => false,
        }
    }

    /// What `node` dominates, with plumbing replaced by what that dominates. Each piece of plumbing belongs to one object,
    /// so asking for all objects is linear in nodes.
    pub(super) fn owned(&self, node: NodeIndex) -> Vec<NodeIndex> {
        let mut owned = Vec::new();
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            for &child in self.analysis.tree().children(at.0) {
                let child = NodeIndex(child);
                if self.is_plumbing(child) {
                    open.push(child);
                } else {
                    owned.push(child);
                }
            }
        }
        owned
    }

    /// Of what `node` owns, that which it or its plumbing refers to: not what merely hangs on those.
    pub(super) fn held(&self, node: NodeIndex) -> Vec<NodeIndex> {
        let referred = self.referred(node);
        let mut owned = self.owned(node);
        owned.retain(|child| referred.contains(&child.0));
        owned
    }

    /// What `node` or its plumbing refers to, its own or not.
    pub(super) fn referred(&self, node: NodeIndex) -> HashSet<u32> {
        let mut referred: HashSet<u32> = HashSet::new();
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            for edge in self.analysis.graph.edges(at).filter(|edge| edge.kind != EdgeKind::Weak) {
                let new = referred.insert(edge.to.0);
                if new && self.is_data(edge.to) && self.owner(edge.to) == Some(node) {
                    open.push(edge.to);
                }
            }
        }
        referred
    }

    /// Whether a node is plumbing that holds what one object holds, not what all of a kind share.
    fn is_data(&self, node: NodeIndex) -> bool {
        let shared = matches!(self.analysis.graph.kind(node), NodeKind::OBJECT_SHAPE | NodeKind::CODE);
        self.is_plumbing(node) && !shared
    }

    /// `node` itself, or the object that it belongs to as plumbing: the nearest dominator that is none. `None` when only
    /// roots hold it.
    pub(super) fn owner(&self, node: NodeIndex) -> Option<NodeIndex> {
        let mut at = node;
        while self.is_plumbing(at) {
            let above = self.analysis.dominator(at);
            if above == at {
                return None;
            }
            at = above;
        }
        Some(at)
    }

    /// How many references the object holds for the program: elements and properties, entries of tables, variables.
    pub(super) fn references(&self, node: NodeIndex) -> u64 {
        let graph = &self.analysis.graph;
        let of_map = graph.name_bytes(node) == b"Map";
        let mut count = 0;
        for edge in graph.edges(node) {
            count += match edge.kind {
                EdgeKind::Element => 1,
                EdgeKind::Property => u64::from(graph.name_bytes(edge.to) != b"system / Map" && !self.is_proto(&edge)),
                EdgeKind::Internal if self.is_table(&edge) => self.table_entries(edge.to, of_map),
                _ => 0,
            };
        }
        count
    }

    fn is_proto(&self, edge: &EdgeView) -> bool {
        edge.name()
            .is_some_and(|name| self.analysis.known.proto.contains(&name.0))
    }

    /// Whether an edge leads to the table of a Map, a Set or a WeakMap.
    fn is_table(&self, edge: &EdgeView) -> bool {
        let graph = &self.analysis.graph;
        let named = edge.name().is_some_and(|name| graph.strings().bytes(name) == b"table");
        named && graph.kind(edge.to) == NodeKind::ARRAY
    }

    /// Entries of a table. In that of a Map, V8 lays key, value and the next of the chain side by side; so the keys are a third
    /// of the places, and the values another. Small integers are not in a snapshot, hence the greater of the three counts.
    fn table_entries(&self, table: NodeIndex, of_map: bool) -> u64 {
        let graph = &self.analysis.graph;
        let mut counts = [0; 3];
        for edge in graph.edges(table).filter(|edge| !self.is_plumbing(edge.to)) {
            let place = match edge.kind {
                EdgeKind::Internal => graph.edge_name(&edge).parse::<u32>().ok(),
                EdgeKind::Element => Some(edge.name_or_index),
                _ => None,
            };
            if let Some(place) = place {
                counts[if of_map { place as usize % 3 } else { 0 }] += 1;
            }
        }
        counts.into_iter().max().unwrap_or(0)
    }
}
