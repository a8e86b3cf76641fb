//! Shallow sizes: what V8 keeps apart only for its own convenience counts as part of the one object that uses it.
//!
//! Ownable are `hidden` and `array` nodes and the data of external strings. Each that exactly one object reaches, through
//! ownable nodes only, is owned by that object: its bytes go there. DevTools' rule; nothing is owned when internals are
//! exposed (no user root).

use super::bits::{Bits, Ranks};
use super::known::Known;
use super::stop::AnalysisOptions;
use crate::model::heap::{HeapGraph, NodeIndex, NodeKind};
use crate::Result;

/// Nobody yet.
const NONE: u32 = u32::MAX;
/// More than one.
const SEVERAL: u32 = u32::MAX - 1;

/// (owned, owner) for every node whose bytes move. Linear in nodes and edges.
pub(super) fn moves(graph: &HeapGraph, known: &Known, options: &AnalysisOptions<'_>) -> Result<Vec<(u32, u32)>> {
    let ownable = ownable(graph, known);
    let ranks = Ranks::new(&ownable);
    let mut owners = Owners {
        owner: vec![NONE; ranks.total()],
        ownable,
        ranks,
        open: Vec::new(),
    };
    for node in 0..graph.node_count() {
        if node.is_multiple_of(1 << 16) {
            options.check()?;
        }
        if !owners.ownable.has(node) {
            owners.spread(graph, node, node);
        }
    }
    while let Some(node) = owners.open.pop() {
        let owner = owners.owner[owners.ranks.of(&owners.ownable, node)];
        owners.spread(graph, node, owner);
    }
    let mut moves = Vec::new();
    for node in (0..graph.node_count()).filter(|&node| owners.ownable.has(node)) {
        let owner = owners.owner[owners.ranks.of(&owners.ownable, node)];
        let real = owner < SEVERAL && owner != graph.root().0;
        if real && graph.kind(NodeIndex(owner)) != NodeKind::SYNTHETIC {
            moves.push((node, owner));
        }
    }
    Ok(moves)
}

/// Moves the bytes.
pub(super) fn apply(graph: &mut HeapGraph, moves: &[(u32, u32)]) {
    let sizes = graph.sizes_mut();
    for &(owned, owner) in moves {
        let size = sizes.get(owned as usize);
        if size > 0 {
            sizes.set(owner as usize, sizes.get(owner as usize) + size);
            sizes.set(owned as usize, 0);
        }
    }
}

fn ownable(graph: &HeapGraph, known: &Known) -> Bits {
    let mut ownable = Bits::new(graph.node_count() as usize);
    for node in graph.nodes() {
        let is_ownable = match graph.kind(node) {
            NodeKind::HIDDEN | NodeKind::ARRAY => true,
            NodeKind::NATIVE => known.external_string_data.contains(&graph.name_index(node).0),
            _ => false,
        };
        if is_ownable {
            ownable.add(node.0);
        }
    }
    ownable
}

struct Owners {
    ownable: Bits,
    ranks: Ranks,
    /// By rank among the ownable nodes: they are a tenth of all.
    owner: Vec<u32>,
    open: Vec<u32>,
}

impl Owners {
    #[inline]
    fn spread(&mut self, graph: &HeapGraph, node: u32, owner: u32) {
        for edge in graph.edges_of(node as usize) {
            if !self.ownable.has(edge.to) || edge.is_weak() {
                continue;
            }
            let slot = &mut self.owner[self.ranks.of(&self.ownable, edge.to)];
            if *slot == owner || *slot == SEVERAL {
                continue;
            }
            *slot = if *slot == NONE { owner } else { SEVERAL };
            self.open.push(edge.to);
        }
    }
}
