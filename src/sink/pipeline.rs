//! What makes a text, what passes it on and what comes of it; synchronous, on whatever thread.
//!
//! Why it exists: the isolate's thread, a thread of ours and a forked child write the same texts to the same ends. The cause
//! of a failure survives: a full disk, an abort, a panic and a fault of a writer are told apart.
//!
//! What it may not do: know tokio, N-API or V8.

use std::io::{self, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rs_profiler_core::format::heapsnapshot::Tail;

use super::file::Target;
use super::runtime::spawn_thread;
use crate::error::{Error, Result};

/// What a text holds, as far as its format has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub nodes: Option<u64>,
    pub edges: Option<u64>,
    pub samples: Option<u64>,
}

/// What was written.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    /// Length of the text.
    pub bytes: u64,
    pub counts: Counts,
}

/// Makes a text, once. When `out` fails it stops and returns any error: the end that `out` leads to knows the cause.
pub type Produce = Box<dyn FnOnce(&mut dyn Write) -> Result<Counts> + Send>;

/// Work on another thread that may read V8's structures.
pub trait Running: Send + Sync {
    /// Returns when the work is done, without having waited for anybody but the system.
    fn settle(&self);
    /// Stops the work and returns when it has stopped.
    fn abort(&self);
}

/// Runs `produce`; a panic becomes an error.
pub fn guarded(produce: Produce, out: &mut dyn Write) -> Result<Counts> {
    catch_unwind(AssertUnwindSafe(|| produce(out))).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().copied();
        let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Err(Error::Internal(format!(
            "a writer panicked: {}",
            said.unwrap_or("without a word")
        )))
    })
}

/// The end of the pipeline at a file: counts, and watches for the end of the text and for an abort.
struct FileEnd<'a> {
    target: Target,
    stop: &'a AtomicBool,
    progress: &'a dyn Fn(u64),
    bytes: u64,
    tail: Tail,
}

impl Write for FileEnd<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            // Not `Interrupted`: `write_all` would try again for ever.
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let written = self.target.write(data)?;
        self.tail.feed(&data[..written]);
        self.bytes += written as u64;
        (self.progress)(self.bytes);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a text to a file, which bears its name only when it is complete. `progress` hears of the bytes so far.
pub fn write_file(target: Target, produce: Produce, stop: &AtomicBool, progress: &dyn Fn(u64)) -> Result<Report> {
    let mut end = FileEnd {
        target,
        stop,
        progress,
        bytes: 0,
        tail: Tail::default(),
    };
    let produced = guarded(produce, &mut end);
    if let Some(failure) = end.target.take_failure() {
        return Err(failure);
    }
    if stop.load(Ordering::Relaxed) {
        return Err(Error::Aborted);
    }
    let counts = produced?;
    if !end.tail.ends_with_brace() {
        return Err(Error::Internal("a writer ended its text too early".into()));
    }
    end.target.commit()?;
    Ok(Report {
        bytes: end.bytes,
        counts,
    })
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
