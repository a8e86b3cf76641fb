//! A snapshot that is read and analysed by the core, under the eyes of whoever may give it up.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, Progress as ReadProgress, ReadOptions};
use rs_profiler_core::Error as CoreError;

use super::facts::Facts;
use super::work::{Phase, Work};
use crate::error::Error;

/// A snapshot that was read and analysed, and how.
pub(super) struct Snapshot {
    pub(super) analysis: HeapAnalysis,
    pub(super) facts: Facts,
    /// What an index had to do with it.
    pub(super) indexed: Option<Indexed>,
}

/// Where the analysis is from, when an index was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Indexed {
    Read,
    Written,
}

impl Snapshot {
    /// Reads and analyses. `length` is that of the source, 0 where it is unknown. `partial`: what is whole of a text that was cut off
    /// will do.
    pub(super) fn read(
        source: impl Read + Send,
        length: u64,
        partial: bool,
        work: &Arc<Work>,
    ) -> rs_profiler_core::Result<Snapshot> {
        work.begin(Phase::Read, length);
        let progress = |progress: ReadProgress| work.reach(progress.source_bytes);
        let options = ReadOptions {
            progress: Some(&progress),
            cancel: Some(work.cancelled()),
            accept_truncated: partial,
            text_length: (length > 0).then_some(length),
        };
        let file = read(Cancellable::new(source, work), options)?;
        work.begin(Phase::Analyse, HeapAnalysis::PHASES);
        let timing = |_: &str, _: Duration| work.add_done();
        let options = AnalysisOptions {
            cancel: Some(work.cancelled()),
            timing: Some(&timing),
        };
        Ok(Snapshot {
            analysis: HeapAnalysis::new(file.graph, options)?,
            facts: Facts::new(file.text_length, file.truncation),
            indexed: None,
        })
    }
}

/// A source that fails when the work was given up: decompressing may take long between two looks of the reader.
pub(super) struct Cancellable<S> {
    source: S,
    work: Arc<Work>,
}

impl<S> Cancellable<S> {
    pub(super) fn new(source: S, work: &Arc<Work>) -> Self {
        let work = Arc::clone(work);
        Cancellable { source, work }
    }
}

impl<S: Read> Read for Cancellable<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.work.is_cancelled() {
            // Not `Interrupted`: readers would try again for ever.
            true => Err(io::ErrorKind::ConnectionAborted.into()),
            false => self.source.read(buffer),
        }
    }
}

/// What went wrong in the core, in the addon's words.
pub(super) fn error_of(error: CoreError, path: Option<&Path>, work: &Work) -> Error {
    if work.is_cancelled() {
        return Error::Aborted;
    }
    let message = format!("{error}.");
    match (error, path) {
        (CoreError::Source { source, .. }, Some(path)) if source.raw_os_error().is_some() => {
            Error::io("read", path, source)
        }
        (CoreError::SnapshotCut { section, offset }, _) => Error::TruncatedSnapshot {
            message,
            section: section.to_string(),
            offset,
        },
        (CoreError::Snapshot { section, offset, .. }, _) => Error::InvalidSnapshot {
            message,
            section: section.to_string(),
            offset,
        },
        (CoreError::NotASnapshot { at, .. }, _) => Error::InvalidSnapshot {
            message,
            section: at.section.into(),
            offset: at.offset.as_bytes(),
        },
        (CoreError::Source { offset, .. }, _) => Error::InvalidSnapshot {
            message,
            section: "file".into(),
            offset,
        },
        (CoreError::NoThread(source), _) => Error::NoThread(source),
        (CoreError::Cancelled, _) => Error::Aborted,
        _ => Error::Internal(message),
    }
}
