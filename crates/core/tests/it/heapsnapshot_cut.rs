//! Heap snapshots that end too early: how far they went, and what is whole of them.

use std::io::{Read, Write};

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions, SnapshotSection};
use rs_profiler_core::model::heap::NodeIndex;
use rs_profiler_core::Error;

use crate::common::snapshot_text::{fixture_text, read_text, Parts};

#[test]
fn a_cut_file_says_how_far_it_got_and_gives_what_is_whole() {
    let text = Parts::default().text();
    let options = ReadOptions {
        accept_truncated: true,
        ..ReadOptions::default()
    };
    let header_end = text.find("\"nodes\"").unwrap();
    for end in 0..text.len() {
        let part = &text[..end];
        match read_text(part) {
            Err(Error::SnapshotCut { offset, .. }) => assert_eq!(offset, end as u64),
            other => panic!("{end}: {other:?}"),
        }
        if end < header_end {
            continue;
        }
        let file = read(part.as_bytes(), options).unwrap();
        let truncation = file.truncation.unwrap();
        assert_eq!(truncation.offset, end as u64);
        assert_eq!((truncation.promised_nodes, truncation.promised_edges), (3, 3));
        assert_eq!(truncation.nodes, u64::from(file.graph.node_count()));
        HeapAnalysis::new(file.graph, AnalysisOptions::default()).unwrap();
    }
    let cut_at = |what: &str| {
        let end = text.find(what).unwrap();
        read(&text.as_bytes()[..end], options).unwrap()
    };
    let in_nodes = cut_at("2,5,24");
    assert_eq!((in_nodes.graph.node_count(), in_nodes.graph.edge_count()), (2, 0));
    let in_edges = cut_at("2,2,0]");
    assert_eq!(
        in_edges.truncation.map(|cut| (cut.section, cut.edges)),
        Some((SnapshotSection::Edges, 2))
    );
    assert_eq!(in_edges.graph.name(NodeIndex(1)), "(lost)");
    let in_strings = cut_at("name\"]");
    assert_eq!(in_strings.graph.name(NodeIndex(1)), "Cache");
    assert_eq!(in_strings.graph.name(NodeIndex(2)), "(lost)");
}

#[test]
fn a_cut_real_file_is_analysed_as_far_as_it_goes() {
    let text = fixture_text("n20");
    let options = ReadOptions {
        accept_truncated: true,
        ..ReadOptions::default()
    };
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&text).unwrap();
    let gzip = gzip.finish().unwrap();
    // Not a byte is lost of what the compressed half holds.
    let mut whole = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(&gzip[..gzip.len() / 2]);
    assert!(decoder.read_to_end(&mut whole).is_err());
    let cut = read(&gzip[..gzip.len() / 2], options).unwrap().truncation.unwrap();
    assert_eq!(cut.offset, whole.len() as u64);
    for part in [&text[..text.len() / 2], &gzip[..gzip.len() / 2]] {
        assert!(matches!(
            read(part, ReadOptions::default()),
            Err(Error::SnapshotCut { .. })
        ));
        let file = read(part, options).unwrap();
        let truncation = file.truncation.unwrap();
        assert_eq!(truncation.section, SnapshotSection::Edges);
        assert_eq!(truncation.nodes, truncation.promised_nodes);
        assert!(truncation.edges > 1000 && truncation.edges < truncation.promised_edges);
        let analysis = HeapAnalysis::new(file.graph, AnalysisOptions::default()).unwrap();
        assert!(analysis.total_size() > 0);
    }
}
