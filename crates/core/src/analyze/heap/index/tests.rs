//! An index answers as the analysis does that it was made of, and whatever is done to one, nothing panics.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::testing::random_graph;
use super::super::{AnalysisOptions, ClassFilter, ClassIndex, HeapAnalysis, HeapIndex, IndexFault, SnapshotStamp};
use crate::model::heap::{NodeIndex, SharedBytes, SnapshotObjectId};
use crate::Error;

const STAMP: SnapshotStamp = SnapshotStamp {
    length: 1234,
    modified_ns: -5,
};

/// Bytes that lie as those of a mapped file do.
struct Aligned {
    words: Vec<u64>,
    length: usize,
}

impl AsRef<[u8]> for Aligned {
    fn as_ref(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.length]
    }
}

fn shared(bytes: &[u8]) -> SharedBytes {
    let mut words = vec![0u64; bytes.len().div_ceil(8)];
    bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
    Arc::new(Aligned {
        words,
        length: bytes.len(),
    })
}

fn analysis(seed: u64, nodes: u32, edges: u32) -> HeapAnalysis {
    HeapAnalysis::new(random_graph(seed, nodes, edges), AnalysisOptions::default()).unwrap()
}

fn written(analysis: &HeapAnalysis) -> Vec<u8> {
    let mut bytes = Vec::new();
    let length = analysis.write_index(STAMP, "a \"note\"", &mut bytes, &AnalysisOptions::default());
    assert_eq!(length.unwrap(), bytes.len() as u64);
    bytes
}

fn open(bytes: &[u8]) -> Result<HeapIndex, IndexFault> {
    HeapIndex::open(&shared(bytes), STAMP)
}

/// Every answer there is.
fn answers(analysis: &HeapAnalysis, base: &HeapAnalysis) -> Vec<String> {
    let graph = analysis.graph();
    let mut answers = vec![
        format!("{:?}", analysis.statistics()),
        format!("{} {}", analysis.total_size(), analysis.native_size()),
        format!("{:?}", analysis.classes()),
        format!("{:?}", analysis.interfaces().collect::<Vec<_>>()),
        format!("{:?}", analysis.duplicated_strings()),
        format!("{:?}", analysis.compare(base)),
        format!("{:?}", base.compare(analysis)),
        format!("{:?} {}", graph.root(), graph.has_passing_ids()),
    ];
    let until = SnapshotObjectId(u32::MAX);
    for filter in [
        ClassFilter::AllocatedBetween {
            after: SnapshotObjectId(9),
            until,
        },
        ClassFilter::DuplicatedStrings,
        ClassFilter::RetainedByDetachedDom,
        ClassFilter::RetainedByContexts,
        ClassFilter::RetainedByConsole,
        ClassFilter::RetainedByEventHandlers,
    ] {
        answers.push(format!("{:?}", analysis.classes_filtered(filter)));
    }
    for class in 0..20 {
        let class = ClassIndex(class);
        answers.push(format!(
            "{} {:?}",
            analysis.class_name(class),
            analysis.instances(class)
        ));
    }
    for node in graph.nodes().take(2000) {
        let edges: Vec<_> = graph.edges(node).map(|edge| (edge, graph.edge_name(&edge))).collect();
        answers.push(format!("{:?} {edges:?}", analysis.object(node)));
        let place = graph.location(node).and_then(|place| analysis.place(place));
        answers.push(format!("{:?} {place:?}", graph.allocation_stack(node)));
        answers.push(format!("{:?}", analysis.node_by_id(graph.id(node))));
        answers.push(format!("{:?} {:?}", analysis.dominator(node), analysis.dominated(node)));
        answers.push(format!("{:?}", analysis.retainers(node)));
        answers.push(format!("{:?}", analysis.retaining_path(node)));
    }
    answers
}

#[test]
fn an_index_answers_as_the_analysis_does() {
    for (seed, nodes, edges) in [
        (1, 40, 100),
        (2, 40, 60),
        (3, 300, 900),
        (4, 1, 0),
        (5, 1, 3),
        (6, 3000, 9000),
    ] {
        let analysis = analysis(seed, nodes, edges);
        let base = self::analysis(seed + 100, nodes, edges);
        let bytes = written(&analysis);
        let index = open(&bytes).unwrap();
        assert_eq!(index.note, "a \"note\"");
        assert_eq!(answers(&index.analysis, &base), answers(&analysis, &base), "{seed}");
        assert_eq!(index.analysis.graph().heap_bytes(), 0);
        // What comes of an index is the same index.
        assert_eq!(written(&index.analysis), bytes);
    }
}

#[test]
fn long_lists_are_sorted_once_and_for_all() {
    // Some nodes have more retainers, and dominate more, than what is called long.
    let analysis = analysis(7, 12, 6000);
    let most = analysis
        .graph()
        .nodes()
        .map(|node| analysis.retainers(node).len())
        .max();
    assert!(most > Some(super::write::SHORT), "{most:?}");
    let index = open(&written(&analysis)).unwrap();
    assert_eq!(answers(&index.analysis, &analysis), answers(&analysis, &analysis));
    let wide = self::analysis(8, 4000, 10);
    let root = wide.graph().root();
    assert!(wide.dominated(root).len() > super::write::SHORT);
    let index = open(&written(&wide)).unwrap();
    assert_eq!(index.analysis.dominated(root), wide.dominated(root));
}

#[test]
fn an_empty_graph_has_an_index() {
    let graph = crate::model::heap::HeapGraphBuilder::default();
    let graph = graph.finish(crate::model::heap::HeapStrings::default(), false).unwrap();
    let analysis = HeapAnalysis::new(graph, AnalysisOptions::default()).unwrap();
    let index = open(&written(&analysis)).unwrap();
    assert_eq!(answers(&index.analysis, &analysis), answers(&analysis, &analysis));
}

#[test]
fn what_is_no_index_of_the_snapshot_is_told() {
    let bytes = written(&analysis(1, 20, 40));
    let other = |length, modified_ns| {
        let stamp = SnapshotStamp { length, modified_ns };
        HeapIndex::open(&shared(&bytes), stamp).err()
    };
    assert_eq!(other(1234, -5), None);
    assert_eq!(other(1235, -5), Some(IndexFault::OtherSnapshot));
    assert_eq!(other(1234, -4), Some(IndexFault::OtherSnapshot));
    assert_eq!(open(b"").err(), Some(IndexFault::NoIndex));
    assert_eq!(open(&bytes[..8]).err(), Some(IndexFault::Damaged("it ends too early")));
    let changed = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        open(&bytes).err()
    };
    assert_eq!(changed(0), Some(IndexFault::NoIndex));
    assert_eq!(changed(8), Some(IndexFault::OtherVersion));
    assert_eq!(changed(20), Some(IndexFault::OtherVersion));
    for at in (12..14).chain(32..60).chain(64..1000) {
        assert!(matches!(changed(at), Some(IndexFault::Damaged(_))), "{at}");
    }
    let longer = [&bytes[..], b"x"].concat();
    for bytes in [&longer, &bytes[..bytes.len() - 1]] {
        assert_eq!(
            open(bytes).err(),
            Some(IndexFault::Damaged("it is shorter or longer than it was written"))
        );
    }
    // Not where a column may lie.
    let mut moved = vec![0u8; bytes.len() + 1];
    moved[1..].copy_from_slice(&bytes);
    struct Moved(SharedBytes);
    impl AsRef<[u8]> for Moved {
        fn as_ref(&self) -> &[u8] {
            &(*self.0).as_ref()[1..]
        }
    }
    let moved: SharedBytes = Arc::new(Moved(shared(&moved)));
    assert!(matches!(HeapIndex::open(&moved, STAMP), Err(IndexFault::Damaged(_))));
}

#[test]
fn a_sink_that_fails_and_a_caller_that_gives_up_end_it() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let analysis = analysis(1, 200, 400);
    let failed = analysis.write_index(STAMP, "", &mut Full(9000), &AnalysisOptions::default());
    assert!(matches!(failed, Err(Error::Sink { .. })), "{failed:?}");
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let options = AnalysisOptions {
        cancel: Some(&cancel),
        ..AnalysisOptions::default()
    };
    let failed = analysis.write_index(STAMP, "", &mut Vec::new(), &options);
    assert!(matches!(failed, Err(Error::Cancelled)), "{failed:?}");
}

/// The table of an index, with a head that says that all is well with it.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let count = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let mut checksum = flate2::Crc::new();
    checksum.update(&bytes[..56]);
    checksum.update(&bytes[64..64 + 32 * count]);
    bytes[56..60].copy_from_slice(&checksum.sum().to_le_bytes());
    bytes
}

/// Asks everything; what comes is of no interest.
fn ask_everything(bytes: &[u8]) {
    if let Ok(index) = open(bytes) {
        let other = analysis(9, 30, 60);
        assert!(!answers(&index.analysis, &other).is_empty());
        let far = NodeIndex(u32::MAX - 1);
        assert!(index.analysis.retainers(far).is_empty());
    }
}

#[test]
fn a_section_of_nothing_but_ones_or_noughts_does_not_make_it_panic() {
    let bytes = written(&analysis(3, 60, 200));
    let count = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    assert!(count > 30);
    for entry in (64..64 + 32 * count).step_by(32) {
        let (start, length) = (number(entry + 8), number(entry + 16));
        for fill in [0xFF, 0, 0x7F, 1] {
            let mut bytes = bytes.clone();
            bytes[start..start + length].fill(fill);
            ask_everything(&bytes);
        }
        // Shorter, longer, elsewhere, of other values.
        for (field, value) in [
            (16, 0),
            (16, length / 2),
            (16, length + 8),
            (8, 0),
            (8, usize::MAX - 7),
            (24, 3),
        ] {
            let mut bytes = bytes.clone();
            bytes[entry + field..entry + field + 8].copy_from_slice(&(value as u64).to_le_bytes());
            ask_everything(&sealed(bytes));
        }
    }
}

proptest! {
    #[test]
    fn no_damage_makes_it_panic(
        seed in 0..4u64,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let mut bytes = written(&analysis(seed, 50, 150));
        for (place, byte) in changes {
            let place = place.index(bytes.len() - 64) + 64;
            bytes[place] = byte;
        }
        ask_everything(&sealed(bytes));
    }
}
