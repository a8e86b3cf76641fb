//! The dominator tree from above: what each node dominates. Made when it is first asked for.

/// Children of every node, those of a node together, in the order of the file.
#[derive(Debug)]
pub(super) struct DominatorTree {
    first: Vec<u32>,
    children: Vec<u32>,
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
        DominatorTree { first, children, root }
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
        while let Some(node) = open.pop() {
            order.push(node);
            open.extend(self.children(node).iter().rev());
        }
        // Sizes by place: what follows a node up to the end of its subtree.
        let mut sizes = vec![1u32; order.len()];
        let mut place_of = vec![0u32; self.first.len()];
        for (place, &node) in (0..).zip(&order) {
            place_of[node as usize] = place;
        }
        for place in (0..order.len()).rev() {
            let below = self.children(order[place]).iter();
            sizes[place] += below
                .map(|&child| sizes[place_of[child as usize] as usize])
                .sum::<u32>();
        }
        for (place, &node) in order.iter().enumerate() {
            visit(node, sizes[place]);
        }
    }
}
