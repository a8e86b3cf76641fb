//! A piece of work on another thread: who may give it up, and how far it has come.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};

/// What the work is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Bytes of the input, as they lie there.
    #[default]
    Read,
    /// Steps.
    Analyse,
    /// Steps.
    Index,
}

/// How far the work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    pub phase: Phase,
    pub done: u64,
    /// 0 while it is unknown.
    pub total: u64,
}

type Ending = Box<dyn FnOnce() + Send>;

/// What the thread that works and those that wait for it share.
#[derive(Default)]
pub struct Work {
    cancelled: AtomicBool,
    progress: Mutex<Progress>,
    /// What giving up also does.
    endings: Mutex<Vec<Ending>>,
}

impl Work {
    /// What the core looks at.
    pub fn cancelled(&self) -> &AtomicBool {
        &self.cancelled
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The error that ends the work, if it was given up.
    pub fn check(&self) -> Result<()> {
        match self.is_cancelled() {
            true => Err(Error::Aborted),
            false => Ok(()),
        }
    }

    /// Gives the work up: it ends at its next look. Repeatable.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        let endings = std::mem::take(&mut *lock(&self.endings));
        for end in endings {
            end();
        }
    }

    /// Has `end` called when the work is given up; at once when it was already.
    pub fn on_cancel(&self, end: impl FnOnce() + Send + 'static) {
        let mut endings = lock(&self.endings);
        endings.push(Box::new(end));
        drop(endings);
        if self.is_cancelled() {
            self.cancel();
        }
    }

    pub fn progress(&self) -> Progress {
        *lock(&self.progress)
    }

    /// Begins a phase of `total` units.
    pub(super) fn begin(&self, phase: Phase, total: u64) {
        *lock(&self.progress) = Progress { phase, done: 0, total };
    }

    /// At least `done` units are done.
    pub(super) fn reach(&self, done: u64) {
        let mut progress = lock(&self.progress);
        progress.done = progress.done.max(done);
    }

    pub(super) fn add_done(&self) {
        lock(&self.progress).done += 1;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_giving_up_does_is_done_once_before_or_after() {
        let work = Work::default();
        let (told, heard) = mpsc::channel();
        let again = told.clone();
        work.on_cancel(move || {
            let _ = told.send("before");
        });
        assert!(heard.try_recv().is_err());
        work.cancel();
        work.cancel();
        work.on_cancel(move || {
            let _ = again.send("after");
        });
        assert_eq!(heard.iter().collect::<Vec<_>>(), ["before", "after"]);
        assert!(matches!(work.check(), Err(Error::Aborted)));
    }
}
