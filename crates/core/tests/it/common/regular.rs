//! A regular tree that takes no memory.

use rs_profiler_core::model::{
    Allocation, Bytes, CallFrame, CallTree, ChildIndex, CpuProfileSource, HeapProfileSource, HeapSample, Line,
    LineTick, Micros, NodeId, Sample, SampleId, SampleIndex,
};

/// Node n has the children `fan * n + 1..=fan * n + fan`, as far as they exist.
pub struct Regular {
    pub nodes: u32,
    pub fan: u32,
    pub samples: u32,
}

impl Regular {
    fn id_of_sample(&self, index: usize) -> NodeId {
        NodeId::new(1 + index as u32 % self.nodes)
    }
}

impl CallTree for Regular {
    type Node = u32;

    fn root(&self) -> Option<u32> {
        Some(0)
    }

    fn child_count(&self, node: u32) -> usize {
        let first = u64::from(node) * u64::from(self.fan) + 1;
        u64::from(self.nodes).saturating_sub(first).min(u64::from(self.fan)) as usize
    }

    fn child(&self, node: u32, index: ChildIndex) -> Option<u32> {
        Some(node * self.fan + 1 + index.get() as u32)
    }

    fn node_id(&self, node: u32) -> NodeId {
        NodeId::new(self.nodes - node)
    }

    fn frame(&self, node: u32) -> CallFrame<'_> {
        CallFrame {
            line: Line::from_one_based((node % 5_000) as i32),
            url: "/srv/app.js".into(),
            ..CallFrame::root()
        }
    }
}

impl CpuProfileSource for Regular {
    fn hit_count(&self, _node: u32) -> u32 {
        1
    }

    fn line_ticks(&self, node: u32, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        ticks.push(LineTick {
            line: Line::from_one_based(1 + (node % 5_000) as i32),
            ticks: 1,
        });
    }

    fn sample_count(&self) -> usize {
        self.samples as usize
    }

    fn sample(&self, index: SampleIndex) -> Sample {
        Sample {
            node_id: self.id_of_sample(index.get()),
            time: Micros::from_micros((1 << 40) + index.get() as i64 * 1_000_000),
        }
    }

    fn start_time(&self) -> Micros {
        Micros::from_micros(1 << 40)
    }

    fn end_time(&self) -> Micros {
        Micros::from_micros(1 << 41)
    }
}

impl HeapProfileSource for Regular {
    fn allocations(&self, _node: u32) -> impl Iterator<Item = Allocation> {
        std::iter::empty()
    }

    fn samples(&self) -> impl Iterator<Item = HeapSample> {
        (0..self.samples as usize).map(|index| HeapSample {
            allocation: Allocation {
                size: Bytes::from_bytes(1),
                count: 1,
            },
            node_id: self.id_of_sample(index),
            sample_id: SampleId::new(1),
        })
    }
}
