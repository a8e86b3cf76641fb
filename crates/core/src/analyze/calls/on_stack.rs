//! A walk in preorder that knows what stands on the stack: sums that count a stack once need nothing else.

use crate::model::{CallNode, CallTree};

/// How often each of some keys (functions, groups) stands on the present stack.
pub(super) struct OnStack {
    counts: Vec<u32>,
    /// End of the subtree and key of each node on the stack.
    open: Vec<(CallNode, usize)>,
}

impl OnStack {
    /// An empty stack; keys are below `keys`.
    pub(super) fn new(keys: usize) -> Self {
        OnStack {
            counts: vec![0; keys],
            open: Vec::new(),
        }
    }

    /// Goes on to `node`, the next one in preorder of those that are visited. Returns whether its key is not on the
    /// stack above it, which makes it the outermost of its key.
    pub(super) fn enter(&mut self, tree: &CallTree, node: CallNode, key: usize) -> bool {
        while let Some(&(_, left)) = self.open.last().filter(|(end, _)| *end <= node) {
            self.counts[left] -= 1;
            self.open.pop();
        }
        self.counts[key] += 1;
        self.open.push((tree.subtree_end(node), key));
        self.counts[key] == 1
    }
}
