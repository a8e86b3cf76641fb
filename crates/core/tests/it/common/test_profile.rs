//! A source of both kinds of profile, as simple as can be.

use rs_profiler_core::model::{
    Allocation, CallFrame, CallTree, ChildIndex, CpuProfileSource, HeapProfileSource, HeapSample, LineTick, Micros,
    NodeId, Sample, SampleIndex,
};

/// A node. Its children are places in the list of nodes.
#[derive(Debug, Clone)]
pub struct TestNode {
    pub id: NodeId,
    pub frame: CallFrame<'static>,
    pub hit_count: u32,
    pub ticks: Vec<LineTick>,
    pub allocations: Vec<Allocation>,
    pub children: Vec<usize>,
}

/// A profile whose first node is the root.
#[derive(Debug, Clone)]
pub struct TestProfile {
    pub nodes: Vec<TestNode>,
    pub samples: Vec<Sample>,
    pub heap_samples: Vec<HeapSample>,
    pub start_time: Micros,
    pub end_time: Micros,
}

impl CallTree for TestProfile {
    type Node = usize;

    fn root(&self) -> Option<usize> {
        (!self.nodes.is_empty()).then_some(0)
    }

    fn child_count(&self, node: usize) -> usize {
        self.nodes[node].children.len()
    }

    fn child(&self, node: usize, index: ChildIndex) -> Option<usize> {
        self.nodes[node].children.get(index.get()).copied()
    }

    fn node_id(&self, node: usize) -> NodeId {
        self.nodes[node].id
    }

    fn frame(&self, node: usize) -> CallFrame<'_> {
        self.nodes[node].frame.clone()
    }
}

impl CpuProfileSource for TestProfile {
    fn hit_count(&self, node: usize) -> u32 {
        self.nodes[node].hit_count
    }

    fn line_ticks(&self, node: usize, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        ticks.extend_from_slice(&self.nodes[node].ticks);
    }

    fn sample_count(&self) -> usize {
        self.samples.len()
    }

    fn sample(&self, index: SampleIndex) -> Sample {
        self.samples[index.get()]
    }

    fn start_time(&self) -> Micros {
        self.start_time
    }

    fn end_time(&self) -> Micros {
        self.end_time
    }
}

impl HeapProfileSource for TestProfile {
    fn allocations(&self, node: usize) -> impl Iterator<Item = Allocation> {
        self.nodes[node].allocations.iter().copied()
    }

    fn samples(&self) -> impl Iterator<Item = HeapSample> {
        self.heap_samples.iter().copied()
    }
}
