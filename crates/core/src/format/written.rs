//! What a writer reports when it is done.

/// What is in a written text.
///
/// ```
/// use rs_profiler_core::{format::{cpuprofile::timeline, Written}, model::{CpuProfile, Micros}};
/// let profile = CpuProfile::empty(Micros::from_micros(0), Micros::from_micros(0))?;
/// let written = timeline::write_samples(&profile, std::io::sink())?;
/// assert_eq!(written, Written { nodes: 0, samples: 0 });
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Nodes in it.
    pub nodes: u64,
    /// Samples in it.
    pub samples: u64,
}
