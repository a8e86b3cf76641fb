//! The handle of a node that is being filled, which no finished profile takes.

/// A node of a profile that is being filled, counted in the order of opening. Means nothing to the finished profile.
///
/// ```
/// use rs_profiler_core::model::CpuProfileBuilder;
/// let mut builder = CpuProfileBuilder::new();
/// assert_ne!(builder.open_node()?, builder.open_node()?);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OpenNode(pub(super) u32);

impl OpenNode {
    /// Place in the order of opening, from 0.
    ///
    /// ```
    /// use rs_profiler_core::model::CpuProfileBuilder;
    /// assert_eq!(CpuProfileBuilder::new().open_node()?.index(), 0);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
