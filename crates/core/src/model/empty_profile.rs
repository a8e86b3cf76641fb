//! A source with a root and nothing else, which takes no memory.

use super::{CallFrame, CallTree, ChildIndex, CpuProfileSource, LineTick, Micros, NodeId, Sample, SampleIndex};

/// A profile in which nothing was recorded.
pub(super) struct EmptyProfile {
    pub(super) start_time: Micros,
    pub(super) end_time: Micros,
}

const ROOT: NodeId = NodeId::new(1);

impl CallTree for EmptyProfile {
    type Node = ();

    fn root(&self) -> Option<()> {
        Some(())
    }

    fn child_count(&self, (): ()) -> usize {
        0
    }

    fn child(&self, (): (), _index: ChildIndex) -> Option<()> {
        None
    }

    fn node_id(&self, (): ()) -> NodeId {
        ROOT
    }

    fn frame(&self, (): ()) -> CallFrame<'_> {
        CallFrame::root()
    }
}

impl CpuProfileSource for EmptyProfile {
    fn hit_count(&self, (): ()) -> u32 {
        0
    }

    fn line_ticks(&self, (): (), ticks: &mut Vec<LineTick>) {
        ticks.clear();
    }

    fn sample_count(&self) -> usize {
        0
    }

    fn sample(&self, _index: SampleIndex) -> Sample {
        Sample {
            node_id: ROOT,
            time: self.start_time,
        }
    }

    fn start_time(&self) -> Micros {
        self.start_time
    }

    fn end_time(&self) -> Micros {
        self.end_time
    }
}
