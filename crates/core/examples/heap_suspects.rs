//! Prints the leak suspects of a heap snapshot, with an earlier one of the same process as base if there is one.
//!
//! `cargo run --release -p rs-profiler-core --example heap_suspects -- FILE [BASE]`
#![allow(clippy::print_stdout, reason = "it is there to print")]

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};

fn analysed(path: &str) -> Result<HeapAnalysis, Box<dyn std::error::Error>> {
    let file = read(std::fs::File::open(path)?, ReadOptions::default())?;
    Ok(HeapAnalysis::new(file.graph, AnalysisOptions::default())?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let analysis = analysed(&arguments.next().ok_or("usage: heap_suspects FILE [BASE]")?)?;
    let base = arguments.next().map(|path| analysed(&path)).transpose()?;
    for suspect in analysis.suspects(base.as_ref()) {
        println!("{}", suspect.sentence);
        for step in &suspect.path {
            let place = step
                .place
                .as_ref()
                .map(|place| format!(" ({place})"))
                .unwrap_or_default();
            println!(
                "    {}{place} -{}-> {}",
                step.from_name,
                step.edge_kind.name(),
                step.edge_name
            );
        }
    }
    Ok(())
}
