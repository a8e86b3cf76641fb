//! What a caller may ask of the reader, and what it hears meanwhile.

use std::sync::atomic::AtomicBool;

/// How to read. Default is: no progress, no cancelling, damaged files are errors.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot::ReadOptions;
/// assert!(!ReadOptions::default().accept_truncated);
/// ```
#[derive(Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// Called some thousand times per GiB from the thread that called [`read`](super::read). Default is nobody.
    pub progress: Option<&'a dyn Fn(Progress)>,
    /// Reading ends with [`Error::Cancelled`](crate::Error::Cancelled) soon after this is set; a source that blocks is
    /// waited for. Default is nothing to watch.
    pub cancel: Option<&'a AtomicBool>,
    /// Whether a file that ends too early gives the part that is whole. Default is false: it gives
    /// [`Error::SnapshotCut`](crate::Error::SnapshotCut).
    pub accept_truncated: bool,
    /// Length of the uncompressed text in bytes, if known, or that of the compressed one: lets columns be allocated once.
    /// No more is allocated for promises than a text of this length can hold. Default is unknown.
    pub text_length: Option<u64>,
}

impl std::fmt::Debug for ReadOptions<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ReadOptions")
            .field("progress", &self.progress.is_some())
            .field("cancel", &self.cancel)
            .field("accept_truncated", &self.accept_truncated)
            .field("text_length", &self.text_length)
            .finish()
    }
}

/// How far reading has come.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot::Progress;
/// let half = Progress { source_bytes: 50, text_bytes: 400 };
/// assert_eq!(half.source_bytes * 2, 100);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes taken from the source, compressed if it is: compare with the length of the file.
    pub source_bytes: u64,
    /// Bytes of JSON that were understood.
    pub text_bytes: u64,
}

/// The parts of a heap snapshot, in the order V8 writes them.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot::SnapshotSection;
/// assert_eq!(SnapshotSection::Edges.to_string(), "edges");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SnapshotSection {
    /// Outside all sections.
    File,
    /// What the file says of itself.
    Snapshot,
    /// Nodes.
    Nodes,
    /// Edges.
    Edges,
    /// Functions that allocated, where that was tracked.
    TraceFunctionInfos,
    /// Their calls.
    TraceTree,
    /// Places in the sources.
    Locations,
    /// Texts.
    Strings,
    /// A section that is skipped.
    Skipped,
}

impl std::fmt::Display for SnapshotSection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            SnapshotSection::File => "file",
            SnapshotSection::Snapshot => "snapshot",
            SnapshotSection::Nodes => "nodes",
            SnapshotSection::Edges => "edges",
            SnapshotSection::TraceFunctionInfos => "trace_function_infos",
            SnapshotSection::TraceTree => "trace_tree",
            SnapshotSection::Locations => "locations",
            SnapshotSection::Strings => "strings",
            SnapshotSection::Skipped => "skipped",
        })
    }
}
