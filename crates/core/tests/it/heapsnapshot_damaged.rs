//! Heap snapshots that are damaged or lie: errors that say where, never a panic, never memory for promises.

use proptest::prelude::*;
use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, summarize, ReadOptions, SnapshotSection};
use rs_profiler_core::Error;

use crate::common::snapshot_text::{read_text, zstd, Parts};

/// Section, offset and reason of the error for `parts`; the text at the offset must begin with `at`.
fn damage(parts: &Parts, at: &str) -> (SnapshotSection, String) {
    let text = parts.text();
    match read_text(&text) {
        Err(Error::Snapshot {
            section,
            offset,
            reason,
        }) => {
            let rest = &text[offset as usize..];
            assert!(
                rest.starts_with(at),
                "{reason} at {offset}: {}",
                &rest[..rest.len().min(40)]
            );
            (section, reason)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn errors_say_section_and_byte() {
    use SnapshotSection::{Edges, File, Locations, Nodes, Snapshot, Strings};
    let nodes = |nodes: &str| Parts {
        nodes: nodes.to_owned(),
        ..Parts::default()
    };
    let edges = |edges: &str| Parts {
        edges: edges.to_owned(),
        ..Parts::default()
    };
    let strings = |strings: &str| Parts {
        strings: strings.to_owned(),
        ..Parts::default()
    };
    let cases = [
        (
            nodes("2,0,1,0,2,0,9,1,3,16,1,0,1,2,5,24,0,0"),
            Nodes,
            "9,1,3",
            "has the type 9",
        ),
        (
            nodes("2,0,1,0,2,0,1,1,3,16,1,0,1,2,3,24,0,0"),
            Nodes,
            "1,2,3",
            "two nodes have the id 3",
        ),
        (
            nodes("2,0,1,0,2,0,1,1,3,16,1,0,1,2,5,-24,0,0"),
            Nodes,
            "-24",
            "self size -24",
        ),
        (
            nodes("2,0,1,0,2,0,1,1,3,16,1,0,1,2,5,2.5,0,0"),
            Nodes,
            ".5",
            "a comma or",
        ),
        (
            nodes("2,0,1,0,2,0,1,1,3,16,1,0,1,2,\"5\",2,0,0"),
            Nodes,
            "\"5\"",
            "an integer should stand here",
        ),
        (
            nodes("2,0,1,0,2,0,1,1,3,16,1,0,1,2,5"),
            Nodes,
            ",\n\"edges",
            "within a record",
        ),
        (
            nodes("2,0,1,0,2,0,1,1,3,16,1,0"),
            Nodes,
            ",\n\"edges",
            "there are 2 nodes, but the header promises 3",
        ),
        (
            nodes("2,0,1,0,2,0,1,1,3,16,1,0,1,2,5,24,4294967295,0"),
            Nodes,
            "1,2,5",
            "edge counts",
        ),
        (
            nodes("2,0,1,0,9,0,1,1,3,16,1,0,1,2,5,24,0,0"),
            Edges,
            ",\n\"trace",
            "there are 3 edges, but the nodes count 10",
        ),
        (
            nodes("2,0,1,0,1,0,1,1,3,16,1,0,1,2,5,24,0,0"),
            Edges,
            "2,2,0",
            "more edges than the 2",
        ),
        (
            nodes("2,9,1,0,2,0,1,1,3,16,1,0,1,2,5,24,0,0"),
            File,
            "",
            "node 0 has the name 9",
        ),
        (
            edges("0,1,6,1,2,13,2,2,0"),
            Edges,
            "1,2,13",
            "leads to 13, where no node begins",
        ),
        (
            edges("0,1,6,1,2,18,2,2,0"),
            Edges,
            "1,2,18",
            "leads to node 3, but there are 3 nodes",
        ),
        (edges("0,1,6,7,2,12,2,2,0"), Edges, "7,2,12", "an edge has the type 7"),
        (
            edges("0,1,6,1,2,12,2,2,99999999999"),
            Edges,
            "99999999999",
            "out of range",
        ),
        (
            edges("0,1,6,1,2,12,2,2,99999999999999999999"),
            Edges,
            "99999999999999999999",
            "63 bits",
        ),
        (edges("0,1,6,1,9,12,2,2,0"), File, "", "edge 1 has the name 9"),
        (edges("0,1,6,1,2,12,2,2,0,"), Edges, "]", "an integer should stand here"),
        (
            edges("[0,1,6],1,2,12,2,2,0"),
            Edges,
            "[0,1,6]",
            "an integer should stand here",
        ),
        (strings(r#""","Cache",7"#), Strings, "7", "should stand here, not \"7\""),
        (strings(r#""","Ca\x""#), Strings, "x\"", "does not follow a backslash"),
        (strings(r#""","Ca\u00G0""#), Strings, "G0", "not a hexadecimal digit"),
        (
            Parts {
                locations: "3,7,8,9",
                ..Parts::default()
            },
            Locations,
            "3,7,8",
            "where no node begins",
        ),
        (
            Parts {
                locations: "24,7,8,9",
                ..Parts::default()
            },
            Locations,
            "24,7",
            "but there are 3 nodes",
        ),
        (
            Parts {
                meta: "{}",
                ..Parts::default()
            },
            Snapshot,
            "",
            "missing field `node_fields`",
        ),
        (
            Parts {
                more: r#""nodes":[],"#,
                ..Parts::default()
            },
            Nodes,
            "\"nodes\":[]",
            "comes twice",
        ),
        (
            Parts {
                more: r#""x":,"#,
                ..Parts::default()
            },
            SnapshotSection::Skipped,
            ",",
            "a value should stand here",
        ),
    ];
    for (parts, section, at, reason) in cases {
        let (found, said) = damage(&parts, at);
        assert_eq!(found, section, "{said}");
        assert!(said.contains(reason), "\"{said}\" should say \"{reason}\"");
    }
}

#[test]
fn sections_must_be_there_and_in_order() {
    let text = Parts::default().text();
    for (from, to, reason) in [
        (
            "\"nodes\":",
            "\"nodules\":",
            "the section \"nodes\" should come before \"edges\"",
        ),
        ("\"strings\":", "\"stings\":", "the file has no section \"strings\""),
        (
            "\"snapshot\":",
            "\"snapshots\":",
            "the section \"snapshot\" should come before \"nodes\"",
        ),
        (
            "\"type\",\"name\"",
            "\"typo\",\"name\"",
            "meta.node_fields does not name \"type\"",
        ),
        ("\"name\"]}", "\"name\"]}x", "the snapshot has ended, but \"x\" follows"),
    ] {
        let changed = text.replacen(from, to, 1);
        let error = read_text(&changed).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    for other in ["", "[]", "PK\u{3}\u{4}", "null", "{}"] {
        assert!(read_text(other).is_err(), "{other}");
    }
}

#[test]
fn promises_cost_nothing() {
    let parts = Parts {
        counts: r#""node_count":4000000000000,"edge_count":18446744073709551615"#,
        ..Parts::default()
    };
    let (_, reason) = damage(&parts, ",\n\"edges");
    assert!(reason.contains("promises 4000000000000"), "{reason}");
    let deep = "[".repeat(1 << 20) + &"]".repeat(1 << 20);
    let text = Parts::default()
        .text()
        .replace("\"samples\":[]", &format!("\"samples\":{deep}"));
    assert_eq!(read_text(&text).unwrap().graph.node_count(), 3);
    let header = Parts::default()
        .text()
        .replace("\"node_count\"", &format!("\"x\":{deep},\"node_count\""));
    assert!(read_text(&header)
        .unwrap_err()
        .to_string()
        .contains("longer than 1048576 bytes"));
}

#[test]
fn damaged_compression_is_an_error_of_the_source() {
    let text = Parts::default().text();
    let mut zstd = zstd(text.as_bytes());
    let middle = zstd.len() / 2;
    zstd[middle..].fill(0xFF);
    assert!(matches!(
        read(&zstd[..], ReadOptions::default()),
        Err(Error::Source { .. })
    ));
    let gzip = [0x1F, 0x8B, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert!(matches!(
        read(&gzip[..], ReadOptions::default()),
        Err(Error::Source { .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_it_panic(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        accept_truncated: bool,
    ) {
        let mut text = Parts::default().text().into_bytes();
        for (place, byte) in changes {
            let place = place.index(text.len());
            text[place] = b"0123456789,[]{}\"\\:- a\xFF"[byte as usize % 22];
        }
        let options = ReadOptions { accept_truncated, ..ReadOptions::default() };
        let summary = summarize(&text[..], options);
        if let Ok(file) = read(&text[..], options) {
            prop_assert_eq!(summary.unwrap().summary.nodes, u64::from(file.graph.node_count()));
            let analysis = HeapAnalysis::new(file.graph, AnalysisOptions::default()).unwrap();
            analysis.statistics();
            analysis.duplicated_strings();
            for node in analysis.graph().nodes() {
                analysis.retaining_path(node);
            }
        }
    }
}
