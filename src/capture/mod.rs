//! Floor 2: captures. Who runs, who waits, who is freed when; all state belongs to one [`Environment`], which is one loaded
//! copy of the JavaScript in one thread.
//!
//! What it may not do: call N-API. Everything here happens on the environment's thread, but for the closures given to
//! `sink`.

mod cpu;
mod cpu_profilers;
mod cpu_recording;
mod cpu_source;
mod environment;
mod export;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod fork;
mod fork_hooks;
mod heap;
mod heap_graph;
mod held;
mod lifecycle;
mod living;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod no_fork;
mod objects;
mod profile_data;
mod readers;
mod sampling;
mod sampling_source;
mod snapshot_capture;
mod snapshot_text;
mod tracking;

pub use cpu::CpuSession;
pub use cpu_profilers::CpuOptions;
pub use cpu_recording::CpuRecording;
pub use environment::Environment;
pub use export::Export;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub use fork::{why_not_fork, why_rest, ForkSession};
pub use fork_hooks::{ForkHooks, ForkReport, ForkTerms};
pub use heap::SnapshotSession;
pub use heap_graph::{Edge, EdgeName, Node};
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub use no_fork::{why_not_fork, why_rest, ForkSession};
pub use objects::Found;
pub use profile_data::ProfileSource;
pub use sampling::{Sampling, SamplingOptions};
pub use snapshot_capture::SnapshotCapture;
pub use snapshot_text::SnapshotOptions;
