//! Heap snapshots whose `meta` is damaged, absurd or only unusual.

use rs_profiler_core::format::heapsnapshot::SnapshotSection::{
    self, Edges, Locations, Nodes, Snapshot, TraceFunctionInfos,
};
use rs_profiler_core::model::heap::NodeIndex;
use rs_profiler_core::model::Bytes;
use rs_profiler_core::Error;

use crate::common::snapshot_text::{read_text, Parts};

/// The error for the small file with `from` replaced by `to`: its section, its byte and its reason.
fn fault(from: &str, to: &str) -> (SnapshotSection, u64, String) {
    let text = Parts::default().text();
    let changed = text.replacen(from, to, 1);
    assert_ne!(changed, text, "{from}");
    match read_text(&changed) {
        Err(Error::Snapshot {
            section,
            offset,
            reason,
        }) => {
            assert!(offset <= changed.len() as u64);
            (section, offset, reason)
        }
        other => panic!("{to}: {other:?}"),
    }
}

#[test]
fn a_list_of_fields_that_is_missing_empty_or_of_another_type() {
    let node_fields = r#""node_fields":["type","name","id","self_size","edge_count","detachedness"]"#;
    let edge_fields = r#""edge_fields":["type","name_or_index","to_node"]"#;
    let locations = r#""location_fields":["object_index","script_id","line","column"]"#;
    for (from, to, section, reason) in [
        (
            node_fields,
            r#""node_fields":[]"#,
            Nodes,
            "meta.node_fields does not name \"type\"",
        ),
        (
            edge_fields,
            r#""edge_fields":[]"#,
            Edges,
            "meta.edge_fields does not name \"type\"",
        ),
        (
            locations,
            r#""location_fields":["line"]"#,
            Locations,
            "meta.location_fields does not name \"object_index\"",
        ),
        (node_fields, r#""more":0"#, Snapshot, "missing field `node_fields`"),
        (node_fields, r#""node_fields":7"#, Snapshot, "expected a sequence"),
        (node_fields, r#""node_fields":[7]"#, Snapshot, "expected a string"),
        (node_fields, r#""node_fields":null"#, Snapshot, "expected a sequence"),
        (
            edge_fields,
            r#""edge_fields":{"type":0}"#,
            Snapshot,
            "expected a sequence",
        ),
        (edge_fields, r#""more":0"#, Snapshot, "missing field `edge_fields`"),
        (
            "\"to_node\"",
            "\"to_nodes\"",
            Edges,
            "meta.edge_fields does not name \"to_node\"",
        ),
        (
            "\"edge_count\"",
            "\"edge_counts\"",
            Nodes,
            "meta.node_fields does not name \"edge_count\"",
        ),
        (
            node_fields,
            &format!("{node_fields},{node_fields}"),
            Snapshot,
            "duplicate field `node_fields`",
        ),
    ] {
        let (found, _, said) = fault(from, to);
        assert_eq!(found, section, "{said}");
        assert!(said.contains(reason), "\"{said}\" should say \"{reason}\"");
    }
}

#[test]
fn lists_of_types_that_are_none() {
    let many: Vec<String> = (0..40).map(|number| format!("\"new kind {number}\"")).collect();
    for (from, to, section, reason) in [
        (
            r#"[["hidden","object","synthetic"],"#,
            "[\"string\",",
            Nodes,
            "meta.node_types does not name the types of nodes",
        ),
        (
            r#"[["element","property","weak"],"#,
            "[7,",
            Edges,
            "meta.edge_types does not name the types of edges",
        ),
        (
            r#"["hidden","object","synthetic"]"#,
            "[]",
            Nodes,
            "a node has the type 2",
        ),
        (
            r#"["hidden","object","synthetic"]"#,
            &format!("[{}]", many.join(",")),
            Nodes,
            "more than 16 unknown types",
        ),
        (
            r#"["element","property","weak"]"#,
            r#"["element","property","new"]"#,
            Edges,
            "an edge has the type 2",
        ),
    ] {
        let (found, _, said) = fault(from, to);
        assert_eq!(found, section, "{said}");
        assert!(said.contains(reason), "\"{said}\" should say \"{reason}\"");
    }
}

#[test]
fn fields_of_another_number_than_the_records_have() {
    // One more or one less: records no longer fit, which some check notices.
    for (from, to) in [
        ("\"detachedness\"]", "\"detachedness\",\"more\"]"),
        (",\"detachedness\"]", "]"),
        ("\"to_node\"]", "\"to_node\",\"more\"]"),
        ("\"column\"]", "\"column\",\"more\"]"),
    ] {
        let (section, ..) = fault(from, to);
        assert!([Nodes, Edges, Locations].contains(&section), "{to}: {section}");
    }
    let (section, _, said) = fault(
        "\"node_fields\"",
        r#""trace_function_info_fields":["function_id"],"node_fields""#,
    );
    assert_eq!(section, TraceFunctionInfos);
    assert!(
        said.contains("trace_function_info_fields does not name \"name\""),
        "{said}"
    );
}

#[test]
fn counts_and_roots_that_nothing_can_have() {
    let counts = r#""node_count":3"#;
    for (to, reason) in [
        (r#""node_count":-3"#, "invalid value"),
        (r#""node_count":3.5"#, "invalid type"),
        (r#""node_count":"3""#, "invalid type"),
        (r#""node_count":1e400"#, "number out of range"),
        (
            r#""root_index":7,"node_count":3"#,
            "root_index 7 is not where a node begins",
        ),
        (r#""root_index":6000000000,"node_count":3"#, "root"),
        (r#""node_count":3,"node_count":3"#, "duplicate field `node_count`"),
    ] {
        let (section, _, said) = fault(counts, to);
        assert!([Snapshot, Nodes].contains(&section), "{to}: {section}");
        assert!(said.contains(reason), "\"{said}\" should say \"{reason}\"");
    }
}

#[test]
fn a_name_that_comes_twice_means_the_first_and_new_ones_are_passed_over() {
    let text = Parts {
        nodes: "2,0,1,0,2,0,99,1,1,3,16,1,0,99,1,2,5,24,0,0,99".to_owned(),
        edges: "0,1,7,1,2,14,2,2,0".to_owned(),
        locations: "7,7,8,9",
        ..Parts::default()
    }
    .text();
    let expected = read_text(&Parts::default().text()).unwrap().graph;
    for name in ["id", "type", "edge_count", "of the future"] {
        let changed = text.replacen("\"detachedness\"", &format!("\"detachedness\",\"{name}\""), 1);
        let graph = read_text(&changed).unwrap().graph;
        assert_eq!(graph.node_count(), expected.node_count());
        for node in (0..3).map(NodeIndex) {
            assert_eq!(graph.id(node), expected.id(node));
            assert_eq!(graph.name(node), expected.name(node));
            assert!(graph.edges(node).eq(expected.edges(node)));
        }
    }
}

#[test]
fn other_texts_are_told_from_damaged_ones() {
    let renamed = Parts::default().text().replacen("\"snapshot\":", "\"snapshots\":", 1);
    let brace = "it does not begin with \"{\"";
    let header = "it has no section \"snapshot\" at its beginning";
    for (text, place, reason) in [
        ("[]", "[]", brace),
        (" \nPK\u{3}\u{4}", "PK", brace),
        ("null", "null", brace),
        (&renamed, "\"nodes\"", header),
        // A CPU profile, and a sampling heap profile.
        (r#"{"nodes":[{"id":1}],"startTime":0}"#, "\"nodes\"", header),
        (r#"{"head":{"id":1},"samples":[]}"#, "", header),
    ] {
        let offset = Bytes::from_bytes(text.find(place).filter(|_| !place.is_empty()).unwrap_or(text.len()) as u64);
        match read_text(text) {
            Err(Error::NotASnapshot { at, reason: said }) => assert_eq!((at.offset, said), (offset, reason), "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn places_are_passed_over_where_nothing_says_how_to_read_them() {
    let fields = r#","location_fields":["object_index","script_id","line","column"]"#;
    let text = Parts::default().text();
    for other in ["", r#","location_fields":[]"#] {
        let changed = text.replacen(fields, other, 1);
        assert_ne!(changed, text);
        let graph = read_text(&changed).unwrap().graph;
        assert_eq!((graph.node_count(), graph.location(NodeIndex(1))), (3, None));
    }
}
