//! Floor 2: captures. Who runs, who waits, who is freed when; all state belongs to one [`Environment`], which is one loaded
//! copy of the JavaScript in one thread.
//!
//! What it may not do: call N-API. Everything here happens on the environment's thread, but for the closures given to
//! `sink::spawn_text`.

mod cpu;
mod cpu_source;
mod environment;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod fork;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
#[path = "no_fork.rs"]
mod fork;
mod fork_options;
mod heap;
mod heap_sample;
mod memory_map;
mod near_limit;
mod near_limit_child;
mod near_limit_options;
mod sampling;
mod stall;
mod stall_file;
mod stall_finding;
mod stall_monitor;

pub use cpu::{CpuOptions, CpuRecording, CpuSession, ReadProfile};
pub use environment::Environment;
pub use fork::{ForkSession, SUPPORTED as FORK_SUPPORTED};
pub use fork_options::{ForkHooks, ForkOptions};
pub use heap::{export_text, Export, SnapshotOptions, SnapshotSession};
pub use heap_sample::sample_heap;
pub use near_limit_options::{Isolation, NearLimitKind, NearLimitOptions, NearLimitReport};
pub use sampling::SamplingOptions;
pub use stall::{StallOptions, StallReport};
pub use stall_file::WrittenStall;
pub use stall_finding::StalledFrame;

/// What captures hand out of V8 as plain values.
pub use crate::v8::{EdgeName, FoundObject, HeapGraphNode};
