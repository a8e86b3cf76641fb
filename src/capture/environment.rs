//! The state of one environment and its orderly end.

use std::cell::{Cell, OnceCell, RefCell};
use std::path::Path;
use std::rc::{Rc, Weak};
use std::sync;

use super::cpu_recording::CpuProfilers;
use super::heap::SnapshotSession;
use crate::error::{Error, Result};
use crate::sink::TextStream;
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
    streams: RefCell<Vec<sync::Weak<TextStream>>>,
    tasks: RefCell<Vec<tokio::task::JoinHandle<()>>>,
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
            streams: RefCell::default(),
            tasks: RefCell::default(),
        })
    }

    /// Loads the shim for a Node ABI and attaches to this thread's isolate. Repeatable. Returns the V8 version of the shim.
    pub fn load_shim(self: &Rc<Self>, path: &Path, abi: u32) -> Result<String> {
        let shim = Shim::load(path, abi).map_err(|error| Error::UnsupportedNode(error.to_string()))?;
        if self.isolate.get().is_none() {
            let isolate = Isolate::current(shim).ok_or_else(|| Error::Internal("no isolate in this thread".into()))?;
            // `process.exit()` runs no N-API cleanup hook in the main thread, but this one.
            let weak = Rc::downgrade(self);
            isolate.at_exit(Box::new(move || {
                if let Some(environment) = weak.upgrade() {
                    environment.close();
                }
            }));
            // The cell was empty a moment ago and this is the only thread.
            let _ = self.isolate.set(isolate);
        }
        Ok(shim.v8_version())
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

    pub(super) fn adopt_stream(&self, stream: &sync::Arc<TextStream>) {
        let mut streams = self.streams.borrow_mut();
        streams.retain(|known| known.strong_count() > 0);
        streams.push(sync::Arc::downgrade(stream));
    }

    /// Hands over work of the runtime (a file being written, a profile being copied), so that the end of the environment can
    /// wait for it.
    pub fn adopt_task(&self, task: tokio::task::JoinHandle<()>) {
        let mut tasks = self.tasks.borrow_mut();
        tasks.retain(|known| !known.is_finished());
        tasks.push(task);
    }

    fn streams(&self) -> Vec<sync::Arc<TextStream>> {
        self.streams.borrow().iter().filter_map(sync::Weak::upgrade).collect()
    }

    /// Object tracking and its statistics share tables with `HeapSnapshot::Serialize`. So exports in progress are first
    /// read into memory to their end, as the originals did with every export.
    fn tracking_isolate(&self) -> Result<Isolate> {
        let isolate = self.isolate()?;
        for stream in self.streams() {
            stream.spool();
        }
        Ok(isolate)
    }

    pub fn start_tracking(&self) -> Result<()> {
        self.tracking_isolate()?.start_tracking_heap_objects();
        self.tracking.set(true);
        Ok(())
    }

    pub fn stop_tracking(&self) -> Result<()> {
        self.tracking_isolate()?.stop_tracking_heap_objects();
        self.tracking.set(false);
        Ok(())
    }

    /// Triples of fragment index, count and size, flat, and the last seen object id.
    pub fn heap_stats(&self) -> Result<(Vec<u32>, u32)> {
        let (updates, last) = self.tracking_isolate()?.heap_stats();
        Ok((
            updates
                .iter()
                .flat_map(|update| [update.index, update.count, update.size])
                .collect(),
            last,
        ))
    }

    /// The isolate, to look up an object id.
    pub fn objects(&self) -> Result<Isolate> {
        self.isolate()
    }

    /// Ends everything, in this order, because each step needs the ones before it. Repeatable.
    pub fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        let Some(isolate) = self.isolate.get().copied() else {
            return;
        };
        // 1. No thread of ours reads V8's structures any more.
        for stream in self.streams() {
            stream.abort();
        }
        // 2. Half-written files are gone, and no task of ours reads a profile any more.
        if let Ok(runtime) = crate::sink::runtime() {
            for task in self.tasks.take() {
                // A task that panicked has removed its file by unwinding.
                let _ = runtime.block_on(task);
            }
        }
        // 3. V8's sampler threads stop and its code listeners go, while the isolate is whole.
        self.cpu.close();
        // 4. V8 aborts when the heap goes while its sampling observers stand (seen on Node 24).
        if self.sampling.replace(false) {
            isolate.stop_sampling_heap_profiler();
        }
        if self.tracking.replace(false) {
            isolate.stop_tracking_heap_objects();
        }
        // 5. Snapshots are V8's, which frees them with the isolate; no object of ours may do it later.
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
