//! Any text is a snapshot of which everything may be asked, or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rs_profiler_core_fuzz::{analysed, ask};

fuzz_target!(|text: &[u8]| {
    if let Ok(analysis) = analysed(text, text.len() % 2 == 0) {
        ask(&analysis);
    }
});
