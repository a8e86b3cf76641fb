//! All integration tests in one program: one file per format or model.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that finds something it did not expect has failed"
)]

mod common;
mod cpu_profile;
mod cpuprofile_forms;
mod cpuprofile_inspector;
mod early_stop;
mod heapprofile;
mod heapsnapshot_ends;
