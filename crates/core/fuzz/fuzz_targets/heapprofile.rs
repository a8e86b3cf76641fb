//! Any text is a sampling heap profile that can be written again, or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rs_profiler_core::format::heapprofile;

fuzz_target!(|text: &[u8]| {
    if let Ok(file) = heapprofile::read(text) {
        let mut again = Vec::new();
        if heapprofile::inspector::write(&file.profile, &mut again).is_ok() {
            assert!(heapprofile::read(&again[..]).is_ok(), "what was written is read");
        }
    }
});
