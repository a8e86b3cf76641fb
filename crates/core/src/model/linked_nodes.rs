//! What a [`CpuProfileBuilder`](super::CpuProfileBuilder) has gathered, as a source, to be copied level by level. Only a
//! builder that has checked its tree may make one.

use super::frame_table::FrameTable;
use super::{CallFrame, CpuProfileSource, LineTick, Sample};

/// No parent, no frame yet.
pub(super) const NONE: u32 = u32::MAX;

/// What is known of a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draft {
    pub(super) id: u32,
    pub(super) frame: u32,
    pub(super) hits: u32,
    pub(super) first_tick: u32,
    pub(super) ticks: u32,
    pub(super) parent: u32,
}

/// A builder's content as a source, to be copied level by level.
pub(super) struct LinkedNodes<'a> {
    pub(super) nodes: &'a [Draft],
    pub(super) first_child: &'a [u32],
    pub(super) children: &'a [u32],
    pub(super) frames: &'a FrameTable,
    pub(super) ticks: &'a [LineTick],
    pub(super) samples: &'a [Sample],
    pub(super) start_time_us: i64,
    pub(super) end_time_us: i64,
}

impl CpuProfileSource for LinkedNodes<'_> {
    type Node = u32;

    fn root(&self) -> u32 {
        0
    }

    fn child_count(&self, node: u32) -> usize {
        (self.first_child[node as usize + 1] - self.first_child[node as usize]) as usize
    }

    fn child(&self, node: u32, index: usize) -> u32 {
        self.children[self.first_child[node as usize] as usize + index]
    }

    fn node_id(&self, node: u32) -> u32 {
        self.nodes[node as usize].id
    }

    fn hit_count(&self, node: u32) -> u32 {
        self.nodes[node as usize].hits
    }

    fn frame(&self, node: u32) -> CallFrame<'_> {
        self.frames.get(self.nodes[node as usize].frame)
    }

    fn line_ticks(&self, node: u32, ticks: &mut Vec<LineTick>) {
        let node = &self.nodes[node as usize];
        ticks.clear();
        ticks.extend_from_slice(&self.ticks[node.first_tick as usize..][..node.ticks as usize]);
    }

    fn sample_count(&self) -> usize {
        self.samples.len()
    }

    fn sample(&self, index: usize) -> Sample {
        self.samples[index]
    }

    fn start_time_us(&self) -> i64 {
        self.start_time_us
    }

    fn end_time_us(&self) -> i64 {
        self.end_time_us
    }
}
