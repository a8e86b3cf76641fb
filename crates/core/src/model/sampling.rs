//! A sampling heap profile: which functions allocated what is still alive, estimated from sampled allocations.
//!
//! V8 shows its own only for a moment and only on its own thread, so it is copied at once. It has thousands of nodes,
//! not millions: nodes are plain records here, with their children as linked siblings.

use super::frame_table::FrameTable;
use super::{Allocation, CallFrame, HeapSample, SamplingHeapProfileBuilder};

/// A node of a [`SamplingHeapProfile`]. Means nothing to another profile.
///
/// ```
/// use rs_profiler_core::model::SamplingHeapProfile;
/// assert_eq!(SamplingHeapProfile::default().root(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HeapNodeIndex(pub(super) u32);

/// A record of the tree. Its allocations end where those of the next record begin.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) id: u32,
    pub(super) frame: u32,
    pub(super) first_allocation: u32,
    pub(super) first_child: Option<HeapNodeIndex>,
    pub(super) last_child: Option<HeapNodeIndex>,
    pub(super) next_sibling: Option<HeapNodeIndex>,
}

/// A sampling heap profile that owns its data.
///
/// ```
/// use rs_profiler_core::model::{Allocation, CallFrame, HeapSample, SamplingHeapProfile};
///
/// let mut builder = SamplingHeapProfile::builder();
/// let root = builder.add_root(1, &CallFrame::root(), &[])?;
/// builder.add_node(root, 2, &CallFrame::default(), &[Allocation { size: 24, count: 100 }])?;
/// builder.add_sample(HeapSample { size: 24, count: 100, node_id: 2, sample_id: 1 });
/// let profile = builder.finish();
///
/// let leaf = profile.root().and_then(|root| profile.first_child(root)).unwrap();
/// assert_eq!(profile.self_size(leaf), 2_400);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct SamplingHeapProfile {
    pub(super) nodes: Box<[Node]>,
    pub(super) allocations: Box<[Allocation]>,
    pub(super) samples: Box<[HeapSample]>,
    pub(super) frames: FrameTable,
}

impl Default for SamplingHeapProfile {
    /// A profile without even a root.
    fn default() -> Self {
        Self::builder().finish()
    }
}

impl SamplingHeapProfile {
    /// Starts a profile.
    ///
    /// ```
    /// # use rs_profiler_core::model::SamplingHeapProfile;
    /// assert_eq!(SamplingHeapProfile::builder().finish().node_count(), 0);
    /// ```
    pub fn builder() -> SamplingHeapProfileBuilder {
        SamplingHeapProfileBuilder::default()
    }

    /// The top of the tree; nothing in a profile without nodes.
    ///
    /// ```
    /// # use rs_profiler_core::model::SamplingHeapProfile;
    /// assert_eq!(SamplingHeapProfile::default().root(), None);
    /// ```
    pub fn root(&self) -> Option<HeapNodeIndex> {
        (!self.nodes.is_empty()).then_some(HeapNodeIndex(0))
    }

    /// How many nodes the tree has.
    ///
    /// ```
    /// # use rs_profiler_core::model::SamplingHeapProfile;
    /// assert_eq!(SamplingHeapProfile::default().node_count(), 0);
    /// ```
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// The node's first child, in the order in which children were added.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallFrame, SamplingHeapProfile};
    /// let mut builder = SamplingHeapProfile::builder();
    /// let root = builder.add_root(1, &CallFrame::root(), &[])?;
    /// assert_eq!(builder.finish().first_child(root), None);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn first_child(&self, node: HeapNodeIndex) -> Option<HeapNodeIndex> {
        self.node(node)?.first_child
    }

    /// The next child of the node's parent.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallFrame, SamplingHeapProfile};
    /// let mut builder = SamplingHeapProfile::builder();
    /// let root = builder.add_root(1, &CallFrame::root(), &[])?;
    /// assert_eq!(builder.finish().next_sibling(root), None);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn next_sibling(&self, node: HeapNodeIndex) -> Option<HeapNodeIndex> {
        self.node(node)?.next_sibling
    }

    /// The id that samples use for the node; 0 for a node of another profile.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallFrame, SamplingHeapProfile};
    /// let mut builder = SamplingHeapProfile::builder();
    /// let root = builder.add_root(9, &CallFrame::root(), &[])?;
    /// assert_eq!(builder.finish().node_id(root), 9);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn node_id(&self, node: HeapNodeIndex) -> u32 {
        self.node(node).map_or(0, |node| node.id)
    }

    /// The function the node stands for; an empty frame for a node of another profile.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallFrame, SamplingHeapProfile};
    /// let mut builder = SamplingHeapProfile::builder();
    /// let root = builder.add_root(1, &CallFrame::root(), &[])?;
    /// assert_eq!(builder.finish().frame(root), CallFrame::root());
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn frame(&self, node: HeapNodeIndex) -> CallFrame<'_> {
        self.node(node)
            .map_or_else(CallFrame::default, |node| self.frames.get(node.frame))
    }

    /// What the node itself allocated, by size.
    ///
    /// ```
    /// # use rs_profiler_core::model::{Allocation, CallFrame, SamplingHeapProfile};
    /// let mut builder = SamplingHeapProfile::builder();
    /// let root = builder.add_root(1, &CallFrame::root(), &[Allocation { size: 8, count: 1 }])?;
    /// assert_eq!(builder.finish().allocations(root).len(), 1);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn allocations(&self, HeapNodeIndex(node): HeapNodeIndex) -> &[Allocation] {
        let start = |node: usize| self.nodes.get(node).map(|node| node.first_allocation as usize);
        let node = node as usize;
        let end = start(node + 1).unwrap_or(self.allocations.len());
        start(node)
            .and_then(|start| self.allocations.get(start..end))
            .unwrap_or(&[])
    }

    /// Bytes the node itself allocated: the sum over [`allocations`](Self::allocations).
    ///
    /// ```
    /// # use rs_profiler_core::model::{Allocation, CallFrame, SamplingHeapProfile};
    /// let mut builder = SamplingHeapProfile::builder();
    /// let root = builder.add_root(1, &CallFrame::root(), &[Allocation { size: 8, count: 3 }])?;
    /// assert_eq!(builder.finish().self_size(root), 24);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn self_size(&self, node: HeapNodeIndex) -> u64 {
        self.allocations(node).iter().fold(0, |sum, one| {
            sum.saturating_add(one.size.saturating_mul(u64::from(one.count)))
        })
    }

    /// The samples, in the order in which they were added.
    ///
    /// ```
    /// # use rs_profiler_core::model::SamplingHeapProfile;
    /// assert!(SamplingHeapProfile::default().samples().is_empty());
    /// ```
    pub fn samples(&self) -> &[HeapSample] {
        &self.samples
    }

    fn node(&self, HeapNodeIndex(node): HeapNodeIndex) -> Option<&Node> {
        self.nodes.get(node as usize)
    }
}
