//! The text of a heap snapshot: what V8 shall show in it, its header, and how it is written, on whatever thread or in a forked
//! child.
//!
//! What it may not do: know who holds the snapshot; take a lock; make a thread.

use std::io::Write;

use rs_profiler_core::format::heapsnapshot::{Header, TraceWatch};

use crate::error::{Error, Result};
use crate::sink::Counts;
use crate::v8::{HeapSnapshot, SnapshotText};

/// Bytes that V8 hands over at a time.
const V8_CHUNK: i32 = 256 << 10;

/// About what V8 of today writes per node.
const BYTES_PER_NODE: u64 = 90;

/// What V8 shall show.
#[derive(Debug, Clone, Copy, Default)]
pub struct SnapshotOptions {
    pub expose_internals: bool,
    pub expose_numeric_values: bool,
}

/// A guess at the length of the text, for progress.
pub(super) fn expected_bytes(snapshot: &HeapSnapshot) -> u64 {
    u64::try_from(snapshot.nodes_count()).unwrap_or(0) * BYTES_PER_NODE
}

/// Reads the header, on the isolate's thread.
pub(super) fn header_of(snapshot: &HeapSnapshot) -> Result<Header> {
    Header::parse(&snapshot.beginning()).map_err(|error| Error::Internal(error.to_string()))
}

/// How a text is read.
pub(super) struct Reading {
    /// On the isolate's thread.
    pub here: bool,
    /// V8 may be told to stop.
    pub may_stop: bool,
}

/// Writes the text, until it ends or `out` fails.
///
/// After an abort V8's writer does not empty its buffer any more, and does not look at the buffer's end within a string: one
/// that is longer than a chunk would then be written over the end, or for ever. So where V8 may have been told to keep strings
/// longer than 1024 characters (`v8.setFlagsFromString` cannot be seen from here: docs/limits.md), and where V8
/// looks for an abort too seldom (`SnapshotText::serialize`), V8 is never told to stop; the rest of the text goes nowhere.
pub(super) fn serialize(text: &SnapshotText, header: Header, reading: Reading, out: &mut dyn Write) -> Result<Counts> {
    let Reading { here, may_stop } = reading;
    let mut watch = TraceWatch::default();
    let mut written = Ok(());
    text.serialize(V8_CHUNK, |chunk| {
        if !here {
            watch.feed(chunk);
        }
        if written.is_ok() && !watch.found() {
            written = out.write_all(chunk);
        }
        written.is_ok() || !may_stop || watch.found()
    });
    if watch.found() {
        return Err(Error::TrackingStarted);
    }
    // Not the cause: that is known at the end.
    written.map_err(|_| Error::Aborted)?;
    Ok(Counts {
        nodes: Some(header.nodes),
        edges: Some(header.edges),
        samples: None,
    })
}
