//! What the forked child does: separate itself, walk the heap, write, report, end.
//!
//! It has one thread. It uses no tokio, never returns to JavaScript, and ends by `_exit`, so that nothing of the service's
//! runs at its end.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::panic::{catch_unwind, AssertUnwindSafe};

use super::confine::{confine, separate};
use super::message::Message;
use crate::capture::fork_options::Phase;
use crate::capture::heap::{serialize, SnapshotOptions, CHUNK};
use crate::sink::{Pipeline, PipelineOptions};
use crate::v8::Isolate;

/// Progress of the writing is reported this often.
const REPORT_BYTES: u64 = 1 << 20;

/// All that the child needs, made before the fork.
pub struct ChildTask {
    pub options: SnapshotOptions,
    pub pipeline: PipelineOptions,
    pub output: File,
    pub control: File,
    pub null: File,
    pub parent: libc::pid_t,
}

impl ChildTask {
    /// The whole life of the child.
    pub fn run(self, isolate: Isolate) -> ! {
        let done = catch_unwind(AssertUnwindSafe(|| self.work(isolate)));
        // SAFETY: ends this process at once.
        unsafe { libc::_exit(if matches!(done, Ok(Ok(()))) { 0 } else { 1 }) }
    }

    fn work(self, isolate: Isolate) -> io::Result<()> {
        let control = &self.control;
        if let Err(error) = separate(self.parent, &self.null, &[self.output.as_raw_fd(), control.as_raw_fd()]) {
            let errno = error.raw_os_error().unwrap_or(0);
            return Message::NotSeparated { errno }.send(control);
        }
        let confined = confine();
        Message::Started { confined }.send(control)?;
        let progress = |done: u32, total: u32| {
            let (phase, done, total) = (Phase::Walk, done.into(), total.into());
            // A parent that is gone has taken this process with it.
            let _ = Message::Progress { phase, done, total }.send(control);
        };
        let options = self.options;
        let snapshot = isolate.take_heap_snapshot(options.expose_internals, options.expose_numeric_values, progress);
        let Some(snapshot) = snapshot else {
            return Message::WalkFailed.send(control);
        };
        let mut text = Reporting::new(Pipeline::new(&self.output, self.pipeline)?, control)?;
        let written = serialize(&snapshot.text(), CHUNK, &mut text).and_then(|()| text.inner.finish());
        // The process ends: V8 need not take it apart.
        snapshot.abandon();
        match written {
            Ok(produced) => Message::Done(produced).send(control),
            Err(error) => {
                let errno = error.raw_os_error().unwrap_or(0);
                Message::OutputFailed { errno }.send(control)
            }
        }
    }
}

/// Where the text goes, reporting how much of it has: text, not what a compressor makes of it.
struct Reporting<'a, W> {
    inner: W,
    control: &'a File,
    done: u64,
    reported: u64,
}

impl<'a, W: Write> Reporting<'a, W> {
    /// Reports that the writing begins: a reader may take long for the first byte.
    fn new(inner: W, control: &'a File) -> io::Result<Self> {
        let reporting = Reporting {
            inner,
            control,
            done: 0,
            reported: 0,
        };
        reporting.report()?;
        Ok(reporting)
    }

    fn report(&self) -> io::Result<()> {
        let (phase, done, total) = (Phase::Write, self.done, 0);
        Message::Progress { phase, done, total }.send(self.control)
    }
}

impl<W: Write> Write for Reporting<'_, W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(data)?;
        self.done += written as u64;
        if self.done - self.reported >= REPORT_BYTES {
            self.reported = self.done;
            self.report()?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
