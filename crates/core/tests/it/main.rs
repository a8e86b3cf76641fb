//! All integration tests in one program: one file per format or model.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that finds something it did not expect has failed"
)]

mod asking;
mod common;
mod compressed;
mod cpu_profile;
mod cpuprofile_forms;
mod cpuprofile_inspector;
mod early_stop;
mod heap_devtools;
mod heap_index;
mod heap_recorded;
mod heapprofile;
mod heapsnapshot_cut;
mod heapsnapshot_damaged;
mod heapsnapshot_ends;
mod heapsnapshot_fuzzed;
mod heapsnapshot_limits;
mod heapsnapshot_meta;
mod heapsnapshot_read;
mod heapsnapshot_summary;
mod retaining_path;
