//! The dominator tree from above: what each node dominates. Made when it is first asked for.

use crate::model::heap::{Column, Load, Store};

/// Children of every node, those of a node together, in the order of the file unless they were sorted.
#[derive(Debug)]
pub(super) struct DominatorTree {
    first: Column<u32>,
    children: Column<u32>,
    root: u32,
}

impl DominatorTree {
    /// Linear in nodes.
    pub(super) fn new(dominators: &[u32], root: u32) -> DominatorTree {
        let mut first = vec![0u32; dominators.len() + 1];
        let edges = || (0u32..).zip(dominators).filter(|(node, _)| *node != root);
        for (_, &above) in edges() {
            first[above as usize + 1] += 1;
        }
        for index in 1..first.len() {
            first[index] += first[index - 1];
        }
        let mut next = first.clone();
        let mut children = vec![0u32; dominators.len().saturating_sub(1)];
        for (node, &above) in edges() {
            let place = &mut next[above as usize];
            children[*place as usize] = node;
            *place += 1;
        }
        DominatorTree {
            first: first.into(),
            children: children.into(),
            root,
        }
    }

    /// Brings lists longer than `short` into an order. Others are sorted soon enough when they are asked for.
    pub(super) fn sort_long_by_key<K: Ord>(&mut self, short: usize, key: impl Fn(u32) -> K) {
        let children = self.children.to_mut();
        for bounds in self.first.windows(2) {
            let list = children
                .get_mut(bounds[0] as usize..bounds[1] as usize)
                .unwrap_or_default();
            if list.len() > short {
                list.sort_by_cached_key(|&child| key(child));
            }
        }
    }

    pub(super) fn store<'a>(&'a self, store: &mut Store<'a>) {
        store.column("tree1st", &self.first);
        store.column("tree", &self.children);
    }

    pub(super) fn load(load: &Load, nodes: usize, root: u32) -> Option<DominatorTree> {
        Some(DominatorTree {
            first: load.column_of("tree1st", nodes + 1)?,
            children: load.column_of("tree", nodes.saturating_sub(1))?,
            root,
        })
    }

    pub(super) fn children(&self, node: u32) -> &[u32] {
        match self.first.get(node as usize..node as usize + 2) {
            Some(&[start, end]) => self.children.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Calls `visit` with each node and the size of its subtree, parents before their children.
    pub(super) fn preorder(&self, mut visit: impl FnMut(u32, u32)) {
        let mut order = Vec::with_capacity(self.children.len() + 1);
        let mut open = vec![self.root];
        // A tree that was read from a damaged file may be none: then it ends somewhere.
        while let Some(node) = open.pop()
            && order.len() + open.len() <= self.children.len()
        {
            order.push(node);
            open.extend(self.children(node).iter().rev());
        }
        // Sizes by place: what follows a node up to the end of its subtree.
        let mut sizes = vec![1u32; order.len()];
        let mut place_of = vec![0u32; self.first.len()];
        for (place, &node) in (0..).zip(&order) {
            if let Some(slot) = place_of.get_mut(node as usize) {
                *slot = place;
            }
        }
        for place in (0..order.len()).rev() {
            let below = self.children(order[place]).iter();
            let below = below.filter_map(|&child| sizes.get(*place_of.get(child as usize)? as usize));
            sizes[place] = below.fold(1, |sum: u32, size| sum.saturating_add(*size));
        }
        for (place, &node) in order.iter().enumerate() {
            visit(node, sizes[place]);
        }
    }
}
