//! What a copy of a profile takes, counted at the allocator: so this is a program of its own, with one test.
#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something it did not expect has failed"
)]

#[path = "../it/common/regular.rs"]
mod regular;

use std::alloc::System;

use cap::Cap;
use regular::Regular;
use rs_profiler_core::model::{CpuProfile, CpuProfileSource};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

#[test]
fn a_million_samples_in_nine_hundred_thousand_nodes_take_less_than_23_mb() {
    let source = Regular {
        nodes: 900_000,
        fan: 4,
        samples: 1_000_000,
    };
    let before = ALLOCATOR.allocated();
    let copy = CpuProfile::copy_of(&source).unwrap();
    let bytes = ALLOCATOR.allocated() - before;
    assert_eq!(copy.sample_count(), 1_000_000);
    // 16 bytes per node, 8 per sample, and next to nothing for 5 000 functions.
    assert!((22_400_000..22_700_000).contains(&bytes), "{bytes} bytes");
}
