//! An index of a real snapshot answers every question as the analysis does, and takes nothing to open.

use std::sync::Arc;

use rs_profiler_core::analyze::heap::{
    AnalysisOptions, ClassFilter, HeapAnalysis, HeapIndex, MatchedBy, SnapshotStamp,
};
use rs_profiler_core::model::heap::SharedBytes;

use crate::heap_devtools::analysed;

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

fn reopened(analysis: &HeapAnalysis) -> HeapAnalysis {
    let mut bytes = Vec::new();
    analysis
        .write_index(STAMP, "", &mut bytes, &AnalysisOptions::default())
        .unwrap();
    let words: Vec<u64> = bytes
        .chunks_exact(8)
        .map(|word| u64::from_le_bytes(word.try_into().unwrap()))
        .collect();
    assert_eq!(words.len() * 8, bytes.len());
    let shared: SharedBytes = Arc::new(Aligned(words));
    HeapIndex::open(&shared, STAMP).unwrap().analysis
}

#[test]
fn an_index_answers_as_the_analysis_does() {
    for name in ["n20", "n24"] {
        let analysis = analysed(name);
        let index = reopened(&analysis);
        assert_eq!(index.statistics(), analysis.statistics());
        assert_eq!(index.classes(), analysis.classes());
        assert!(index.interfaces().eq(analysis.interfaces()));
        assert_eq!(index.duplicated_strings(), analysis.duplicated_strings());
        assert_eq!(
            index.classes_filtered(ClassFilter::RetainedByContexts),
            analysis.classes_filtered(ClassFilter::RetainedByContexts)
        );
        for row in analysis.classes() {
            assert_eq!(
                index.instances(row.class),
                analysis.instances(row.class),
                "{}",
                row.name
            );
        }
        let graph = analysis.graph();
        for node in graph.nodes() {
            assert_eq!(index.object(node), analysis.object(node));
            assert_eq!(index.dominator(node), analysis.dominator(node));
            assert_eq!(index.dominated(node), analysis.dominated(node));
            assert!(index.graph().edges(node).eq(graph.edges(node)));
        }
        for node in graph.nodes().step_by(17) {
            assert_eq!(index.retainers(node), analysis.retainers(node));
            assert_eq!(index.retaining_path(node), analysis.retaining_path(node));
            let place = |analysis: &HeapAnalysis| graph.location(node).and_then(|place| analysis.place(place));
            assert_eq!(place(&index), place(&analysis));
        }
        // But for the classes' names and a bit per node, nothing was copied.
        assert!(graph.heap_bytes() > 1 << 20);
        assert!(index.graph().heap_bytes() < graph.heap_bytes() / 20);
    }
}

#[test]
fn two_indexes_compare_as_the_analyses_do() {
    let (base, later) = (analysed("pairA"), analysed("pairB"));
    let found = later.compare(&base);
    assert_eq!(found.matched_by, MatchedBy::Id);
    assert!(!found.rows.is_empty());
    assert_eq!(reopened(&later).compare(&reopened(&base)), found);
    assert_eq!(reopened(&later).compare(&base), found);
    assert_eq!(later.compare(&reopened(&base)), found);
}
