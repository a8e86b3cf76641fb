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
mod heap;
mod held;
mod lifecycle;
mod living;
mod profile_data;
mod readers;
mod sampling;
mod tracking;

pub use cpu::CpuSession;
pub use cpu_profilers::CpuOptions;
pub use cpu_recording::CpuRecording;
pub use environment::Environment;
pub use export::Export;
pub use heap::{SnapshotOptions, SnapshotSession};
pub use profile_data::ReadProfile;
pub use sampling::{Sampling, SamplingOptions};

/// What captures hand out of V8 as plain values.
pub use crate::v8::{EdgeName, FoundObject, HeapGraphNode};
