//! A tree with one node per function and path, for flame graphs and tables that fold out.
//!
//! Nodes stand level by level; the children of a node are neighbours, the biggest first.

use crate::model::{FunctionIndex, Weight};

/// A node of a [`MergedTree`]. Means nothing to another tree.
///
/// ```
/// use rs_profiler_core::analyze::calls::MergedIndex;
/// assert_eq!(MergedIndex::ROOT.index(), 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MergedIndex(u32);

impl MergedIndex {
    /// The node that all others hang below.
    pub const ROOT: MergedIndex = MergedIndex(0);

    /// Place among the nodes, from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node of a [`MergedTree`] says.
///
/// ```
/// # use rs_profiler_core::model::{CallTree, CpuProfile};
/// use rs_profiler_core::analyze::calls::{CallAnalysis, MergedIndex, TreeOptions};
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?);
/// let tree = analysis.top_down(TreeOptions::default());
/// assert_eq!(tree.node(MergedIndex::ROOT).map(|node| node.total_weight.amount), Some(0));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergedNode {
    /// The function; nothing at the root.
    pub function: Option<FunctionIndex>,
    /// Top-down: what this path costs itself. Bottom-up: what the function at the beginning costs itself when it was
    /// called along this path.
    pub self_weight: Weight,
    /// Top-down: what this path costs with everything below. Bottom-up: what the function at the beginning costs with
    /// everything it calls when it was called along this path.
    pub total_weight: Weight,
    pub(super) first_child: u32,
    pub(super) children: u32,
}

/// A tree of paths.
///
/// ```
/// # use rs_profiler_core::model::{CallTree, CpuProfile};
/// use rs_profiler_core::analyze::calls::{CallAnalysis, MergedIndex, TreeOptions};
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?);
/// assert_eq!(analysis.bottom_up(TreeOptions::default()).children(MergedIndex::ROOT).count(), 0);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct MergedTree {
    pub(super) nodes: Vec<MergedNode>,
}

impl MergedTree {
    /// A tree that has only a root yet.
    pub(super) fn with_root(self_weight: Weight, total_weight: Weight) -> Self {
        let mut tree = MergedTree { nodes: Vec::new() };
        tree.push(None, self_weight, total_weight);
        tree
    }

    /// Appends a node without children.
    pub(super) fn push(&mut self, function: Option<FunctionIndex>, self_weight: Weight, total_weight: Weight) {
        self.nodes.push(MergedNode {
            function,
            self_weight,
            total_weight,
            first_child: 0,
            children: 0,
        });
    }

    /// The node with this index; nothing for one of a bigger tree.
    pub fn node(&self, index: MergedIndex) -> Option<&MergedNode> {
        self.nodes.get(index.index())
    }

    /// The children of a node, the biggest first.
    pub fn children(&self, index: MergedIndex) -> impl ExactSizeIterator<Item = MergedIndex> {
        let (first, count) = self
            .node(index)
            .map_or((0, 0), |node| (node.first_child, node.children));
        (first..first + count).map(MergedIndex)
    }

    /// How many nodes there are, the root included.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }
}
