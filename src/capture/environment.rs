//! The state of one environment and its orderly end.

use std::cell::{Cell, OnceCell, RefCell};
use std::path::Path;
use std::rc::{Rc, Weak};
use std::sync;

use super::cpu_recording::CpuProfilers;
use super::heap::SnapshotSession;
use super::texts;
use crate::error::{Error, Result};
use crate::sink::Running;
use crate::v8::{Isolate, Shim};

/// One loaded copy of rs-profiler in one thread. Two copies never share anything but what V8 has once per isolate: object
/// tracking and the sampling heap profiler.
pub struct Environment {
    isolate: OnceCell<Isolate>,
    closed: Cell<bool>,
    pub(super) cpu: CpuProfilers,
    pub(super) sampling: Cell<bool>,
    tracking: Cell<bool>,
    snapshots: RefCell<Vec<Weak<SnapshotSession>>>,
    running: RefCell<Vec<sync::Weak<dyn Running>>>,
}

impl Environment {
    pub fn new() -> Rc<Environment> {
        Rc::new(Environment {
            isolate: OnceCell::new(),
            closed: Cell::new(false),
            cpu: CpuProfilers::default(),
            sampling: Cell::new(false),
            tracking: Cell::new(false),
            snapshots: RefCell::default(),
            running: RefCell::default(),
        })
    }

    /// Loads the shim for a Node ABI and attaches to this thread's isolate. Repeatable. Returns the V8 version of the shim.
    pub fn load_shim(self: &Rc<Self>, path: &Path, abi: u32) -> Result<String> {
        let shim = Shim::load(path, abi).map_err(|error| Error::UnsupportedNode(error.to_string()))?;
        if self.isolate.get().is_none() {
            let isolate = Isolate::current(shim).ok_or_else(|| Error::Internal("no isolate in this thread".into()))?;
            // The cell was empty a moment ago and this is the only thread.
            let _ = self.isolate.set(isolate);
            self.await_exit(isolate);
        }
        Ok(shim.v8_version())
    }

    /// Closes at the end of the process: `process.exit()` runs no N-API cleanup hook in the main thread, but Node's own hooks.
    fn await_exit(self: &Rc<Self>, isolate: Isolate) {
        let weak = Rc::downgrade(self);
        isolate.at_exit(Box::new(move || {
            let Some(environment) = weak.upgrade() else { return };
            if !is_signalling(isolate) {
                return environment.close();
            }
            // As a rule a signal that gets here does not end the process (SIGUSR1, SIGWINCH, SIGCONT, SIGCHLD); if it does, it
            // does so at once. Node has forgotten the hook, and takes no new one before it has run them all.
            isolate.request_interrupt(Box::new(move || {
                if let Some(environment) = weak.upgrade() {
                    environment.await_exit(isolate);
                }
            }));
        }));
    }

    /// The isolate, while the environment is open.
    pub(super) fn isolate(&self) -> Result<Isolate> {
        if self.closed.get() {
            return Err(Error::Closed);
        }
        self.isolate
            .get()
            .copied()
            .ok_or_else(|| Error::UnsupportedNode("no V8 shim is loaded".into()))
    }

    pub(super) fn adopt_snapshot(&self, session: &Rc<SnapshotSession>) {
        let mut snapshots = self.snapshots.borrow_mut();
        snapshots.retain(|known| known.strong_count() > 0);
        snapshots.push(Rc::downgrade(session));
    }

    /// Hands over work on another thread: the end of the environment stops it, and object tracking waits for it.
    pub(super) fn adopt(&self, running: &sync::Arc<dyn Running>) {
        texts::push(&mut self.running.borrow_mut(), running);
        texts::adopt(running);
    }

    /// Object tracking and its statistics share tables with `HeapSnapshot::Serialize`: nobody may be in it.
    fn tracking_isolate(&self) -> Result<Isolate> {
        let isolate = self.isolate()?;
        texts::settle();
        Ok(isolate)
    }

    /// Returns when no other thread reads a snapshot of this isolate.
    pub fn settle_texts(&self) {
        texts::settle();
    }

    /// Says whether V8 has samples of object tracking, which another addon in this thread may have caused.
    pub fn set_samples(&self, samples: bool) {
        texts::set_samples(samples);
    }

    pub fn start_tracking(&self) -> Result<()> {
        self.tracking_isolate()?.start_tracking_heap_objects();
        self.tracking.set(true);
        texts::set_samples(true);
        Ok(())
    }

    pub fn stop_tracking(&self) -> Result<()> {
        self.tracking_isolate()?.stop_tracking_heap_objects();
        self.tracking.set(false);
        texts::set_samples(false);
        Ok(())
    }

    /// Triples of fragment index, count and size, flat, and the last seen object id.
    pub fn heap_stats(&self) -> Result<(Vec<u32>, u32)> {
        let (updates, last) = self.tracking_isolate()?.heap_stats();
        // V8 keeps a sample of each call, whether tracking was started or not.
        texts::set_samples(true);
        Ok((
            updates
                .iter()
                .flat_map(|update| [update.index, update.count, update.size])
                .collect(),
            last,
        ))
    }

    /// Ends everything, in this order, because each step needs the ones before it. Repeatable.
    pub fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        let Some(isolate) = self.isolate.get().copied() else {
            return;
        };
        // 1. No thread of ours reads V8's structures any more, and half-written files are gone.
        for work in self.running.take().iter().filter_map(sync::Weak::upgrade) {
            work.abort();
        }
        // 2. V8's sampler threads stop and its code listeners go, while the isolate is whole.
        self.cpu.close();
        // 3. V8 aborts when the heap goes while its sampling observers stand (seen on Node 24).
        if self.sampling.replace(false) {
            isolate.stop_sampling_heap_profiler();
        }
        if self.tracking.replace(false) {
            texts::settle();
            isolate.stop_tracking_heap_objects();
            texts::set_samples(false);
        }
        // 4. Snapshots are V8's, which frees them with the isolate; no object of ours may do it later.
        for session in self.snapshots.take().iter().filter_map(Weak::upgrade) {
            session.abandon();
        }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whether JavaScript is in `process.kill()`, as Node has it since version 12.
fn is_signalling(isolate: Isolate) -> bool {
    let running = isolate.running_function();
    running.is_some_and(|(script, function)| script == "node:internal/process/per_thread" && function == "kill")
}
