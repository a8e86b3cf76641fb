//! Why an index cannot be used.

/// Why. All but the last are no reason for alarm: the index is made anew.
///
/// ```
/// use rs_profiler_core::analyze::heap::IndexFault;
/// assert_eq!(IndexFault::OtherSnapshot.to_string(), "it is of another file, or the snapshot has changed since");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexFault {
    /// The file is something else.
    #[error("it is no index of a heap snapshot")]
    NoIndex,
    /// Another version of this crate has written it, or one for other processors.
    #[error("another version of rs-profiler has written it")]
    OtherVersion,
    /// The snapshot has changed.
    #[error("it is of another file, or the snapshot has changed since")]
    OtherSnapshot,
    /// Something is wrong with it.
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
}
