//! The view of a sampling heap profile that is copied: objects of one size by function, and single samples of them.

use super::{Bytes, CallTree, NodeId, SampleId};

/// Allocations of one size by one function.
///
/// ```
/// use rs_profiler_core::model::{Allocation, Bytes};
/// let allocation = Allocation { size: Bytes::from_bytes(24), count: 100 };
/// assert_eq!(allocation.total_size(), Bytes::from_bytes(2_400));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Allocation {
    /// Size of one object.
    pub size: Bytes,
    /// How many such objects are alive, by estimate.
    pub count: u32,
}

impl Allocation {
    /// Size of all of them.
    pub fn total_size(self) -> Bytes {
        self.size.times(self.count)
    }
}

/// One sampled object that is still alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeapSample {
    /// The objects the sample stands for.
    pub allocation: Allocation,
    /// The node that allocated it.
    pub node_id: NodeId,
    /// Place in the order of sampling.
    pub sample_id: SampleId,
}

/// A sampling heap profile: which functions allocated what is still alive, estimated from sampled allocations.
///
/// V8 shows its own only for a moment and only on its own thread, so it is copied into a
/// [`SamplingHeapProfile`](super::SamplingHeapProfile) at once.
pub trait HeapProfileSource: CallTree {
    /// What the node itself allocated, by size.
    fn allocations(&self, node: Self::Node) -> impl Iterator<Item = Allocation>;
    /// All samples, in the order of allocation.
    fn samples(&self) -> impl Iterator<Item = HeapSample>;
}
