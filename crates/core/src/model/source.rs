//! The read-only view of a recorded CPU profile that every writer works on.
//!
//! Behind it is V8's own structure, read in place, or our [`CpuProfile`](super::CpuProfile). Implementations must be
//! usable off the isolate's thread and must not allocate per node; the tree may be a million nodes.

use super::CallFrame;

/// Hits on one line of a function.
///
/// ```
/// let tick = rs_profiler_core::model::LineTick { line: 12, ticks: 3 };
/// assert_eq!(tick.line, 12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineTick {
    /// Line in the script, from 1.
    pub line: u32,
    /// How many samples hit it.
    pub ticks: u32,
}

/// One sample: which node was on top, and when.
///
/// ```
/// let sample = rs_profiler_core::model::Sample { node_id: 1, timestamp_us: 1_000 };
/// assert_eq!(sample.node_id, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sample {
    /// Id of the node that was on top of the stack.
    pub node_id: u32,
    /// Microseconds on V8's monotonic clock. Not necessarily rising from sample to sample.
    pub timestamp_us: i64,
}

/// A recorded, finished CPU profile: a tree of call frames and a row of samples.
///
/// Nothing changes while it is being read. The tree is finite and each node is reached once.
///
/// ```
/// use rs_profiler_core::model::{CpuProfile, CpuProfileSource};
///
/// fn hits_of_root(profile: &impl CpuProfileSource) -> u32 {
///     profile.hit_count(profile.root())
/// }
/// assert_eq!(hits_of_root(&CpuProfile::empty(0, 0)?), 0);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub trait CpuProfileSource {
    /// A cheap reference to a node, such as a pointer or an index.
    type Node: Copy;

    /// The top of the tree.
    fn root(&self) -> Self::Node;
    /// How many children `node` has.
    fn child_count(&self, node: Self::Node) -> usize;
    /// Child number `index`. `None` from [`child_count`](Self::child_count) on. Constant time.
    fn child(&self, node: Self::Node, index: usize) -> Option<Self::Node>;
    /// All children of `node`, in order.
    fn children(&self, node: Self::Node) -> impl Iterator<Item = Self::Node> {
        (0..self.child_count(node)).filter_map(move |index| self.child(node, index))
    }
    /// The id that samples and parents use for the node.
    fn node_id(&self, node: Self::Node) -> u32;
    /// Samples that found this node on top of the stack.
    fn hit_count(&self, node: Self::Node) -> u32;
    /// The function the node stands for.
    fn frame(&self, node: Self::Node) -> CallFrame<'_>;
    /// Replaces the content of `ticks` by the node's line hits. The caller reuses the buffer.
    fn line_ticks(&self, node: Self::Node, ticks: &mut Vec<LineTick>);

    /// How many samples there are.
    fn sample_count(&self) -> usize;
    /// Sample number `index`, below [`sample_count`](Self::sample_count); what there is beyond is up to the source, and
    /// means nothing. Constant time.
    fn sample(&self, index: usize) -> Sample;
    /// When the recording began, in microseconds on V8's monotonic clock.
    fn start_time_us(&self) -> i64;
    /// When the recording ended, in microseconds on V8's monotonic clock.
    fn end_time_us(&self) -> i64;
}
