//! Everything that can go wrong in this crate, and where.

use std::{fmt, io};

use crate::format::heapsnapshot::SnapshotSection;
use crate::model::{Bytes, NodeIndex};

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// A place in a text, as exactly as it is known.
///
/// ```
/// use rs_profiler_core::{model::{Bytes, NodeIndex}, Where};
/// let mut at = Where { section: "edges", offset: Bytes::from_bytes(1_234), node: None };
/// assert_eq!(at.to_string(), "at byte 1234, in \"edges\"");
/// at.node = Some(NodeIndex::new(7));
/// assert_eq!(at.to_string(), "at byte 1234, in \"edges\", node 7");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Where {
    /// The key of the section in the text.
    pub section: &'static str,
    /// The bytes before the place.
    pub offset: Bytes,
    /// The node that was being read.
    pub node: Option<NodeIndex>,
}

impl fmt::Display for Where {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "at byte {}, in \"{}\"", self.offset, self.section)?;
        match self.node {
            Some(node) => write!(out, ", node {}", node.get()),
            None => Ok(()),
        }
    }
}

/// What went wrong, and where.
///
/// ```
/// use rs_profiler_core::{model::Bytes, Error};
/// let error = Error::Sink { offset: Bytes::from_bytes(65_536), source: std::io::Error::other("disk full") };
/// assert_eq!(error.to_string(), "The sink refused the text after 65536 bytes: disk full");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The sink returned an error; writing stopped there. A sink may use this to stop early.
    #[error("The sink refused the text after {offset} bytes: {source}")]
    Sink {
        /// What the sink had accepted.
        offset: Bytes,
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
    /// A text is not a heap snapshot.
    #[error("This is not a heap snapshot: {at}, {reason}")]
    NotASnapshot {
        /// Where it was seen.
        at: Where,
        /// What was found there.
        reason: &'static str,
    },
    /// A heap snapshot is not what it should be.
    #[error("The heap snapshot is damaged in its section \"{section}\" at byte {offset}: {reason}")]
    Snapshot {
        /// The section.
        section: SnapshotSection,
        /// Position in the uncompressed text, counted from 0.
        offset: u64,
        /// What is wrong.
        reason: String,
    },
    /// A heap snapshot ends before it should.
    #[error("The heap snapshot is cut off: it ends at byte {offset}, in its section \"{section}\"")]
    SnapshotCut {
        /// The section it ends in.
        section: SnapshotSection,
        /// Position in the uncompressed text, counted from 0.
        offset: u64,
    },
    /// The source of a file failed, or what came from it could not be decompressed.
    #[error("Reading failed after {offset} bytes of text: {source}")]
    Source {
        /// Bytes of uncompressed text before.
        offset: u64,
        /// The source's own error.
        source: io::Error,
    },
    /// The system gave no further thread.
    #[error("The system gave no further thread: {0}")]
    NoThread(io::Error),
    /// The caller gave up.
    #[error("The work was cancelled")]
    Cancelled,
}
