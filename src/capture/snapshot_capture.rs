//! A snapshot from the walk to its file: taken, written and deleted, and for how long that held the isolate's thread.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::environment::Environment;
use super::export::Export;
use super::heap::Progress;
use super::snapshot_text::SnapshotOptions;
use crate::error::Result;
use crate::sink::{Report, Target};

/// A snapshot that goes to one file. It is deleted when that is written, or the capture is closed or dropped.
pub struct SnapshotCapture {
    export: Export,
    expected_bytes: u64,
    progress: Cell<Progress>,
    pause: Cell<Duration>,
}

impl SnapshotCapture {
    /// Walks the heap; this thread stands still meanwhile.
    pub fn take(environment: &Environment, options: SnapshotOptions) -> Result<SnapshotCapture> {
        let begin = Instant::now();
        let (session, progress) = environment.take_snapshot(options)?;
        let made = session
            .expected_bytes()
            .and_then(|bytes| Ok((bytes, session.export()?)));
        // Takes effect when the export ends; at once when there is none.
        session.delete();
        let (expected_bytes, export) = made?;
        Ok(SnapshotCapture {
            export,
            expected_bytes,
            progress: Cell::new(progress),
            pause: Cell::new(begin.elapsed()),
        })
    }

    /// What V8 reported during the walk. Empty at the second call.
    pub fn take_progress(&self) -> Progress {
        self.progress.take()
    }

    /// A guess at the length of the text, in bytes.
    pub fn expected_bytes(&self) -> u64 {
        self.expected_bytes
    }

    fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let result = work();
        self.pause.set(self.pause.get() + begin.elapsed());
        result
    }

    /// Writes the text to a file, on another thread if that may be, and calls `done` there. When this fails, `done` was not
    /// called. `close` must follow.
    pub fn write_file(
        &self,
        target: Target,
        progress: impl Fn(u64) + Send + 'static,
        done: impl FnOnce(Result<Report>) + Send + 'static,
    ) -> Result<()> {
        self.timed(|| self.export.write_file(target, progress, done))
    }

    /// Stops what still runs, and deletes the snapshot. Returns for how long all of this held the isolate's thread. Repeatable.
    pub fn close(&self) -> Duration {
        self.timed(|| self.export.close());
        self.pause.get()
    }
}
