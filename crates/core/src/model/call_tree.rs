//! A tree of call frames, as every profile has one.

use super::{CallFrame, ChildIndex, NodeId};

/// The read-only view of a tree that the walk, the copies and the writers share.
///
/// Nothing changes while it is being read. The tree is finite and each node is reached once. Behind it is V8's own
/// structure, read in place, or a copy of ours; the tree may be a million nodes, so nothing is allocated per node.
///
/// ```
/// use rs_profiler_core::model::{CallTree, CpuProfile, Micros};
///
/// fn name_of_root(tree: &impl CallTree) -> Option<String> {
///     tree.root().map(|root| tree.frame(root).function_name.into_owned())
/// }
/// let profile = CpuProfile::empty(Micros::from_micros(0), Micros::from_micros(0))?;
/// assert_eq!(name_of_root(&profile).as_deref(), Some("(root)"));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub trait CallTree {
    /// A cheap reference to a node, such as a pointer or an index.
    type Node: Copy;

    /// The top of the tree; nothing in a tree without nodes.
    fn root(&self) -> Option<Self::Node>;
    /// How many children `node` has.
    fn child_count(&self, node: Self::Node) -> usize;
    /// A child. `None` from [`child_count`](Self::child_count) on. Constant time.
    fn child(&self, node: Self::Node, index: ChildIndex) -> Option<Self::Node>;
    /// All children of `node`, in order.
    fn children(&self, node: Self::Node) -> impl Iterator<Item = Self::Node> {
        (0..self.child_count(node)).filter_map(move |index| self.child(node, ChildIndex::new(index)))
    }
    /// The id that samples and parents use for the node.
    fn node_id(&self, node: Self::Node) -> NodeId;
    /// The function the node stands for.
    fn frame(&self, node: Self::Node) -> CallFrame<'_>;
}
