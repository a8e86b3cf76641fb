//! Threads of ours, and how they are waited for and stopped.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crate::error::{Error, Result};

/// Runs something on a thread of its own. Fails when the system gives none (a pids limit, for instance).
pub fn spawn_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>> {
    thread::Builder::new()
        .name("rs-profiler".to_string())
        .spawn(work)
        .map_err(Error::NoThread)
}

/// Work on another thread that may read V8's structures.
pub trait Running: Send + Sync {
    /// Returns when the work is done, without having waited for anybody but the system.
    fn settle(&self);
    /// Stops the work and returns when it has stopped.
    fn abort(&self);
}

/// Work on a thread of its own.
pub struct Task {
    stop: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Task {
    /// Starts the work. It is given what tells it to stop.
    pub fn spawn(work: impl FnOnce(&AtomicBool) + Send + 'static) -> Result<Arc<Task>> {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let thread = spawn_thread(move || work(&told))?;
        Ok(Arc::new(Task {
            stop,
            thread: Mutex::new(Some(thread)),
        }))
    }
}

impl Running for Task {
    fn settle(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A task that panicked has given its error, or its file, away by unwinding.
            let _ = thread.join();
        }
    }

    fn abort(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.settle();
    }
}
