//! Reading heap snapshots: whole ones in every dress, and odd ones.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};
use rs_profiler_core::model::heap::{EdgeIndex, HeapGraph, NodeIndex, SnapshotObjectId, StringIndex};
use rs_profiler_core::Error;

use crate::common::snapshot_text::{fixture_text, graph, read_text, zstd, Parts};

/// Everything a graph holds.
fn flat(graph: &HeapGraph) -> Vec<String> {
    let node = |node| {
        let edges: Vec<_> = graph
            .edges(node)
            .map(|edge| (edge.kind, edge.name_or_index, edge.to))
            .collect();
        let name = graph.name(node).into_owned();
        let (kind, id, size) = (graph.kind(node), graph.id(node), graph.self_size(node));
        format!(
            "{kind:?} {name} {id} {size} {:?} {:?} {edges:?}",
            graph.detachedness(node),
            graph.location(node)
        )
    };
    graph.nodes().map(node).collect()
}

/// A source that gives a byte at a time.
struct Trickle<R>(R);

impl<R: Read> Read for Trickle<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let end = buffer.len().min(1);
        self.0.read(&mut buffer[..end])
    }
}

#[test]
fn reads_the_same_from_any_source() {
    let text = fixture_text("n20");
    let plain = read(&text[..], ReadOptions::default()).unwrap();
    assert_eq!(plain.text_length, text.len() as u64);
    let expected = flat(&plain.graph);
    let known_length = ReadOptions {
        text_length: Some(text.len() as u64),
        ..ReadOptions::default()
    };
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&text).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd(&text);
    // A skippable frame of three bytes before the first.
    let skipped = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 7, 7, 7], &zstd[..]].concat();
    let sources: [(&str, Box<dyn Read + Send>, ReadOptions<'_>); 6] = [
        ("known length", Box::new(&text[..]), known_length),
        ("gzip", Box::new(&gzip[..]), ReadOptions::default()),
        ("zstd", Box::new(&zstd[..]), ReadOptions::default()),
        (
            "zstd behind a skippable frame",
            Box::new(&skipped[..]),
            ReadOptions::default(),
        ),
        ("trickle", Box::new(Trickle(&text[..])), ReadOptions::default()),
        ("trickling gzip", Box::new(Trickle(&gzip[..])), ReadOptions::default()),
    ];
    for (what, source, options) in sources {
        assert!(flat(&read(source, options).unwrap().graph) == expected, "{what}");
    }
}

#[test]
fn columns_are_as_compact_as_they_say() {
    let text = fixture_text("n24");
    let options = ReadOptions {
        text_length: Some(text.len() as u64),
        ..ReadOptions::default()
    };
    let graph = read(&text[..], options).unwrap().graph;
    let columns = 17 * graph.node_count() as usize + 8 * graph.edge_count() as usize;
    let located = graph.nodes().filter(|&node| graph.location(node).is_some()).count();
    let beside = graph.strings().heap_bytes() + 20 * located + 64;
    assert!(
        graph.heap_bytes() <= columns + beside,
        "{} > {columns} + {beside}",
        graph.heap_bytes()
    );
}

#[test]
fn fields_are_found_by_name() {
    let parts = Parts {
        meta: r#"{"node_fields":["edge_count","new","self_size","id","name","type"],"node_types":["number","number","number","number","string",["object","trombone"]],"edge_fields":["to_node","type","x","name_or_index"],"edge_types":["node",["weak","property"],"number","string_or_number"]}"#,
        counts: r#""node_count":2,"edge_count":1,"extra_native_bytes":77,"new":{"a":[1,"]"]}"#,
        nodes: "1,9,8,1,0,0,\n 0,9,16,3,1,1".to_owned(),
        edges: "6,1,5,1".to_owned(),
        locations: "",
        more: r#""scopes":[{"a":[[["\"]"]]]}],"new":null,"number":-1.5e3,"text":"}\\","#,
        ..Parts::default()
    };
    let text = parts.text().replace("\"locations\":[],", "");
    let graph = read_text(&text).unwrap().graph;
    assert_eq!(graph.extra_native_bytes(), 77);
    assert_eq!(graph.kind_name(graph.kind(NodeIndex(1))), "trombone");
    let edge = graph.edges(NodeIndex(0)).next().unwrap();
    assert_eq!(
        (edge.kind.name(), graph.edge_name(&edge).as_ref(), edge.to),
        ("property", "Cache", NodeIndex(1))
    );
    let analysis = HeapAnalysis::new(graph, AnalysisOptions::default()).unwrap();
    assert!(analysis.classes().iter().any(|row| row.name == "(trombone)"));
}

#[test]
fn sizes_above_4_gib_and_wide_indexes_are_kept() {
    let parts = Parts {
        nodes: "2,0,1,0,2,0,1,1,3,5000000000,1,0,1,2,4294967295,4294967295,0,0".to_owned(),
        edges: "0,4294967294,6,0,536870911,12,2,2,0".to_owned(),
        ..Parts::default()
    };
    let graph = graph(&parts);
    assert_eq!(graph.self_size(NodeIndex(1)), 5_000_000_000);
    assert_eq!(graph.self_size(NodeIndex(2)), 4_294_967_295);
    assert_eq!(graph.id(NodeIndex(2)), SnapshotObjectId(u32::MAX));
    let index = |edge| graph.edge(EdgeIndex(edge)).unwrap().name_or_index;
    assert_eq!((index(0), index(1)), (4_294_967_294, 536_870_911));
    let analysis = HeapAnalysis::new(graph, AnalysisOptions::default()).unwrap();
    assert_eq!(analysis.retained_size(NodeIndex(0)), 5_000_000_000 + 4_294_967_295);
}

#[test]
fn texts_are_decoded_as_documented() {
    let parts = Parts {
        strings: r#""\b\f\n\r\t\"\\\/\u00E9","\uD83D\uDE00 \uD83D","é😀","\udc00""#.to_owned(),
        ..Parts::default()
    };
    let graph = graph(&parts);
    let text = |index| graph.strings().text(StringIndex(index)).into_owned();
    assert_eq!(text(0), "\u{8}\u{c}\n\r\t\"\\/é");
    assert_eq!(text(1), "😀 \u{fffd}");
    assert_eq!(text(2), "é😀");
    assert_eq!(text(3), "\u{fffd}");
    assert_eq!(graph.strings().bytes(StringIndex(3)), b"\xED\xB0\x80");
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let text = format!("\u{feff}{}", Parts::default().text());
    assert_eq!(flat(&read_text(&text).unwrap().graph), flat(&graph(&Parts::default())));
    let half = [&b"\xEF\xBB"[..], Parts::default().text().as_bytes()].concat();
    let error = read(&half[..], ReadOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Snapshot { offset: 2, .. }), "{error}");
}

#[test]
fn reading_can_be_watched_and_cancelled() {
    let text = fixture_text("n20");
    let cancel = AtomicBool::new(false);
    let heard = std::cell::RefCell::new(Vec::new());
    let progress = |progress| heard.borrow_mut().push(progress);
    let options = ReadOptions {
        progress: Some(&progress),
        cancel: Some(&cancel),
        ..ReadOptions::default()
    };
    let graph = read(&text[..], options).unwrap().graph;
    let calls = heard.take();
    assert!(calls.len() > 10 && calls.is_sorted_by_key(|progress| progress.text_bytes));
    assert_eq!(
        calls.last().map(|progress| progress.source_bytes),
        Some(text.len() as u64)
    );

    let stop = |_| cancel.store(heard.borrow().len() > 3, Ordering::Relaxed);
    let count_and_stop = |progress| {
        heard.borrow_mut().push(progress);
        stop(());
    };
    let options = ReadOptions {
        progress: Some(&count_and_stop),
        cancel: Some(&cancel),
        ..ReadOptions::default()
    };
    assert!(matches!(read(&text[..], options), Err(Error::Cancelled)));
    let options = AnalysisOptions {
        cancel: Some(&cancel),
        ..AnalysisOptions::default()
    };
    assert!(matches!(HeapAnalysis::new(graph, options), Err(Error::Cancelled)));
}
