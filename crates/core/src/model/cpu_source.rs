//! The read-only view of a recorded CPU profile that every writer works on.
//!
//! Behind it is V8's own structure, read in place, or our [`CpuProfile`](super::CpuProfile). Implementations must be usable
//! off the isolate's thread.

use super::{CallTree, Line, Micros, NodeId, SampleIndex};

/// Hits on one line of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineTick {
    /// Line in the script.
    pub line: Line,
    /// How many samples hit it.
    pub ticks: u32,
}

/// One sample: which node was on top, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sample {
    /// The node that was on top of the stack.
    pub node_id: NodeId,
    /// When. Not necessarily rising from sample to sample.
    pub time: Micros,
}

/// A recorded, finished CPU profile: a tree of call frames and a row of samples.
///
/// ```
/// use rs_profiler_core::model::{CpuProfile, CpuProfileSource, Micros};
///
/// fn duration(profile: &impl CpuProfileSource) -> Micros {
///     profile.end_time().since(profile.start_time())
/// }
/// let profile = CpuProfile::empty(Micros::from_micros(10), Micros::from_micros(30))?;
/// assert_eq!(duration(&profile).as_micros(), 20);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub trait CpuProfileSource: CallTree {
    /// Samples that found this node on top of the stack.
    fn hit_count(&self, node: Self::Node) -> u32;
    /// Replaces the content of `ticks` by the node's line hits. The caller reuses the buffer.
    fn line_ticks(&self, node: Self::Node, ticks: &mut Vec<LineTick>);

    /// How many samples there are.
    fn sample_count(&self) -> usize;
    /// A sample below [`sample_count`](Self::sample_count); what there is beyond is up to the source, and means nothing.
    /// Constant time.
    fn sample(&self, index: SampleIndex) -> Sample;
    /// All samples, in the order in which they were taken.
    fn samples(&self) -> impl Iterator<Item = Sample> {
        (0..self.sample_count()).map(|index| self.sample(SampleIndex::new(index)))
    }
    /// When the recording began.
    fn start_time(&self) -> Micros;
    /// When the recording ended.
    fn end_time(&self) -> Micros;
}
