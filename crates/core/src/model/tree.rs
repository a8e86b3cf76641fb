//! The tree of both kinds of profile, as small as its content allows: 12 bytes per node and each function once.
//!
//! Nodes are numbered level by level, so the children of a node are neighbours and one number per node (its first child)
//! keeps the whole tree, in its order. Ids are a column of their own: nothing is assumed about them. What else a profile
//! knows of its nodes it keeps in columns beside the tree, in the same order.

use std::collections::VecDeque;
use std::ops::Range;

use super::count::as_u32;
use super::frames::{Frames, FramesBuilder};
use super::{CallFrame, CallTree, ChildIndex, NodeId, NodeIndex, Step, TreeWalk};
use crate::Result;

/// The nodes of a profile.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    ids: Box<[NodeId]>,
    /// One more than there are nodes: the children of node n are `first_child[n]..first_child[n + 1]`.
    first_child: Box<[u32]>,
    frame_numbers: Box<[u32]>,
    frames: Frames,
}

impl Tree {
    /// Copies `source`: same nodes, same order of children. `each` hears of the nodes in the order of the copy.
    ///
    /// `size` is that of `source`, so that each column is allocated once, at its final size. Beside the copy this needs a
    /// queue as long as the two widest neighbouring levels.
    pub(super) fn copy_of<S: CallTree>(
        source: &S,
        size: TreeSize,
        mut each: impl FnMut(S::Node) -> Result<()>,
    ) -> Result<Self> {
        as_u32(size.nodes + 1, "nodes")?;
        let mut ids = Vec::with_capacity(size.nodes);
        let mut first_child = Vec::with_capacity(size.nodes + 1);
        let mut frame_numbers = Vec::with_capacity(size.nodes);
        let mut frames = FramesBuilder::default();
        let mut queue = VecDeque::with_capacity(size.widest_pair);
        queue.extend(source.root());
        let mut numbered = queue.len();
        while let Some(node) = queue.pop_front() {
            let waiting = queue.len();
            queue.extend(source.children(node));
            ids.push(source.node_id(node));
            first_child.push(as_u32(numbered, "nodes")?);
            frame_numbers.push(frames.intern(&source.frame(node))?);
            numbered += queue.len() - waiting;
            each(node)?;
        }
        first_child.push(as_u32(numbered, "nodes")?);
        Ok(Tree {
            ids: ids.into_boxed_slice(),
            first_child: first_child.into_boxed_slice(),
            frame_numbers: frame_numbers.into_boxed_slice(),
            frames: frames.finish(),
        })
    }

    /// The ids of all nodes, in the order of the tree.
    pub(super) fn ids(&self) -> &[NodeId] {
        &self.ids
    }

    fn children_of(&self, node: NodeIndex) -> Range<u32> {
        match self.first_child.get(node.get() as usize..) {
            Some([start, end, ..]) => *start..*end,
            _ => 0..0,
        }
    }
}

impl CallTree for Tree {
    type Node = NodeIndex;

    fn root(&self) -> Option<NodeIndex> {
        (!self.ids.is_empty()).then_some(NodeIndex::new(0))
    }

    fn child_count(&self, node: NodeIndex) -> usize {
        self.children_of(node).len()
    }

    fn child(&self, node: NodeIndex, index: ChildIndex) -> Option<NodeIndex> {
        self.children_of(node).nth(index.get()).map(NodeIndex::new)
    }

    fn node_id(&self, node: NodeIndex) -> NodeId {
        self.ids.get(node.get() as usize).copied().unwrap_or(NodeId::new(0))
    }

    fn frame(&self, node: NodeIndex) -> CallFrame<'_> {
        self.frame_numbers
            .get(node.get() as usize)
            .map_or_else(CallFrame::default, |&number| self.frames.get(number))
    }
}

/// Makes a profile the tree that its field `tree` is.
macro_rules! is_a_tree {
    ($profile:ty) => {
        impl $crate::model::CallTree for $profile {
            type Node = $crate::model::NodeIndex;

            fn root(&self) -> Option<Self::Node> {
                self.tree.root()
            }

            fn child_count(&self, node: Self::Node) -> usize {
                self.tree.child_count(node)
            }

            fn child(&self, node: Self::Node, index: $crate::model::ChildIndex) -> Option<Self::Node> {
                self.tree.child(node, index)
            }

            fn node_id(&self, node: Self::Node) -> $crate::model::NodeId {
                self.tree.node_id(node)
            }

            fn frame(&self, node: Self::Node) -> $crate::model::CallFrame<'_> {
                self.tree.frame(node)
            }
        }
    };
}
pub(super) use is_a_tree;

/// What has to be known of a tree before it is copied.
#[derive(Debug, Clone, Copy)]
pub(super) struct TreeSize {
    pub(super) nodes: usize,
    /// Nodes of the two neighbouring levels that have most of them together.
    widest_pair: usize,
}

impl TreeSize {
    /// Walks the whole tree.
    pub(super) fn of(source: &impl CallTree) -> Self {
        let mut levels: Vec<usize> = Vec::new();
        let mut walk = TreeWalk::new(source);
        while let Some(step) = walk.next() {
            if let Step::Enter(_) = step {
                let depth = walk.depth();
                levels.resize(levels.len().max(depth), 0);
                levels[depth - 1] += 1;
            }
        }
        TreeSize {
            nodes: levels.iter().sum(),
            widest_pair: levels.windows(2).map(|pair| pair[0] + pair[1]).max().unwrap_or(1),
        }
    }
}
