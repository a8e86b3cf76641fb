//! A CPU profile of our own, as small as its content allows: some 16 bytes per node and 8 per sample.

use super::empty_profile::EmptyProfile;
use super::hit_column::{HitColumn, HitColumnBuilder};
use super::timeline::Timeline;
use super::tree::{is_a_tree, Tree, TreeSize};
use super::{CpuProfileSource, LineTick, Micros, NodeIndex, Sample, SampleIndex};
use crate::Result;

/// A CPU profile that owns its data and needs no V8.
///
/// ```
/// use rs_profiler_core::model::{CpuProfile, CpuProfileSource, Micros};
/// let original = CpuProfile::empty(Micros::from_micros(5), Micros::from_micros(25))?;
/// let copy = CpuProfile::copy_of(&original)?;
/// assert_eq!((copy.end_time(), copy.sample_count()), (original.end_time(), 0));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CpuProfile {
    tree: Tree,
    hits: HitColumn,
    timeline: Timeline,
    start_time: Micros,
    end_time: Micros,
}

is_a_tree!(CpuProfile);

impl CpuProfile {
    /// Copies `source`: same nodes, same order of children, same samples.
    ///
    /// Reads the tree twice (once to learn its size, so that each column is allocated once, at its final size), in time
    /// linear in nodes and samples. Beside the copy it needs a queue as long as the two widest neighbouring levels.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`](crate::Error::TooLarge) when the profile has more than `u32::MAX` nodes.
    pub fn copy_of(source: &impl CpuProfileSource) -> Result<Self> {
        let size = TreeSize::of(source);
        let mut hits = HitColumnBuilder::with_capacity(size.nodes);
        let mut ticks = Vec::new();
        let tree = Tree::copy_of(source, size, |node| {
            source.line_ticks(node, &mut ticks);
            hits.push(source.hit_count(node), &ticks)
        })?;
        Ok(CpuProfile {
            tree,
            hits: hits.finish(),
            timeline: Timeline::copy_of(source),
            start_time: source.start_time(),
            end_time: source.end_time(),
        })
    }

    /// A profile with a root and nothing else.
    ///
    /// # Errors
    ///
    /// As [`copy_of`](Self::copy_of), so never in practice.
    pub fn empty(start_time: Micros, end_time: Micros) -> Result<Self> {
        Self::copy_of(&EmptyProfile { start_time, end_time })
    }
}

impl CpuProfileSource for CpuProfile {
    fn hit_count(&self, node: NodeIndex) -> u32 {
        self.hits.hits(node)
    }

    fn line_ticks(&self, node: NodeIndex, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        self.hits.append_ticks(node, ticks);
    }

    fn sample_count(&self) -> usize {
        self.timeline.len()
    }

    fn sample(&self, index: SampleIndex) -> Sample {
        self.timeline.get(index)
    }

    fn start_time(&self) -> Micros {
        self.start_time
    }

    fn end_time(&self) -> Micros {
        self.end_time
    }
}
