//! What a snapshot by way of a forked child is asked for, and what it says: plain values and two ways to the outside.
//!
//! Why here: the code that asks is the same on every system, also where `fork` is only a face that refuses (`no_fork`), and
//! both must agree on these. It may do nothing, and may hold nothing that is of one system.

// Where there is no fork, requests are made, and refused unread.
#![cfg_attr(not(all(target_os = "linux", target_env = "gnu")), allow(dead_code))]

use std::path::PathBuf;
use std::time::Duration;

use super::heap::SnapshotOptions;
use crate::sink::{PipelineOptions, Produced};

/// What to do.
#[derive(Debug, Clone)]
pub struct ForkOptions {
    pub snapshot: SnapshotOptions,
    pub pipeline: PipelineOptions,
    /// A file to write; without, the bytes come as a stream in chunks of `chunk_size`.
    pub path: Option<PathBuf>,
    pub chunk_size: usize,
    /// Whether to fail, instead of waiting, while another capture of this process has a child.
    pub refuse_when_busy: bool,
}

/// What was done.
#[derive(Debug, Clone, Copy)]
pub struct ForkReport {
    pub produced: Produced,
    /// Whether the kernel confined the child to its own memory and output.
    pub confined: bool,
    /// Children that were forked.
    pub attempts: u32,
    /// For how long this thread stood still, in all.
    pub pause: Duration,
}

/// How the outside world is reached from the supervisor thread.
pub struct ForkHooks {
    /// Calls `ForkSession::fork` on the isolate's thread, soon. `false` when that thread takes no calls any more.
    pub wake: Box<dyn Fn() -> bool + Send>,
    /// Hears of progress.
    pub progress: Box<dyn Fn(Phase, u64, u64) + Send>,
}

/// Where the child is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Forked, not yet walking the heap.
    Start,
    /// V8 walks the heap; in objects.
    Walk,
    /// The text is produced; in bytes of it.
    Write,
}

impl Phase {
    /// As `onProgress` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Start => "start",
            Phase::Walk => "walk",
            Phase::Write => "write",
        }
    }
}
