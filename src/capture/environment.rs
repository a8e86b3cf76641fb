//! One loaded copy of rs-profiler in one thread: its life, and what captures in it.

use std::path::Path;
use std::rc::Rc;

use super::cpu_profilers::CpuProfilers;
use super::fork_hooks::{ForkHooks, ForkTerms};
use super::heap::{Progress, SnapshotSession};
use super::lifecycle::Lifecycle;
use super::objects::Objects;
use super::sampling::Sampling;
use super::snapshot_text::SnapshotOptions;
use super::tracking::Tracking;
use super::ForkSession;
use crate::error::Result;
use crate::sink::Target;

/// Two environments never share anything but what V8 has once per isolate: object tracking and the sampling heap profiler.
pub struct Environment {
    pub cpu: Rc<CpuProfilers>,
    pub sampling: Rc<Sampling>,
    pub tracking: Rc<Tracking>,
    life: Rc<Lifecycle>,
}

impl Environment {
    pub fn new() -> Environment {
        let life = Rc::<Lifecycle>::default();
        Environment {
            cpu: CpuProfilers::new(&life),
            sampling: Sampling::new(&life),
            tracking: Tracking::new(&life),
            life,
        }
    }

    /// Loads the shim for a Node ABI and attaches to this thread's isolate. Repeatable. Returns the V8 version of the shim.
    ///
    /// `long_strings`: V8 may have been told to keep strings longer than 1024 characters in snapshots.
    pub fn load_shim(&self, path: &Path, abi: u32, long_strings: bool) -> Result<String> {
        self.life.load_shim(path, abi, long_strings)
    }

    /// What ends this environment, if it has not ended before.
    pub fn closer(&self) -> impl FnOnce() + use<> {
        let life = Rc::downgrade(&self.life);
        move || {
            if let Some(life) = life.upgrade() {
                life.close();
            }
        }
    }

    /// Walks the heap; this thread stands still meanwhile. Also returns the progress V8 reported.
    pub fn take_snapshot(&self, options: SnapshotOptions) -> Result<(Rc<SnapshotSession>, Progress)> {
        self.cpu.cache_line_ends()?;
        SnapshotSession::take(&self.life, options)
    }

    /// Has a forked child walk the heap and write the snapshot to a file or, without one, to a stream. What `hooks.wake` asks for
    /// must follow.
    pub fn fork_snapshot(
        &self,
        options: SnapshotOptions,
        target: Option<Target>,
        terms: ForkTerms,
        hooks: ForkHooks,
    ) -> Result<ForkSession> {
        ForkSession::start(&self.life, options, target, terms, hooks)
    }

    /// The objects of this heap, by the ids that snapshots give them.
    pub fn objects(&self) -> Result<Objects> {
        Ok(Objects::of(self.life.isolate()?))
    }
}
