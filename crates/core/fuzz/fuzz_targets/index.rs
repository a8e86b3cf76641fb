//! An index whose columns hold any numbers gives wrong answers at worst. The text is what is changed in one: place and byte.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rs_profiler_core_fuzz::{ask, index_of, open_index};

const SNAPSHOT: &[u8] = include_bytes!("../../tests/fixtures/fuzz/plain/varied.heapsnapshot");
static INDEX: LazyLock<Vec<u8>> = LazyLock::new(|| index_of(SNAPSHOT));

fuzz_target!(|changes: &[u8]| {
    let mut bytes = INDEX.clone();
    for change in changes.chunks_exact(3) {
        let place = usize::from(u16::from_le_bytes([change[0], change[1]])) % bytes.len();
        bytes[place] = change[2];
    }
    if let Some(analysis) = open_index(&bytes) {
        ask(&analysis);
    }
});
