//! What the targets do with a text: all that may be asked of a heap snapshot.

use std::io::Read;

use rs_profiler_core::analyze::heap::{AnalysisOptions, ClassFilter, ClassRow, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};
use rs_profiler_core::Result;

/// Reads and analyses; a cut file as far as it goes with `partial`. Says what came of it.
pub fn analysed(source: impl Read + Send, partial: bool) -> Result<HeapAnalysis> {
    let options = ReadOptions {
        accept_truncated: partial,
        ..ReadOptions::default()
    };
    HeapAnalysis::new(read(source, options)?.graph, AnalysisOptions::default())
}

/// The class table of a text, as far as it goes; nothing of one that is damaged.
pub fn classes(source: impl Read + Send) -> Option<Vec<ClassRow>> {
    Some(analysed(source, true).ok()?.classes().to_vec())
}

/// Asks every question.
pub fn ask(analysis: &HeapAnalysis) {
    analysis.statistics();
    analysis.duplicated_strings();
    analysis.compare(analysis);
    analysis.interfaces().count();
    for filter in [
        ClassFilter::DuplicatedStrings,
        ClassFilter::RetainedByDetachedDom,
        ClassFilter::RetainedByConsole,
        ClassFilter::RetainedByContexts,
        ClassFilter::RetainedByEventHandlers,
    ] {
        analysis.classes_filtered(filter);
    }
    for row in analysis.classes() {
        analysis.instances(row.class);
    }
    for node in analysis.graph().nodes().take(100) {
        let location = analysis.object(node).location;
        location.and_then(|location| analysis.place(location));
        analysis.graph().allocation_stack(node);
        analysis.dominated(node);
        analysis.retainers(node);
        analysis.retaining_path(node);
    }
}
