//! Any bytes are a compressed snapshot, whole or cut off, or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rs_profiler_core_fuzz::analysed;

fuzz_target!(|bytes: &[u8]| {
    let _whole = analysed(bytes, false);
    let _part = analysed(bytes, true);
});
