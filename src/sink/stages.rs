//! What stands between the producer of a text and its end. A stage is a `Write` that passes on what it is given, and is
//! finished when the stage before it is.
//!
//! What it may not do: know tokio, N-API or V8; take a lock; make a thread.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use rs_profiler_core::format::heapsnapshot::Tail;

use crate::error::{Error, Result};

/// Refuses all that comes after somebody has set `stop`.
pub(super) struct Gate<'a> {
    next: &'a mut dyn Write,
    stop: &'a AtomicBool,
    refused: bool,
}

impl<'a> Gate<'a> {
    pub(super) fn new(next: &'a mut dyn Write, stop: &'a AtomicBool) -> Gate<'a> {
        Gate {
            next,
            stop,
            refused: false,
        }
    }

    /// Whether this is why the producer could not go on.
    pub(super) fn has_refused(&self) -> bool {
        self.refused
    }
}

impl Write for Gate<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            self.refused = true;
            // Not `Interrupted`: `write_all` would try again for ever.
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.next.write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.next.flush()
    }
}

/// Sees to it that the text comes to its end, which is a brace in every format.
pub(super) struct Complete<'a> {
    next: &'a mut dyn Write,
    tail: Tail,
}

impl<'a> Complete<'a> {
    pub(super) fn new(next: &'a mut dyn Write) -> Complete<'a> {
        Complete {
            next,
            tail: Tail::default(),
        }
    }

    pub(super) fn finish(&self) -> Result<()> {
        if self.tail.ends_with_brace() {
            return Ok(());
        }
        Err(Error::Internal("a writer ended its text too early".into()))
    }
}

impl Write for Complete<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.next.write(data)?;
        self.tail.feed(&data[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.next.flush()
    }
}

/// Counts bytes and tells of them.
pub(super) struct Count<'a> {
    next: &'a mut dyn Write,
    progress: &'a dyn Fn(u64),
    bytes: u64,
}

impl<'a> Count<'a> {
    pub(super) fn new(next: &'a mut dyn Write, progress: &'a dyn Fn(u64)) -> Count<'a> {
        Count {
            next,
            progress,
            bytes: 0,
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Write for Count<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.next.write(data)?;
        self.bytes += written as u64;
        (self.progress)(self.bytes);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.next.flush()
    }
}
