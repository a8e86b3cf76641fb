//! Retained sizes, and the order of the dominator tree.

use super::dominators::DominatorsByNumber;
use crate::model::heap::{HeapGraph, NodeIndex};

/// Bytes that would be freed with each node, by number in depth-first order. A node's dominator has a lower number, so
/// one pass down the numbers sums up. Linear in nodes.
pub(super) fn retained(graph: &HeapGraph, tree: &DominatorsByNumber) -> Vec<u64> {
    let sizes = tree.vertex.iter().map(|&node| graph.self_size(NodeIndex(node)));
    let mut retained: Vec<u64> = sizes.collect();
    for number in (1..retained.len()).rev() {
        let size = retained[number];
        let above = &mut retained[tree.dominator[number] as usize];
        *above = above.saturating_add(size);
    }
    retained
}

/// The dominator tree in preorder, without walking it: the size of each subtree, then each child behind those before.
pub(super) struct TreeOrder {
    /// Numbers in depth-first order, by place in the preorder of the dominator tree.
    pub(super) order: Vec<u32>,
    /// How many nodes the subtree of each number has, itself included.
    pub(super) subtree: Vec<u32>,
}

impl TreeOrder {
    /// Linear in nodes.
    pub(super) fn new(dominator: &[u32]) -> TreeOrder {
        let mut subtree = vec![1u32; dominator.len()];
        for number in (1..dominator.len()).rev() {
            let size = subtree[number];
            subtree[dominator[number] as usize] += size;
        }
        // Where the next child of each number goes.
        let mut next = vec![1u32; dominator.len()];
        let mut order = vec![0u32; dominator.len()];
        for number in 1..dominator.len() {
            let above = dominator[number] as usize;
            let place = next[above];
            next[above] += subtree[number];
            next[number] = place + 1;
            order[place as usize] = number as u32;
        }
        TreeOrder { order, subtree }
    }
}
