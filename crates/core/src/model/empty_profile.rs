//! A source with a root and nothing else, which takes no memory.

use super::{CallFrame, CpuProfileSource, LineTick, Sample};

/// A profile in which nothing was recorded.
pub(super) struct EmptyProfile {
    pub(super) start_time_us: i64,
    pub(super) end_time_us: i64,
}

impl CpuProfileSource for EmptyProfile {
    type Node = ();

    fn root(&self) {}

    fn child_count(&self, (): ()) -> usize {
        0
    }

    fn child(&self, (): (), _index: usize) -> Option<()> {
        None
    }

    fn node_id(&self, (): ()) -> u32 {
        1
    }

    fn hit_count(&self, (): ()) -> u32 {
        0
    }

    fn frame(&self, (): ()) -> CallFrame<'_> {
        CallFrame::root()
    }

    fn line_ticks(&self, (): (), ticks: &mut Vec<LineTick>) {
        ticks.clear();
    }

    fn sample_count(&self) -> usize {
        0
    }

    fn sample(&self, _index: usize) -> Sample {
        Sample {
            node_id: 1,
            timestamp_us: self.start_time_us,
        }
    }

    fn start_time_us(&self) -> i64 {
        self.start_time_us
    }

    fn end_time_us(&self) -> i64 {
        self.end_time_us
    }
}
