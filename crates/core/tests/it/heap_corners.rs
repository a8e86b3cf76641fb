//! Rules of DevTools that no snapshot of a Node shows: small snapshots, and what DevTools' own worker makes of them.

use rs_profiler_core::analyze::heap::{AnalysisOptions, ClassFilter, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};
use rs_profiler_core::model::heap::NodeIndex;

const NODE_TYPES: [&str; 4] = ["synthetic", "object", "native", "code"];
const EDGE_TYPES: [&str; 5] = ["property", "element", "internal", "shortcut", "weak"];

/// Type, name, number of the target.
type Edge<'a> = (&'a str, &'a str, usize);

/// A snapshot of nodes of 16 bytes each: type, name, edges. Ids are 1, 3, 5 and so on.
fn analysed(nodes: &[(&str, &str, &[Edge<'_>])]) -> HeapAnalysis {
    let place = |all: &[&str], name: &str| all.iter().position(|other| *other == name).unwrap();
    let mut strings: Vec<&str> = vec!["<dummy>"];
    let (mut records, mut edges) = (Vec::new(), Vec::new());
    let mut index = |text| {
        if !strings.contains(&text) {
            strings.push(text);
        }
        place(&strings, text)
    };
    for (at, (kind, name, own)) in nodes.iter().enumerate() {
        let kind = place(&NODE_TYPES, kind);
        records.push(format!("{kind},{},{},16,{}", index(name), at * 2 + 1, own.len()));
        for (kind, name, to) in *own {
            let name = match *kind {
                "element" => name.parse().unwrap(),
                _ => index(name),
            };
            edges.push(format!("{},{name},{}", place(&EDGE_TYPES, kind), to * 5));
        }
    }
    let text = serde_json::json!({
        "snapshot": {
            "meta": {
                "node_fields": ["type", "name", "id", "self_size", "edge_count"],
                "node_types": [NODE_TYPES, "string", "number", "number", "number"],
                "edge_fields": ["type", "name_or_index", "to_node"],
                "edge_types": [EDGE_TYPES, "string_or_number", "node"],
            },
            "node_count": records.len(),
            "edge_count": edges.len(),
        },
        "strings": strings,
    });
    let records = format!(r#","nodes":[{}],"edges":[{}]}}"#, records.join(","), edges.join(","));
    let text = text.to_string();
    // serde_json sorts keys; the strings may come after the snapshot.
    let text = format!("{}{records}", text.strip_suffix('}').unwrap());
    let file = read(text.as_bytes(), ReadOptions::default()).unwrap();
    HeapAnalysis::new(file.graph, AnalysisOptions::default()).unwrap()
}

#[test]
fn nodes_that_only_hold_each_other_hold_nothing_else() {
    let analysis = analysed(&[
        ("synthetic", "", &[("element", "1", 1)]),
        ("object", "Held", &[]),
        ("object", "One", &[("property", "other", 3)]),
        ("object", "Other", &[("property", "one", 2), ("property", "a", 5)]),
        ("object", "Alone", &[("property", "b", 5)]),
        ("object", "Shared", &[]),
    ]);
    let dominators: Vec<u32> = (0..6).map(|node| analysis.dominator(NodeIndex(node)).0).collect();
    assert_eq!(dominators, [0, 0, 0, 0, 0, 4]);
    assert_eq!(analysis.retained_size(NodeIndex(4)), 32);
    assert_eq!(analysis.retained_size(NodeIndex(3)), 16);
}

#[test]
fn a_user_root_with_two_edges_is_followed_twice() {
    let pair = "1 / part of key (Key @5) -> value (Value @7) pair in WeakMap (table @9)";
    let twice = |second: &'static str| {
        analysed(&[
            ("synthetic", "", &[("property", "a", 1), ("shortcut", second, 1)]),
            ("object", "global", &[("internal", pair, 2)]),
            ("object", "Value", &[]),
        ])
    };
    assert_eq!(twice("b").distance(NodeIndex(2)), 2);
}

#[test]
fn a_handler_may_be_known_by_a_property_named_code() {
    let analysis = analysed(&[
        ("synthetic", "", &[("shortcut", "window", 1)]),
        ("object", "Window", &[("property", "listener", 2)]),
        ("native", "V8EventListener", &[("internal", "1", 3)]),
        ("object", "Wrapper", &[("property", "handler", 4)]),
        ("object", "Handler", &[("property", "code", 5)]),
        ("object", "Code", &[]),
    ]);
    let rows = analysis
        .asking(AnalysisOptions::default())
        .classes_filtered(ClassFilter::RetainedByEventHandlers)
        .unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Handler", "Code"]);
}

#[test]
fn two_properties_of_one_name_are_two() {
    // As of symbols with the same description.
    let twice = [("property", "<symbol a>", 0), ("property", "<symbol a>", 0)];
    let once = [("property", "<symbol a>", 0), ("property", "b", 0)];
    let analysis = analysed(&[
        ("synthetic", "", &[("shortcut", "global", 1)]),
        (
            "object",
            "global",
            &[
                ("element", "1", 2),
                ("element", "2", 3),
                ("element", "3", 4),
                ("element", "4", 5),
            ],
        ),
        ("object", "Object", &twice),
        ("object", "Object", &twice),
        ("object", "Object", &once),
        ("object", "Object", &once[..1]),
    ]);
    let names: Vec<_> = (2..6)
        .map(|node| analysis.class_name(analysis.class(NodeIndex(node))))
        .collect();
    assert_eq!(
        names,
        [
            "{<symbol a>, <symbol a>}",
            "{<symbol a>, <symbol a>}",
            "Object",
            "Object"
        ]
    );
}

#[test]
fn an_empty_name_that_comes_first_does_not_show() {
    // As in a package-lock.json.
    let empty = [("property", "", 0), ("property", "b", 0)];
    let analysis = analysed(&[
        ("synthetic", "", &[("shortcut", "global", 1)]),
        ("object", "global", &[("element", "1", 2), ("element", "2", 3)]),
        ("object", "Object", &empty),
        ("object", "Object", &empty[1..]),
    ]);
    let names: Vec<_> = (2..4)
        .map(|node| analysis.class_name(analysis.class(NodeIndex(node))))
        .collect();
    // Two objects gave rise to the text; the properties are those of the first.
    assert_eq!(names, ["{b}", "Object"]);
}
