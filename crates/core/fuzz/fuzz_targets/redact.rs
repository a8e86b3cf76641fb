//! Any text is redacted or refused, whatever the pieces in which it comes.
#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use rs_profiler_core::format::heapsnapshot_redact::{KeySalt, RedactOptions, Redactor};

fn redacted(text: &[u8], keys: bool, piece: usize) -> Option<Vec<u8>> {
    let options = RedactOptions {
        keys: keys.then(|| KeySalt::new([7; 16])),
        keep: Vec::new(),
    };
    let mut redactor = Redactor::new(Vec::new(), options);
    for part in text.chunks(piece) {
        redactor.write_all(part).ok()?;
    }
    redactor.finish().ok().map(|(text, _)| text)
}

fuzz_target!(|text: &[u8]| {
    let Some((&first, text)) = text.split_first() else {
        return;
    };
    let (keys, piece) = (first % 2 == 0, usize::from(first / 2) + 1);
    assert_eq!(redacted(text, keys, piece), redacted(text, keys, usize::MAX));
});
