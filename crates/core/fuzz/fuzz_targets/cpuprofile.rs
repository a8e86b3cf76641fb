//! Any text is a CPU profile that can be analysed and written, or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rs_profiler_core::analyze::calls::{CallAnalysis, HotOptions, TreeOptions};
use rs_profiler_core::format::cpuprofile::{read, ReadOptions};
use rs_profiler_core::format::{pprof, speedscope};
use rs_profiler_core::model::{CallTree, MetaFilter};

fuzz_target!(|text: &[u8]| {
    let Ok(file) = read(text, ReadOptions::default()) else {
        return;
    };
    let _speedscope = speedscope::write_cpu_profile(&file.profile, "fuzz", std::io::sink());
    if let Ok(tree) = CallTree::of_cpu_profile(&file.profile) {
        let _pprof = pprof::write(&tree, MetaFilter::default(), std::io::sink());
        let analysis = CallAnalysis::new(tree);
        analysis.hot(HotOptions::default());
        analysis.top_down(TreeOptions::default());
        analysis.bottom_up(TreeOptions::default());
        analysis.compare(&analysis);
    }
});
