//! What is asked of a capture near the heap's limit, and what is told of it.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rs_profiler_core::format::heapsnapshot_redact::RedactReport;

use super::heap::SnapshotOptions;
use crate::error::Result;
use crate::sink::PipelineOptions;

/// What to capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NearLimitKind {
    Snapshot,
    /// A sampling heap profiler of this environment must be running.
    Sampling,
}

/// Where a snapshot is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    Auto,
    Fork,
    Inline,
}

/// What to do when the limit is near.
#[derive(Debug, Clone)]
pub struct NearLimitOptions {
    pub kind: NearLimitKind,
    /// An existing folder.
    pub folder: PathBuf,
    /// Part of the names.
    pub thread_id: u32,
    /// At least 1.
    pub max_captures: u32,
    /// Room given for each capture.
    pub raise_bytes: usize,
    pub isolation: Isolation,
    pub snapshot: SnapshotOptions,
    pub pipeline: PipelineOptions,
    /// Ends the names of snapshots.
    pub extension: String,
}

/// What happened.
pub struct NearLimitReport {
    pub path: PathBuf,
    /// The limit that was near, in bytes.
    pub limit: usize,
    /// Where the capture was made.
    pub forked: bool,
    /// Why not in a child, where that was wanted.
    pub reason: Option<String>,
    /// For how long the service stood still.
    pub pause: Duration,
    /// What was redacted of a snapshot.
    pub result: Result<Option<RedactReport>>,
}

/// Called on the isolate's thread or another.
pub type Reporter = Arc<dyn Fn(NearLimitReport) + Send + Sync>;

/// Calls `Environment::near_limit_wake` on the isolate's thread, when its event loop turns.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Gives each capture a name of its own, with the time in UTC.
#[derive(Default)]
pub struct Names {
    given: Cell<u32>,
}

impl Names {
    pub fn next(&self, options: &NearLimitOptions, prefix: &str, extension: &str) -> PathBuf {
        let number = self.given.get() + 1;
        self.given.set(number);
        let time: String = humantime::format_rfc3339_seconds(SystemTime::now())
            .to_string()
            .chars()
            .filter_map(|c| match c {
                'T' => Some('.'),
                '0'..='9' => Some(c),
                _ => None,
            })
            .collect();
        let (pid, thread) = (std::process::id(), options.thread_id);
        let name = format!("{prefix}.{time}.{pid}.{thread}.near-limit-{number:03}.{extension}");
        options.folder.join(name)
    }
}
