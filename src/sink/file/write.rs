//! Writing a text to a target.

use std::io::{self, Write};
use std::sync::Arc;

use rs_profiler_core::format::{HeapSnapshotHeader, HeapSnapshotTail, SnapshotCounts};

use super::Target;
use crate::error::{Error, Result};
use crate::sink::channel::TextStream;

/// What was written.
#[derive(Debug, Clone, Copy)]
pub struct FileReport {
    pub bytes: u64,
    /// Node and edge count of the header, when the text is a heap snapshot.
    pub counts: Option<SnapshotCounts>,
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(error.to_string()))
}

/// Writes a stream to a file. `progress` hears of the bytes written so far.
pub async fn write_file(stream: Arc<TextStream>, mut target: Target, progress: impl Fn(u64)) -> Result<FileReport> {
    let (mut header, mut tail) = (HeapSnapshotHeader::default(), HeapSnapshotTail::default());
    let mut bytes = 0;
    while let Some(chunk) = stream.next().await? {
        // A CPU profile has no such header: then there are no counts.
        let _ = header.feed(&chunk);
        tail.feed(&chunk);
        bytes += chunk.len() as u64;
        let (returned, written) = blocking(move || {
            let written = target.write_all(&chunk);
            (target, written)
        })
        .await?;
        target = returned;
        if let Err(error) = written {
            return Err(target.failed(error));
        }
        progress(bytes);
    }
    if !tail.ends_with_brace() {
        return Err(Error::Aborted);
    }
    blocking(move || target.commit()).await??;
    Ok(FileReport {
        bytes,
        counts: header.counts(),
    })
}

/// Writes what `produce` writes to a file, in the calling thread.
pub fn write_file_blocking(mut target: Target, produce: impl FnOnce(&mut Target) -> io::Result<()>) -> Result<()> {
    match produce(&mut target) {
        Ok(()) => target.commit(),
        Err(error) => Err(target.failed(error)),
    }
}
