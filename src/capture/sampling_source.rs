//! V8's sampling heap profile, seen as the core's `HeapProfileSource`. Readable only until the running callback returns.

use rs_profiler_core::model::{
    Allocation, Bytes, CallFrame, CallTree, ChildIndex, Column, HeapProfileSource, HeapSample, Line, NodeId, SampleId,
    ScriptId,
};

use crate::v8::{AllocationNode, AllocationProfile};

/// A borrowed profile, as a source.
pub(super) struct V8AllocationProfile<'p>(pub(super) &'p AllocationProfile);

impl<'p> CallTree for V8AllocationProfile<'p> {
    type Node = AllocationNode<'p>;

    fn root(&self) -> Option<AllocationNode<'p>> {
        self.0.root()
    }

    fn child_count(&self, node: AllocationNode<'p>) -> usize {
        node.info().children
    }

    fn child(&self, node: AllocationNode<'p>, index: ChildIndex) -> Option<AllocationNode<'p>> {
        node.child(index.get())
    }

    fn node_id(&self, node: AllocationNode<'p>) -> NodeId {
        NodeId::new(node.info().node_id)
    }

    fn frame(&self, node: AllocationNode<'p>) -> CallFrame<'_> {
        let info = node.info();
        CallFrame {
            function_name: node.name().into(),
            url: node.script_name().into(),
            script_id: ScriptId::new(info.script_id),
            line: Line::from_one_based(info.line),
            column: Column::from_one_based(info.column),
            ..CallFrame::default()
        }
    }
}

fn allocation(size: usize, count: u32) -> Allocation {
    Allocation {
        size: Bytes::from_bytes(size as u64),
        count,
    }
}

impl<'p> HeapProfileSource for V8AllocationProfile<'p> {
    fn allocations(&self, node: AllocationNode<'p>) -> impl Iterator<Item = Allocation> {
        node.allocations().map(|(size, count)| allocation(size, count))
    }

    fn samples(&self) -> impl Iterator<Item = HeapSample> {
        self.0.samples().into_iter().map(|sample| HeapSample {
            allocation: allocation(sample.size, sample.count),
            node_id: NodeId::new(sample.node_id),
            sample_id: SampleId::new(sample.sample_id),
        })
    }
}
