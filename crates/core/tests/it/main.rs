//! All integration tests in one program: one file per format or model.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that finds something it did not expect has failed"
)]

mod asking;
mod calls_reports;
mod calls_sums;
mod common;
mod compressed;
mod cpu_profile;
mod cpuprofile_forms;
mod cpuprofile_inspector;
mod early_stop;
mod fuzz_profiles;
mod heap_devtools;
mod heap_suspects;
mod heapprofile;
mod heapsnapshot_cut;
mod heapsnapshot_damaged;
mod heapsnapshot_ends;
mod heapsnapshot_limits;
mod heapsnapshot_read;
mod pprof_tool;
mod read_cpuprofile;
mod read_damaged;
mod read_heapprofile;
mod recorded_shapes;
mod redact_fates;
mod redact_keys;
mod redact_refusals;
mod redact_stream;
mod retaining_path;
mod write_stacks;
