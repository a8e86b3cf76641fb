//! Any text is a snapshot that can be analysed, or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};

fuzz_target!(|text: &[u8]| {
    let options = ReadOptions {
        accept_truncated: text.len() % 2 == 0,
        ..ReadOptions::default()
    };
    if let Ok(file) = read(text, options) {
        if let Ok(analysis) = HeapAnalysis::new(file.graph, AnalysisOptions::default()) {
            analysis.statistics();
            analysis.duplicated_strings();
            analysis.suspects(None);
            analysis.compare(&analysis);
        }
    }
});
