//! Any text that is a snapshot can be summed up in one pass, with the same counts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rs_profiler_core::format::heapsnapshot::{ReadOptions, summarize};
use rs_profiler_core_fuzz::analysed;

fuzz_target!(|text: &[u8]| {
    let summary = summarize(text, ReadOptions::default());
    if let Ok(analysis) = analysed(text, false) {
        let summary = summary.expect("what is read can be summed up").summary;
        let graph = analysis.graph();
        assert_eq!((summary.nodes, summary.edges), (graph.node_count().into(), graph.edge_count().into()));
    }
});
