//! Of which snapshot an index is.

/// The file that a snapshot was read from, as far as it tells whether it has changed.
///
/// ```
/// use rs_profiler_core::analyze::heap::SnapshotStamp;
/// assert_ne!(SnapshotStamp { length: 5, modified_ns: 7 }, SnapshotStamp { length: 5, modified_ns: 8 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotStamp {
    /// Its length in bytes.
    pub length: u64,
    /// When it was changed last, in nanoseconds since 1970.
    pub modified_ns: i64,
}
