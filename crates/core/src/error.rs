//! Everything that can go wrong in this crate. Each variant says where.

use std::io;

/// Shorthand for results of this crate.
///
/// ```
/// fn nothing_wrong() -> rs_profiler_core::Result<u32> { Ok(1) }
/// assert_eq!(nothing_wrong().ok(), Some(1));
/// ```
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, and where.
///
/// ```
/// use rs_profiler_core::Error;
/// let error = Error::Sink { offset: 65_536, source: std::io::Error::other("disk full") };
/// assert_eq!(error.to_string(), "The sink refused the text after 65536 bytes: disk full");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The sink returned an error; writing stopped there. A sink may use this to stop early.
    #[error("The sink refused the text after {offset} bytes: {source}")]
    Sink {
        /// Bytes the sink had accepted.
        offset: u64,
        /// The sink's own error.
        source: io::Error,
    },
    /// A profile has more of something than its compact model can number.
    #[error("The profile has more than {limit} {what}, which this model cannot hold")]
    TooLarge {
        /// What there are too many of.
        what: &'static str,
        /// The most the model can hold.
        limit: u64,
    },
    /// A node was named that the profile does not have.
    #[error("The profile has {nodes} nodes, so there is no node with index {index}")]
    UnknownNode {
        /// The index asked for.
        index: u32,
        /// How many nodes there are.
        nodes: u32,
    },
    /// A text is not a heap snapshot.
    #[error("This is not a heap snapshot: at byte {offset}, {reason}")]
    SnapshotHeader {
        /// Position in the text, counted from 0.
        offset: u64,
        /// What was found there.
        reason: &'static str,
    },
}
