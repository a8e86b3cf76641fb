//! The way that tells what holds an object.

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};
use rs_profiler_core::model::heap::SnapshotObjectId;

const META: &str = r#"{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic","object"],"string","number","number","number"],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["internal","property"],"string_or_number","node"]}"#;

/// Type, name, number of the target.
type Edge<'a> = (u32, &'a str, usize);

/// A snapshot of nodes: type, name, edges.
fn analysed(nodes: &[(u32, &str, &[Edge<'_>])]) -> HeapAnalysis {
    let mut strings: Vec<&str> = Vec::new();
    let (mut records, mut edges) = (Vec::new(), Vec::new());
    let mut index = |text| {
        strings.push(text);
        strings.len() - 1
    };
    for (at, (kind, name, own)) in nodes.iter().enumerate() {
        records.push(format!("{kind},{},{},16,{}", index(name), at * 2 + 1, own.len()));
        for (kind, name, to) in *own {
            edges.push(format!("{kind},{},{}", index(name), to * 5));
        }
    }
    let text = format!(
        r#"{{"snapshot":{{"meta":{META},"node_count":{},"edge_count":{}}},"nodes":[{}],"edges":[{}],"strings":["{}"]}}"#,
        records.len(),
        edges.len(),
        records.join(","),
        edges.join(","),
        strings.join(r#"",""#)
    );
    let file = read(text.as_bytes(), ReadOptions::default()).unwrap();
    HeapAnalysis::new(file.graph, AnalysisOptions::default()).unwrap()
}

/// Names of what holds the object of id `id`, the outermost first.
fn way(analysis: &HeapAnalysis, id: u32) -> Vec<String> {
    let node = analysis.node_by_id(SnapshotObjectId(id)).unwrap();
    let path = analysis.retaining_path(node);
    let names = path.iter().map(|step| analysis.graph().name(step.from).into_owned());
    names.collect()
}

/// All that holds `Kept` (id 15): a global handle over two more objects, the stack over one, a handle of the moment at once.
fn held(by_handles: bool, by_stack: bool, for_good: bool) -> HeapAnalysis {
    let edges = |held: bool, to: usize| if held { vec![(1, "to", to)] } else { vec![] };
    analysed(&[
        (0, "", &[(0, "1", 1)]),
        (0, "(GC roots)", &[(0, "1", 2), (0, "2", 3), (0, "3", 4), (0, "4", 5)]),
        (0, "(Handle scope)", &edges(by_handles, 7)),
        (0, "(Stack roots)", &edges(by_stack, 6)),
        (0, "(Global handles)", &edges(for_good, 8)),
        (0, "(Strong roots)", &edges(by_handles, 7)),
        (1, "Frame", &edges(by_stack, 7)),
        (1, "Kept", &[]),
        (1, "Registry", &edges(for_good, 9)),
        (1, "Store", &edges(for_good, 7)),
    ])
}

#[test]
fn what_holds_for_a_moment_comes_last() {
    assert_eq!(
        way(&held(true, true, true), 15),
        ["(GC roots)", "(Global handles)", "Registry", "Store"]
    );
    assert_eq!(
        way(&held(true, true, false), 15),
        ["(GC roots)", "(Stack roots)", "Frame"]
    );
    let [outer, moment] = &way(&held(true, false, false), 15)[..] else {
        panic!("two steps")
    };
    assert_eq!(outer, "(GC roots)");
    assert!(
        ["(Handle scope)", "(Strong roots)"].contains(&moment.as_str()),
        "{moment}"
    );
    assert!(way(&held(false, false, false), 15).is_empty());
}
