//! Opening: a file, or a feed, is read and analysed; and what was opened.

use std::fs::File;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::answer::answer;
use super::feed::{Feed, FeedReader};
use super::index::open_indexed;
use super::outcome::Outcome;
use super::question::Question;
use super::questions::Questions;
use super::quick;
use super::snapshot::{error_of, Snapshot};
use super::work::Work;
use crate::error::{Error, Result};
use crate::sink::spawn_thread;

/// A snapshot that can be asked.
#[derive(Clone)]
pub struct Opened {
    snapshot: Arc<Snapshot>,
    questions: Arc<Questions>,
}

impl Opened {
    fn new(snapshot: Snapshot) -> Self {
        Opened {
            snapshot: Arc::new(snapshot),
            questions: Arc::default(),
        }
    }

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

/// Opens a file. `partial`: what is whole of one that was cut off will do. `index`: where what is computed of it is found the
/// next time.
pub fn open_file(path: PathBuf, index: Option<PathBuf>, partial: bool, work: &Arc<Work>) -> Arc<Outcome<Opened>> {
    let state = Arc::clone(work);
    start(work, move || {
        let (file, length) = source_of(&path)?;
        let snapshot = match index {
            Some(index) => open_indexed(file, &path, &index, partial, &state)?,
            None => {
                let read = Snapshot::read(file, length, partial, &state);
                read.map_err(|error| error_of(error, Some(&path), &state))?
            }
        };
        Ok(Opened::new(snapshot))
    })
}

/// Sums up a file, without opening it; JSON.
pub fn summarize_file(path: PathBuf, work: &Arc<Work>) -> Arc<Outcome<String>> {
    let state = Arc::clone(work);
    start(work, move || {
        let (file, length) = source_of(&path)?;
        let summed = quick::sums(file, length, &state);
        quick::json(&summed.map_err(|error| error_of(error, Some(&path), &state))?)
    })
}

/// A file, and how long it is: 0 when that is unknown.
fn source_of(path: &Path) -> Result<(File, u64)> {
    let file = File::open(path).map_err(|error| Error::io("open", path, error))?;
    // Of what is no regular file the length says nothing.
    let found = file.metadata().map_err(|error| Error::io("fstat", path, error))?;
    let length = if found.is_file() { found.len() } else { 0 };
    Ok((file, length))
}

/// Opens what comes through a feed.
pub fn open_feed(feed: &Feed, partial: bool, work: &Arc<Work>) -> Arc<Outcome<Opened>> {
    let reader = reader_of(feed, work);
    let state = Arc::clone(work);
    start(work, move || {
        let read = Snapshot::read(reader, 0, partial, &state);
        Ok(Opened::new(read.map_err(|error| error_of(error, None, &state))?))
    })
}

/// Sums up what comes through a feed; JSON.
pub fn summarize_feed(feed: &Feed, work: &Arc<Work>) -> Arc<Outcome<String>> {
    let reader = reader_of(feed, work);
    let state = Arc::clone(work);
    start(work, move || {
        let summed = quick::sums(reader, 0, &state);
        quick::json(&summed.map_err(|error| error_of(error, None, &state))?)
    })
}

/// The end of a feed where a thread reads, until the work is given up.
fn reader_of(feed: &Feed, work: &Work) -> FeedReader {
    let broken = feed.clone();
    work.on_cancel(move || broken.break_off());
    feed.reader()
}

/// The outcome of work that may be given up.
fn outcome_of<T: Send + 'static>(work: &Arc<Work>) -> Arc<Outcome<T>> {
    let outcome = Arc::new(Outcome::default());
    let given_up = Arc::clone(&outcome);
    work.on_cancel(move || given_up.set(Err(Error::Aborted)));
    outcome
}

/// Reads on a thread of its own.
fn start<T: Send + 'static>(work: &Arc<Work>, read: impl FnOnce() -> Result<T> + Send + 'static) -> Arc<Outcome<T>> {
    let told = outcome_of(work);
    let outcome = Arc::clone(&told);
    if let Err(error) = spawn_thread(move || outcome.set(guarded(read))) {
        told.set(Err(error));
    }
    told
}

/// A panic is an error of its own.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::Internal("the analysis panicked".into())))
}
