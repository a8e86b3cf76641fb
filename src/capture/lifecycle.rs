//! The isolate of an environment while that is open, and what must end with it, in which order.
//!
//! Why it exists: everything that captures uses this, and this knows none of it. What holds something of V8's registers itself.

use std::cell::{Cell, OnceCell, RefCell};
use std::path::Path;
use std::rc::{self, Rc};
use std::sync::{self, Arc};

use super::living::{self, Reference};
use super::readers;
use crate::error::{Error, Result};
use crate::sink::Running;
use crate::v8::{Isolate, Shim};

/// When something ends. Each phase needs those before it to be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Forked children and the threads that watch them. They need nothing, and may hold V8's workers, which the others need.
    Children,
    /// Threads of ours. They read what the phases behind this one free; and half-written files are gone.
    Tasks,
    /// V8's sampler threads stop and its code listeners go, while the isolate is whole.
    CpuProfilers,
    /// V8 aborts when the heap goes while its sampling observers stand (seen on Node 24).
    Sampling,
    /// Object tracking rewrites the tables that texts are made from: nobody reads them any more.
    Tracking,
    /// Snapshots are V8's, which frees them with the isolate; no object of ours may do it later.
    Snapshots,
}

/// What must end with its environment.
pub(super) trait Ends {
    /// Ends it, while the isolate is whole. Repeatable.
    fn end(&self, isolate: Isolate);
}

/// How something that must end is reached: it lives on this thread or on another.
enum Member {
    Here(rc::Weak<dyn Ends>),
    Elsewhere(sync::Weak<dyn Running>),
}

struct Entry {
    phase: Phase,
    member: Member,
}

impl Reference for Entry {
    fn is_living(&self) -> bool {
        match &self.member {
            Member::Here(member) => member.is_living(),
            Member::Elsewhere(member) => member.is_living(),
        }
    }
}

impl Entry {
    fn end(&self, isolate: Isolate) {
        match &self.member {
            Member::Here(member) => {
                if let Some(member) = member.upgrade() {
                    member.end(isolate);
                }
            }
            Member::Elsewhere(member) => {
                if let Some(member) = member.upgrade() {
                    member.abort();
                }
            }
        }
    }
}

/// The life of one environment.
#[derive(Default)]
pub(super) struct Lifecycle {
    isolate: OnceCell<Isolate>,
    closed: Cell<bool>,
    long_strings: Cell<bool>,
    registry: RefCell<Vec<Entry>>,
}

impl Lifecycle {
    /// See [`super::Environment::load_shim`].
    pub(super) fn load_shim(self: &Rc<Self>, path: &Path, abi: u32, long_strings: bool) -> Result<String> {
        self.long_strings.set(long_strings);
        let shim = Shim::load(path, abi).map_err(|error| Error::UnsupportedNode(error.to_string()))?;
        if self.isolate.get().is_none() {
            let isolate = shim
                .current_isolate()
                .ok_or_else(|| Error::Internal("no isolate in this thread".into()))?;
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
            let Some(life) = weak.upgrade() else { return };
            if !is_signalling(isolate) {
                return life.close();
            }
            // As a rule a signal that gets here does not end the process (SIGUSR1, SIGWINCH, SIGCONT, SIGCHLD); if it does, it
            // does so at once. Node has forgotten the hook, and takes no new one before it has run them all.
            isolate.request_interrupt(Box::new(move || {
                if let Some(life) = weak.upgrade() {
                    life.await_exit(isolate);
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

    /// Whether V8 may have been told to keep strings longer than 1024 characters in snapshots.
    pub(super) fn has_long_strings(&self) -> bool {
        self.long_strings.get()
    }

    fn add(&self, phase: Phase, member: Member) {
        living::push(&mut self.registry.borrow_mut(), Entry { phase, member });
    }

    /// Hands over something that must end in a phase. Within one, what came first ends first.
    pub(super) fn register<T: Ends + 'static>(&self, phase: Phase, member: &Rc<T>) {
        let member: rc::Weak<T> = Rc::downgrade(member);
        self.add(phase, Member::Here(member));
    }

    /// Hands over work on another thread: the end of the environment stops it, and object tracking waits for it.
    pub(super) fn adopt(&self, running: &Arc<dyn Running>) {
        self.add(Phase::Tasks, Member::Elsewhere(Arc::downgrade(running)));
        readers::adopt(running);
    }

    /// Hands over a thread that has a forked child: the end of the environment ends both. It reads nothing of V8's.
    pub(super) fn adopt_child(&self, running: &Arc<dyn Running>) {
        self.add(Phase::Children, Member::Elsewhere(Arc::downgrade(running)));
    }

    /// Ends everything, phase by phase. Repeatable.
    pub(super) fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        let mut entries = self.registry.take();
        let Some(isolate) = self.isolate.get().copied() else {
            return;
        };
        entries.sort_by_key(|entry| entry.phase);
        for entry in entries {
            entry.end(isolate);
        }
    }
}

impl Drop for Lifecycle {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whether JavaScript is in `process.kill()`, as Node has it since version 12.
fn is_signalling(isolate: Isolate) -> bool {
    let running = isolate.running_function();
    running.is_some_and(|(script, function)| script == "node:internal/process/per_thread" && function == "kill")
}
