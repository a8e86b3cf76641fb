//! Retained sizes, and the order of the dominator tree.

use crate::model::heap::HeapGraph;

/// Bytes that would be freed with each node. `vertex` are the nodes in depth-first order: a node's dominator comes before it, so
/// one pass back sums up. Linear in nodes.
pub(super) fn retained(graph: &HeapGraph, vertex: &[u32], dominators: &[u32]) -> Vec<u64> {
    let mut retained: Vec<u64> = graph.nodes().map(|node| graph.self_size(node)).collect();
    for &node in vertex.iter().skip(1).rev() {
        let size = retained[node as usize];
        let above = &mut retained[dominators[node as usize] as usize];
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
