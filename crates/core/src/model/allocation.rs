//! What a sampling heap profile counts: objects of one size, and single samples of them.

/// Allocations of one size by one function.
///
/// ```
/// let allocation = rs_profiler_core::model::Allocation { size: 24, count: 100 };
/// assert_eq!(allocation.size * u64::from(allocation.count), 2_400);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Allocation {
    /// Bytes of one object.
    pub size: u64,
    /// How many such objects are alive, by estimate.
    pub count: u32,
}

/// One sampled object that is still alive.
///
/// ```
/// use rs_profiler_core::model::HeapSample;
/// let sample = HeapSample { size: 24, count: 100, node_id: 7, sample_id: 1 };
/// assert_eq!(sample.total_size(), 2_400);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeapSample {
    /// Bytes of one object.
    pub size: u64,
    /// How many objects this sample stands for.
    pub count: u32,
    /// Id of the node that allocated it.
    pub node_id: u32,
    /// Place in the order of sampling.
    pub sample_id: u64,
}

impl HeapSample {
    /// Bytes this sample stands for.
    ///
    /// ```
    /// # use rs_profiler_core::model::HeapSample;
    /// assert_eq!(HeapSample { size: 8, count: 2, node_id: 1, sample_id: 1 }.total_size(), 16);
    /// ```
    pub fn total_size(&self) -> u64 {
        self.size.saturating_mul(u64::from(self.count))
    }
}
