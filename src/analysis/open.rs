//! Opening: a file, or a feed, is read and analysed; and what was opened.

use std::fs::File;
use std::io::{self, Read};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, Progress as ReadProgress, ReadOptions, Truncation};
use rs_profiler_core::Error as CoreError;

use super::answer::answer;
use super::feed::Feed;
use super::outcome::Outcome;
use super::question::Question;
use super::questions::Questions;
use super::work::{Phase, Work};
use crate::error::{Error, Result};
use crate::sink::spawn_thread;

/// A snapshot that was read and analysed, and how.
pub(super) struct Snapshot {
    pub(super) analysis: HeapAnalysis,
    pub(super) truncation: Option<Truncation>,
    pub(super) text_length: u64,
}

/// A snapshot that can be asked.
#[derive(Clone)]
pub struct Opened {
    snapshot: Arc<Snapshot>,
    questions: Arc<Questions>,
}

impl Opened {
    /// Has `question` answered, with JSON, and `base` for comparisons. Giving up `work` is an answer as well: at once, whenever the
    /// thread looks.
    pub fn ask(&self, question: Question, base: Option<&Opened>, work: &Arc<Work>) -> Arc<Outcome<String>> {
        let snapshot = Arc::clone(&self.snapshot);
        let base = base.map(|base| Arc::clone(&base.snapshot));
        let told = outcome_of(work);
        let (outcome, state) = (Arc::clone(&told), Arc::clone(work));
        let job = move || {
            let found = guarded(|| answer(&snapshot, base.as_deref(), &question, &state));
            // Before the answer: who closes now has the memory back at once.
            drop((snapshot, base));
            outcome.set(found);
        };
        if let Err(error) = self.questions.add(job) {
            told.set(Err(error));
        }
        told
    }

    /// Lets go of the snapshot, on another thread: it may be gigabytes.
    pub fn close(self) {
        if let Some(snapshot) = Arc::into_inner(self.snapshot) {
            // Without a thread it is dropped here, with the closure.
            let _ = spawn_thread(move || drop(snapshot));
        }
    }
}

/// Opens a file. `partial`: what is whole of one that was cut off will do.
pub fn open_file(path: PathBuf, partial: bool, work: &Arc<Work>) -> Arc<Outcome<Opened>> {
    let state = Arc::clone(work);
    start(work, move || {
        let file = File::open(&path).map_err(|error| Error::io("open", &path, error))?;
        // Of what is no regular file the length says nothing.
        let found = file.metadata().map_err(|error| Error::io("fstat", &path, error))?;
        let length = if found.is_file() { found.len() } else { 0 };
        open(file, length, partial, &state).map_err(|error| error_of(error, Some(&path), &state))
    })
}

/// Opens what comes through a feed.
pub fn open_feed(feed: &Feed, partial: bool, work: &Arc<Work>) -> Arc<Outcome<Opened>> {
    let reader = feed.reader();
    let broken = feed.clone();
    work.on_cancel(move || broken.break_off());
    let state = Arc::clone(work);
    start(work, move || {
        open(reader, 0, partial, &state).map_err(|error| error_of(error, None, &state))
    })
}

/// The outcome of work that may be given up.
fn outcome_of<T: Send + 'static>(work: &Arc<Work>) -> Arc<Outcome<T>> {
    let outcome = Arc::new(Outcome::default());
    let given_up = Arc::clone(&outcome);
    work.on_cancel(move || given_up.set(Err(Error::Aborted)));
    outcome
}

/// Opens on a thread of its own.
fn start(work: &Arc<Work>, open: impl FnOnce() -> Result<Opened> + Send + 'static) -> Arc<Outcome<Opened>> {
    let told = outcome_of(work);
    let outcome = Arc::clone(&told);
    if let Err(error) = spawn_thread(move || outcome.set(guarded(open))) {
        told.set(Err(error));
    }
    told
}

/// A panic is an error of its own.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::Internal("the analysis panicked".into())))
}

fn open(source: impl Read + Send, length: u64, partial: bool, work: &Arc<Work>) -> rs_profiler_core::Result<Opened> {
    work.begin(Phase::Read, length);
    let progress = |progress: ReadProgress| work.reach(progress.source_bytes);
    let options = ReadOptions {
        progress: Some(&progress),
        cancel: Some(work.cancelled()),
        accept_truncated: partial,
        text_length: None,
    };
    let source = Cancellable {
        source,
        work: Arc::clone(work),
    };
    let file = read(source, options)?;
    work.begin(Phase::Analyse, HeapAnalysis::PHASES);
    let timing = |_: &str, _: Duration| work.add_done();
    let options = AnalysisOptions {
        cancel: Some(work.cancelled()),
        timing: Some(&timing),
    };
    let snapshot = Snapshot {
        analysis: HeapAnalysis::new(file.graph, options)?,
        truncation: file.truncation,
        text_length: file.text_length,
    };
    Ok(Opened {
        snapshot: Arc::new(snapshot),
        questions: Arc::default(),
    })
}

/// A source that fails when the work was given up: decompressing may take long between two looks of the reader.
struct Cancellable<S> {
    source: S,
    work: Arc<Work>,
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
        (CoreError::Source { offset, .. }, _) => Error::InvalidSnapshot {
            message,
            section: "file".into(),
            offset,
        },
        (CoreError::Cancelled, _) => Error::Aborted,
        _ => Error::Internal(message),
    }
}
