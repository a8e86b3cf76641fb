//! What the targets do with a text: all that may be asked of a heap snapshot.

use std::io::Read;
use std::sync::Arc;

use rs_profiler_core::analyze::heap::{AnalysisOptions, ClassFilter, ClassRow, HeapAnalysis, HeapIndex, SnapshotStamp};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};
use rs_profiler_core::model::heap::SharedBytes;
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

const STAMP: SnapshotStamp = SnapshotStamp {
    length: 1,
    modified_ns: 2,
};

/// Bytes that lie as those of a mapped file do.
struct Aligned(Vec<u64>);

impl AsRef<[u8]> for Aligned {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

/// The index of a text; nothing of one that is damaged.
pub fn index_of(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written =
        analysed(text, false).map(|analysis| analysis.write_index(STAMP, "", &mut bytes, &AnalysisOptions::default()));
    assert!(matches!(written, Ok(Ok(_))));
    bytes
}

/// What an index tells, if it can be opened.
pub fn open_index(bytes: &[u8]) -> Option<HeapAnalysis> {
    let words = bytes.chunks_exact(8).map(bytemuck::pod_read_unaligned);
    let shared: SharedBytes = Arc::new(Aligned(words.collect()));
    Some(HeapIndex::open(&shared, STAMP).ok()?.analysis)
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
