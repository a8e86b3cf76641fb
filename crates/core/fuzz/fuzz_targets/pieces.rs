//! A text says the same wherever its chunks end, and compressed.
#![no_main]

use std::io::{Read, repeat};

use flate2::{Compression, read::GzEncoder};
use libfuzzer_sys::fuzz_target;
use rs_profiler_core_fuzz::classes;

fuzz_target!(|text: &[u8]| {
    let moved = repeat(b' ').take(text.len() as u64 % 61 + 1).chain(text);
    let said = classes(moved);
    assert_eq!(said, classes(repeat(b' ').take(1).chain(text)));
    assert_eq!(said, classes(GzEncoder::new(text, Compression::fast())));
});
