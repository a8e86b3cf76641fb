//! One recorded profile in every shape gives one analysis. The files are real ones of Node 20 and 24: `record-shapes.js`.

use std::collections::BTreeMap;

use crate::common::{fixture, plain_samples};
use rs_profiler_core::analyze::calls::CallAnalysis;
use rs_profiler_core::format::cpuprofile::{read, ReadCpuProfile, ReadOptions, Shape};
use rs_profiler_core::model::{CallTree, CpuProfileSource, Weight};

const NODES: [u32; 2] = [20, 24];

fn read_shape(node: u32, shape: &str) -> ReadCpuProfile {
    let text = fixture(&format!("shapes{node}.{shape}.cpuprofile"));
    read(text.as_bytes(), ReadOptions::default()).unwrap()
}

/// Self and total of each function, by name and place.
fn sums(read: &ReadCpuProfile) -> BTreeMap<String, (Weight, Weight)> {
    let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&read.profile).unwrap());
    let rows = analysis.functions();
    rows.iter()
        .map(|row| {
            let frame = analysis.tree().frame(row.function);
            let name = format!("{} {}:{}:{}", frame.function_name, frame.url, frame.line, frame.column);
            (name, (row.self_weight, row.total_weight))
        })
        .collect()
}

/// The same in hits.
fn hits(read: &ReadCpuProfile) -> BTreeMap<String, (u64, u64)> {
    let sums = sums(read).into_iter();
    sums.map(|(name, (own, total))| (name, (own.count, total.count)))
        .collect()
}

#[test]
fn lists_of_nodes_of_one_profile_say_the_same() {
    for node in NODES {
        let (inspector, nodes) = (read_shape(node, "inspector"), read_shape(node, "nodes"));
        assert_eq!((inspector.shape, nodes.shape), (Shape::Inspector, Shape::Nodes));
        assert_eq!(sums(&inspector), sums(&nodes), "Node {node}");
        let names: Vec<String> = sums(&inspector).into_keys().collect();
        assert!(names.contains(&"spin /srv/app/work.js:3:7".to_owned()), "{names:?}");
    }
}

#[test]
fn a_tree_says_the_same_but_for_the_last_sample() {
    for node in NODES {
        let (inspector, tree) = (read_shape(node, "inspector"), read_shape(node, "tree"));
        assert_eq!(tree.shape, Shape::Tree);
        assert_eq!(plain_samples(&inspector.profile), plain_samples(&tree.profile));
        assert_eq!(hits(&inspector), hits(&tree), "Node {node}");
        let (with_end, without) = (sums(&inspector), sums(&tree));
        let differing = with_end.iter().filter(|(name, sums)| without[*name].0 != sums.0);
        assert!(differing.count() <= 1, "Node {node}");
    }
}

#[test]
fn traced_profiles_say_what_the_inspector_says() {
    for node in NODES {
        let (traced, inspector) = (read_shape(node, "trace"), read_shape(node, "traced"));
        assert_eq!((traced.shape, inspector.shape), (Shape::Trace, Shape::Inspector));
        assert_eq!(traced.profile.start_time_us(), inspector.profile.start_time_us());
        assert_eq!(traced.profile.end_time_us(), inspector.profile.end_time_us());
        assert_eq!(
            plain_samples(&traced.profile),
            plain_samples(&inspector.profile),
            "Node {node}"
        );
        let (by_trace, by_inspector) = (sums(&traced), sums(&inspector));
        for (name, (own, total)) in &by_inspector {
            let (traced_own, traced_total) = by_trace[name];
            assert_eq!(
                (traced_own.amount, traced_total.amount),
                (own.amount, total.amount),
                "Node {node}: {name}"
            );
            // Samples of starting and stopping are no hits, and a trace has samples only.
            assert!(traced_own.count.abs_diff(own.count) <= 10, "Node {node}: {name}");
        }
        assert_eq!(
            by_trace.keys().collect::<Vec<_>>(),
            by_inspector.keys().collect::<Vec<_>>(),
            "Node {node}"
        );
    }
}
