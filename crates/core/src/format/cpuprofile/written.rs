//! What a writer reports when it is done.

/// Size of a written text.
///
/// ```
/// use rs_profiler_core::format::cpuprofile::timeline;
/// use rs_profiler_core::model::CpuProfile;
/// let written = timeline::write_samples(&CpuProfile::empty(0, 0)?, std::io::sink())?;
/// assert_eq!((written.bytes, written.nodes, written.samples), (2, 0, 0));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Length of the text.
    pub bytes: u64,
    /// Nodes in it.
    pub nodes: u64,
    /// Samples in it.
    pub samples: u64,
}
