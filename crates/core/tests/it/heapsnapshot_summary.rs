//! The quick summary: one pass, no graph, the same sums as the graph has.

use std::collections::{BTreeMap, HashMap};

use rs_profiler_core::format::heapsnapshot::{read, summarize, HeapSummaryFile, ReadOptions, SnapshotSection};
use rs_profiler_core::model::heap::{Detachedness, EdgeKind, HeapGraph, NodeIndex, NodeKind};
use rs_profiler_core::Error;

use crate::common::snapshot_text::{fixture_text, Parts};
use crate::heap_devtools::analysed;

fn summary(text: &[u8]) -> Result<HeapSummaryFile, Error> {
    summarize(text, ReadOptions::default())
}

/// What the class table calls an object, without classes told apart by place or by shape.
fn name(graph: &HeapGraph, node: NodeIndex) -> String {
    match graph.kind(node) {
        NodeKind::OBJECT | NodeKind::NATIVE => graph.name(node).into_owned(),
        NodeKind::HIDDEN => "(system)".to_owned(),
        NodeKind::CODE => "(compiled code)".to_owned(),
        NodeKind::CLOSURE => "Function".to_owned(),
        NodeKind::REGEXP => "RegExp".to_owned(),
        other => format!("({})", graph.kind_name(other)),
    }
}

#[test]
fn sums_are_those_of_the_graph() {
    for fixture in ["n20", "n24", "pairB"] {
        let text = fixture_text(fixture);
        let HeapSummaryFile {
            summary,
            truncation,
            text_length,
        } = summary(&text).unwrap();
        let graph = read(&text[..], ReadOptions::default()).unwrap().graph;
        assert_eq!((truncation, text_length), (None, text.len() as u64));
        assert_eq!(summary.nodes, u64::from(graph.node_count()));
        assert_eq!(summary.edges, u64::from(graph.edge_count()));
        let total: u64 = graph.nodes().map(|node| graph.self_size(node)).sum();
        assert_eq!(summary.shallow_size, total);
        assert_eq!(summary.texts, graph.strings().len() as u64);
        let is_detached = |node: &NodeIndex| graph.detachedness(*node) == Detachedness::Detached;
        assert_eq!(summary.detached, graph.nodes().filter(is_detached).count() as u64);
        assert!(!summary.approximate);

        let mut kinds: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut names: HashMap<String, (u64, u64)> = HashMap::new();
        for node in graph.nodes() {
            let size = graph.self_size(node);
            let kind = kinds.entry(graph.kind_name(graph.kind(node)).to_owned()).or_default();
            *kind = (kind.0 + 1, kind.1 + size);
            if size > 0 {
                let sum = names.entry(name(&graph, node)).or_default();
                *sum = (sum.0 + 1, sum.1 + size);
            }
        }
        let found: BTreeMap<String, (u64, u64)> = summary
            .kinds
            .iter()
            .map(|kind| (kind.name.clone(), (kind.count, kind.shallow_size)))
            .collect();
        assert_eq!(found, kinds);
        assert!(summary
            .kinds
            .is_sorted_by_key(|kind| std::cmp::Reverse(kind.shallow_size)));
        let found: HashMap<String, (u64, u64)> = summary
            .names
            .iter()
            .map(|row| (row.name.clone(), (row.count, row.shallow_size)))
            .collect();
        assert_eq!(found, names);
        assert!(summary
            .names
            .is_sorted_by_key(|row| std::cmp::Reverse(row.shallow_size)));

        for (kind, count) in &summary.edge_kinds {
            let edges = graph.nodes().flat_map(|node| graph.edges(node));
            assert_eq!(edges.filter(|edge| edge.kind == *kind).count() as u64, *count);
        }
        assert_eq!(
            summary.edge_kinds.iter().map(|(_, count)| count).sum::<u64>(),
            summary.edges
        );
    }
}

#[test]
fn totals_and_large_strings_are_those_of_the_analysis() {
    for fixture in ["n20", "n24"] {
        let summary = summary(&fixture_text(fixture)).unwrap().summary;
        let analysis = analysed(fixture);
        let graph = analysis.graph();
        assert_eq!(summary.total_size(), analysis.total_size());
        let statistics = analysis.statistics();
        assert_eq!(summary.strings.shallow_size, statistics.strings);
        let mut strings: Vec<_> = graph
            .nodes()
            .filter(|&node| graph.kind_name(graph.kind(node)).ends_with("string"))
            .collect();
        strings.sort_by_key(|&node| (std::cmp::Reverse(graph.self_size(node)), node));
        let largest: Vec<_> = strings
            .iter()
            .take(100)
            .map(|&node| (graph.id(node), graph.self_size(node), graph.name(node).into_owned()))
            .collect();
        let found: Vec<_> = summary
            .largest_strings
            .into_iter()
            .map(|string| (string.id, string.shallow_size, string.text))
            .collect();
        assert_eq!(found, largest);
        assert_eq!(summary.strings.count, strings.len() as u64);
    }
}

#[test]
fn a_cut_file_gives_the_sums_of_what_is_there() {
    let text = Parts::default().text();
    let header_end = text.find("\"nodes\"").unwrap();
    for end in 0..text.len() {
        match summary(&text.as_bytes()[..end]) {
            Ok(file) => {
                let truncation = file.truncation.unwrap();
                assert_eq!((truncation.offset, truncation.promised_nodes), (end as u64, 3));
                assert_eq!(truncation.nodes, file.summary.nodes);
                assert_eq!(truncation.edges, file.summary.edges);
                assert_eq!(truncation.strings, file.summary.texts);
            }
            Err(Error::SnapshotCut { offset, .. }) => {
                assert!(end < header_end);
                assert_eq!(offset, end as u64);
            }
            other => panic!("{end}: {other:?}"),
        }
    }
    let names = |what: &str| -> Vec<(String, u64)> {
        let cut = summary(&text.as_bytes()[..text.find(what).unwrap()]).unwrap();
        let rows = cut.summary.names.into_iter();
        rows.map(|row| (row.name, row.shallow_size)).collect()
    };
    assert_eq!(names("2,5,24"), [("(lost)".to_owned(), 16)]);
    assert_eq!(
        names("name\"]"),
        [("(lost)", 24), ("Cache", 16)].map(|(name, size)| (name.to_owned(), size))
    );
    let cut = summary(&fixture_text("n20")[..1_500_000]).unwrap();
    let section = cut.truncation.unwrap().section;
    assert!(matches!(section, SnapshotSection::Nodes | SnapshotSection::Edges));
}

#[test]
fn what_the_graph_refuses_is_refused() {
    let damaged = [
        // More edges than the nodes count, fewer, to nowhere, to the middle of a node.
        ("\"edges\":[0,1,6", "\"edges\":[0,1,6,0,1,6"),
        ("\"edges\":[0,1,6,", "\"edges\":["),
        ("\"edges\":[0,1,6", "\"edges\":[0,1,600"),
        ("\"edges\":[0,1,6", "\"edges\":[0,1,7"),
        // A type that is not named, sizes that no process has, a node that ends early, a promise that is not kept.
        ("\"nodes\":[2,", "\"nodes\":[9,"),
        ("3,16,1,0", "3,9007199254740992,1,0"),
        ("5,24,0,0]", "5,24,0]"),
        ("\"node_count\":3", "\"node_count\":4"),
        // Names of nodes and of edges that are not there.
        ("1,2,5,24", "1,3,5,24"),
        ("2,2,0]", "2,3,0]"),
        // No section at all.
        ("\"strings\"", "\"texts\""),
    ];
    let text = Parts::default().text();
    assert!(summary(text.as_bytes()).is_ok());
    for (from, to) in damaged {
        assert!(text.contains(from), "{from}");
        let text = text.replace(from, to);
        assert!(read(text.as_bytes(), ReadOptions::default()).is_err(), "{to}");
        let found = summary(text.as_bytes());
        assert!(matches!(found, Err(Error::Snapshot { .. })), "{to}: {found:?}");
    }
}

#[test]
fn texts_that_come_before_the_nodes_are_refused() {
    let parts = Parts::default();
    let text = parts.text();
    let strings = format!("\"strings\":[{}]", parts.strings);
    let text = text.replace(&format!(",\n{strings}"), "");
    let text = text.replace("\"nodes\"", &format!("{strings},\"nodes\""));
    assert!(read(text.as_bytes(), ReadOptions::default()).is_ok());
    let refused = summary(text.as_bytes()).unwrap_err().to_string();
    assert!(
        refused.contains("\"nodes\" should come before \"strings\""),
        "{refused}"
    );
}

#[test]
fn edges_are_told_apart_and_sections_passed_over() {
    let parts = Parts {
        // As Node 26 writes them: below zero.
        locations: "6,7,-1,9",
        ..Parts::default()
    };
    let summary = summary(parts.text().as_bytes()).unwrap().summary;
    assert_eq!(
        summary.edge_kinds,
        [(EdgeKind::Element, 1), (EdgeKind::Property, 1), (EdgeKind::Weak, 1)]
    );
    assert_eq!((summary.texts, summary.text_bytes), (3, 9));
}
