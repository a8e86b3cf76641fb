//! Sampling heap profiles against what the inspectors of five Node versions wrote, and against a naive writer.

use crate::common::{cases, fixture, profile, Regular, TestNode, TestProfile, NODES};
use proptest::prelude::*;
use rs_profiler_core::format::heapprofile::{inspector, tree};
use rs_profiler_core::format::Written;
use rs_profiler_core::model::{
    Allocation, Bytes, CallFrame, HeapSample, Micros, NodeId, SampleId, SamplingHeapProfile,
};

fn inspector_text(profile: &SamplingHeapProfile) -> String {
    let mut text = Vec::new();
    let written = inspector::write(profile, &mut text).unwrap();
    let expected = Written {
        nodes: profile.node_count() as u64,
        samples: profile.samples().len() as u64,
    };
    assert_eq!(written, expected);
    String::from_utf8(text).unwrap()
}

fn tree_text(profile: &SamplingHeapProfile) -> String {
    let mut text = Vec::new();
    let written = tree::write(profile, &mut text).unwrap();
    assert_eq!((written.nodes, written.samples), (profile.node_count() as u64, 0));
    String::from_utf8(text).unwrap()
}

#[test]
fn writes_what_the_inspector_of_each_node_wrote() {
    for node in NODES {
        let expected = fixture(&format!("node{node}.heapprofile"));
        assert!(
            expected.contains("\"/srv/app/my service/hot é.js\""),
            "Node {node}: paths stay paths"
        );
        let copy = SamplingHeapProfile::copy_of(&TestProfile::from_heap_profile(&expected)).unwrap();
        assert_eq!(inspector_text(&copy), expected, "Node {node}");
    }
}

/// v8-profiler-next's tree, written recursively.
fn naive_tree(profile: &TestProfile, node: usize) -> String {
    let node = &profile.nodes[node];
    let children: Vec<String> = node.children.iter().map(|child| naive_tree(profile, *child)).collect();
    let size = |one: &Allocation| one.size.as_bytes() * u64::from(one.count);
    format!(
        "{{\"callFrame\":{{\"functionName\":{},\"scriptId\":{},\"url\":{},\"lineNumber\":{},\"columnNumber\":{}}},\
         \"selfSize\":{},\"children\":[{}]}}",
        serde_json::to_string(&node.frame.function_name).unwrap(),
        node.frame.script_id.get(),
        serde_json::to_string(&node.frame.url).unwrap(),
        node.frame.line.one_based(),
        node.frame.column.one_based(),
        node.allocations.iter().map(size).sum::<u64>(),
        children.join(","),
    )
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn tree_form_is_what_a_naive_writer_makes_of_random_profiles(source in profile()) {
        let copy = SamplingHeapProfile::copy_of(&source).unwrap();
        prop_assert_eq!(tree_text(&copy), format!("{{\"head\":{}}}", naive_tree(&source, 0)));
    }

    #[test]
    fn samples_of_nodes_that_are_not_in_the_tree_are_left_out(source in profile()) {
        let copy = SamplingHeapProfile::copy_of(&source).unwrap();
        let mut expected = source.heap_samples.clone();
        expected.retain(|sample| source.nodes.iter().any(|node| node.id == sample.node_id));
        prop_assert_eq!(copy.samples(), expected);
    }
}

/// A profile of one node with one allocation and one sample, or of nothing.
fn small(allocation: Option<Allocation>) -> SamplingHeapProfile {
    let source = TestProfile {
        nodes: Vec::from_iter(allocation.map(|allocation| TestNode {
            id: NodeId::new(1),
            frame: CallFrame::root(),
            hit_count: 0,
            ticks: Vec::new(),
            allocations: vec![allocation],
            children: Vec::new(),
        })),
        samples: Vec::new(),
        heap_samples: Vec::from_iter(allocation.map(|allocation| HeapSample {
            allocation,
            node_id: NodeId::new(1),
            sample_id: SampleId::new(1 << 40),
        })),
        start_time: Micros::default(),
        end_time: Micros::default(),
    };
    SamplingHeapProfile::copy_of(&source).unwrap()
}

#[test]
fn a_profile_without_nodes_has_an_empty_head() {
    let nothing = small(None);
    assert_eq!(tree_text(&nothing), r#"{"head":{}}"#);
    assert_eq!(inspector_text(&nothing), r#"{"head":{},"samples":[]}"#);
}

#[test]
fn sizes_beyond_32_bits_are_not_cut() {
    let text = inspector_text(&small(Some(Allocation {
        size: Bytes::from_bytes(1 << 33),
        count: 3,
    })));
    assert!(text.contains("\"selfSize\":25769803776,"), "{text}");
    assert!(
        text.ends_with("{\"size\":25769803776,\"nodeId\":1,\"ordinal\":1099511627776}]}"),
        "{text}"
    );
}

#[test]
fn two_hundred_thousand_nested_nodes_overflow_nothing() {
    let source = Regular {
        nodes: 200_000,
        fan: 1,
        samples: 0,
    };
    let text = tree_text(&SamplingHeapProfile::copy_of(&source).unwrap());
    assert!(text.ends_with(&["]}".repeat(200_000), "}".to_owned()].concat()));
}
