//! Everything that can go wrong in this crate. Each variant says where.

use std::io;

use crate::format::heapsnapshot::SnapshotSection;

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
    /// A profile text is not what it should be.
    #[error("The profile cannot be read: at byte {offset}, in {section}, {reason}")]
    ProfileText {
        /// Position in the text, counted from 0.
        offset: u64,
        /// The part of the text, such as `nodes`.
        section: &'static str,
        /// What was expected, or what was found.
        reason: Box<str>,
    },
    /// A profile text ends in the middle.
    #[error("The profile is cut off: it ends at byte {offset}, in {section}")]
    ProfileTruncated {
        /// Length of what there is.
        offset: u64,
        /// The part of the text, such as `nodes`.
        section: &'static str,
    },
    /// The source of a text returned an error; reading stopped there.
    #[error("The source failed after {offset} bytes: {source}")]
    Input {
        /// Bytes the source had given.
        offset: u64,
        /// The source's own error.
        source: io::Error,
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
    /// Nodes do not form a tree.
    #[error("The profile is not a tree: the node with id {id} {reason}")]
    NotATree {
        /// Id of a node where it fails.
        id: u32,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A picture was asked of a profile in which nothing was recorded.
    #[error("There is nothing to draw: no function of the profile has {what}")]
    NothingToDraw {
        /// What functions should have, such as `microseconds`.
        what: &'static str,
    },
    /// A picture could not be made.
    #[error("The flame graph could not be drawn: {source}")]
    Drawing {
        /// The error of the library that draws.
        source: io::Error,
    },
    /// A text that was to be redacted is not understood, so nothing more of it was passed on.
    #[error("The heap snapshot cannot be redacted: at byte {offset}, in section \"{section}\", {reason}")]
    Redact {
        /// Position in the text, counted from 0: where the piece begins that was not understood.
        offset: u64,
        /// Name of the section; empty before the first.
        section: String,
        /// What was found there.
        reason: &'static str,
    },
    /// A regular expression for what redaction keeps cannot be used.
    #[error("The pattern {pattern} of what redaction keeps cannot be used: {reason}")]
    KeepPattern {
        /// The pattern with its flags, as JavaScript writes it.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The caller gave up.
    #[error("The work was cancelled")]
    Cancelled,
}
