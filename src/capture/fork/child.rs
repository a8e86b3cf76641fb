//! What the forked child does: separate itself, walk the heap, write, report, end.
//!
//! It has one thread, makes none, never returns to JavaScript, and ends by `_exit`, so that nothing of the service's runs at its
//! end. Whatever it reaches may wait for nobody: who could answer is not here.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::AtomicBool;

use super::canary;
use super::confine::confine;
use super::message::{Message, Stage, Written};
use super::own_memory::OwnMemory;
use super::ready::is_ready;
use super::separate::separate;
use crate::capture::snapshot_text::{expected_bytes, header_of, serialize, Reading, SnapshotOptions};
use crate::error::{Error, Result};
use crate::sink::{run, End, Mark, Produce};
use crate::v8::{HeapSnapshot, Isolate};

/// Progress of the writing is reported this often, in bytes.
const REPORT: u64 = 1 << 20;

/// One that waits for the reader of a pipe says so as often, in milliseconds.
const WAITING_REPORT: libc::c_int = 1000;

/// A child that says nothing for so long ends itself, in seconds: should its watchdog not live, nobody else would end it.
const LAST_RESORT: libc::c_uint = 3600;

/// All that the child needs, made before the fork.
pub(super) struct ChildTask {
    pub options: SnapshotOptions,
    pub output: File,
    pub control: File,
    pub null: File,
    /// This child is sent ahead.
    pub canary: bool,
    /// The service.
    pub parent: libc::pid_t,
}

impl ChildTask {
    /// The whole life of the child.
    pub(super) fn run(self, isolate: Isolate) -> ! {
        let done = catch_unwind(AssertUnwindSafe(|| self.work(isolate)));
        exit(matches!(done, Ok(Ok(()))))
    }

    fn work(self, isolate: Isolate) -> io::Result<()> {
        let control = &self.control;
        if let Err(error) = separate(self.parent, &self.null, &[self.output.as_raw_fd(), control.as_raw_fd()]) {
            let errno = error.raw_os_error().unwrap_or(0);
            return Message::NotSeparated { errno }.send(control);
        }
        let mut memory = OwnMemory::open();
        confine();
        // The walk begins with a collection, which reports nothing.
        report(control, Stage::Walk, 0, 0);
        // Near V8's limit a few collections that free little are the end, as V8 counts them; what is alive was bearable before.
        isolate.lift_heap_limit();
        if self.canary {
            return canary::try_out(isolate, control);
        }

        let SnapshotOptions {
            expose_internals,
            expose_numeric_values,
        } = self.options;
        let progress = |done: u32, total: u32| report(control, Stage::Walk, done.into(), total.into());
        let Some(snapshot) = HeapSnapshot::take(isolate, expose_internals, expose_numeric_values, progress) else {
            return Message::WalkFailed.send(control);
        };
        match write(snapshot, &self.output, control) {
            Ok(written) => {
                let private_dirty = memory.private_dirty();
                Message::Done(Written {
                    private_dirty,
                    ..written
                })
                .send(control)
            }
            Err(_) => Message::OutputFailed { errno: 0 }.send(control),
        }
    }
}

fn write(snapshot: HeapSnapshot, output: &File, control: &File) -> Result<Written> {
    let expected = expected_bytes(&snapshot);
    report(control, Stage::Write, 0, expected);
    let header = header_of(&snapshot)?;
    let text = snapshot.text();
    // The process ends: V8 need not take it apart.
    snapshot.abandon();
    let reading = Reading {
        here: true,
        may_stop: false,
    };
    let produce: Produce = Box::new(move |out| serialize(&text, header, reading, &mut Mark::new(out)));
    let reported = Cell::new(0);
    let progress = |bytes: u64| {
        if bytes - reported.get() >= REPORT {
            reported.set(bytes);
            report(control, Stage::Write, bytes, expected);
        }
    };
    // Of an attempt before, or of what is replaced; a device has no length.
    let _ = output.set_len(0);
    let wait = || {
        report(control, Stage::Write, reported.get(), expected);
        // A failure is the next write's to tell.
        let _ = is_ready(output, libc::POLLOUT, WAITING_REPORT);
    };
    let mut end = Output {
        output,
        control,
        wait: &wait,
    };
    let done = run(produce, &mut end, &AtomicBool::new(false), &progress)?;
    let missing = || Error::Internal("a snapshot without counts".into());
    Ok(Written {
        bytes: done.bytes,
        nodes: done.counts.nodes.ok_or_else(missing)?,
        edges: done.counts.edges.ok_or_else(missing)?,
        private_dirty: 0,
    })
}

/// The file or the pipe as an end. What becomes of it is the parent's business.
struct Output<'a> {
    output: &'a File,
    control: &'a File,
    /// Waits for room in the pipe, for a while.
    wait: &'a dyn Fn(),
}

impl Write for Output<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let mut written = self.output.write(data);
        while matches!(&written, Err(error) if error.kind() == io::ErrorKind::WouldBlock) {
            (self.wait)();
            written = self.output.write(data);
        }
        if let Err(error) = &written
            && error.kind() != io::ErrorKind::Interrupted
        {
            let errno = error.raw_os_error().unwrap_or(0);
            // V8 need not be told to stop, which it does not always bear.
            let _ = Message::OutputFailed { errno }.send(self.control);
            exit(true);
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl End for Output<'_> {
    fn take_failure(&mut self) -> Option<Error> {
        None
    }

    fn commit(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Tells the parent that something moves. One that is gone has taken this process with it.
fn report(control: &File, stage: Stage, done: u64, total: u64) {
    let _ = Message::Progress { stage, done, total }.send(control);
    // SAFETY: sets a timer of this process, whose signal ends it: `separate` has reset what the service does on it.
    unsafe { libc::alarm(LAST_RESORT) };
}

fn exit(well: bool) -> ! {
    // SAFETY: ends this process at once; nothing of the service's runs.
    unsafe { libc::_exit(i32::from(!well)) }
}
