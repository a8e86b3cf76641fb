//! Sampling heap profiles against what the inspectors of five Node versions wrote, and against a naive writer.

use crate::common::{fixture, Random, NODES};
use rs_profiler_core::format::heapprofile::{inspector, tree};
use rs_profiler_core::model::{
    Allocation, CallFrame, HeapNodeIndex, HeapSample, SamplingHeapProfile, SamplingHeapProfileBuilder,
};
use rs_profiler_core::Error;
use serde_json::Value;

fn inspector_text(profile: &SamplingHeapProfile) -> String {
    let mut text = Vec::new();
    assert_eq!(inspector::write(profile, &mut text).unwrap(), text.len() as u64);
    String::from_utf8(text).unwrap()
}

/// Adds the nodes of an inspector's tree, parents first.
fn add(builder: &mut SamplingHeapProfileBuilder, parent: Option<HeapNodeIndex>, node: &Value) {
    let frame = &node["callFrame"];
    let number = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let one_based = |value: &Value| i32::try_from(value.as_i64().unwrap()).unwrap() + 1;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let frame = CallFrame {
        function_name: text(&frame["functionName"]).into(),
        url: text(&frame["url"]).into(),
        script_id: frame["scriptId"].as_str().unwrap().parse().unwrap(),
        line: one_based(&frame["lineNumber"]),
        column: one_based(&frame["columnNumber"]),
        ..CallFrame::default()
    };
    // The inspector tells the sum only: half of it, twice, and the odd byte.
    let size = node["selfSize"].as_u64().unwrap();
    let allocations = [
        Allocation {
            size: size / 2,
            count: 2,
        },
        Allocation {
            size: size % 2,
            count: 1,
        },
    ];
    let id = number(&node["id"]);
    let index = match parent {
        Some(parent) => builder.add_node(parent, id, &frame, &allocations),
        None => builder.add_root(id, &frame, &allocations),
    }
    .unwrap();
    for child in node["children"].as_array().unwrap() {
        add(builder, Some(index), child);
    }
}

#[test]
fn writes_what_the_inspector_of_each_node_wrote() {
    for node in NODES {
        let expected = fixture(&format!("node{node}.heapprofile"));
        assert!(
            expected.contains("\"/srv/app/my service/hot é.js\""),
            "Node {node}: paths stay paths"
        );
        let value: Value = serde_json::from_str(&expected).unwrap();
        let mut builder = SamplingHeapProfile::builder();
        add(&mut builder, None, &value["head"]);
        for sample in value["samples"].as_array().unwrap() {
            let number = |key: &str| sample[key].as_u64().unwrap();
            let node_id = u32::try_from(number("nodeId")).unwrap();
            builder.add_sample(HeapSample {
                size: number("size"),
                count: 1,
                node_id,
                sample_id: number("ordinal"),
            });
        }
        assert_eq!(inspector_text(&builder.finish()), expected, "Node {node}");
    }
}

/// v8-profiler-next's tree, written recursively.
fn naive_tree(profile: &SamplingHeapProfile, node: HeapNodeIndex) -> String {
    let frame = profile.frame(node);
    let mut children = Vec::new();
    let mut child = profile.first_child(node);
    while let Some(index) = child {
        children.push(naive_tree(profile, index));
        child = profile.next_sibling(index);
    }
    format!(
        "{{\"callFrame\":{{\"functionName\":{:?},\"scriptId\":{},\"url\":{:?},\"lineNumber\":{},\"columnNumber\":{}}},\
         \"selfSize\":{},\"children\":[{}]}}",
        frame.function_name,
        frame.script_id,
        frame.url,
        frame.line,
        frame.column,
        profile
            .allocations(node)
            .iter()
            .map(|one| one.size * u64::from(one.count))
            .sum::<u64>(),
        children.join(","),
    )
}

#[test]
fn tree_form_is_what_a_naive_writer_makes_of_random_profiles() {
    for seed in 0..100 {
        let mut random = Random::new(seed);
        let mut builder = SamplingHeapProfile::builder();
        let mut nodes = vec![builder.add_root(1, &CallFrame::root(), &[]).unwrap()];
        for id in 2..2 + random.below_u32(100) {
            let parent = nodes[random.below(nodes.len() as u64) as usize];
            let frame = CallFrame {
                line: id as i32,
                url: "/a b.js".into(),
                script_id: 4,
                ..CallFrame::root()
            };
            let sizes = random.below(4);
            let allocations: Vec<Allocation> = (0..sizes)
                .map(|_| Allocation {
                    size: random.below(1 << 40),
                    count: random.below_u32(1_000),
                })
                .collect();
            nodes.push(builder.add_node(parent, id, &frame, &allocations).unwrap());
        }
        let profile = builder.finish();
        assert_eq!(profile.node_count(), nodes.len());
        let mut head = Vec::new();
        tree::write_head(&profile, &mut head).unwrap();
        let head = String::from_utf8(head).unwrap();
        assert_eq!(head, naive_tree(&profile, nodes[0]), "seed {seed}");
        let mut whole = Vec::new();
        tree::write(&profile, &mut whole).unwrap();
        assert_eq!(String::from_utf8(whole).unwrap(), format!("{{\"head\":{head}}}"));
    }
}

#[test]
fn sizes_beyond_32_bits_are_not_cut() {
    let mut builder = SamplingHeapProfile::builder();
    let root = builder
        .add_root(
            1,
            &CallFrame::root(),
            &[Allocation {
                size: 1 << 33,
                count: 3,
            }],
        )
        .unwrap();
    builder.add_sample(HeapSample {
        size: 1 << 33,
        count: 2,
        node_id: 1,
        sample_id: 1 << 40,
    });
    let profile = builder.finish();
    assert_eq!(profile.self_size(root), 3 << 33);
    let text = inspector_text(&profile);
    assert!(text.contains("\"selfSize\":25769803776,"), "{text}");
    assert!(
        text.ends_with("{\"size\":17179869184,\"nodeId\":1,\"ordinal\":1099511627776}]}"),
        "{text}"
    );
}

#[test]
fn a_million_nested_nodes_overflow_nothing() {
    let mut builder = SamplingHeapProfile::builder();
    let mut node = builder.add_root(1, &CallFrame::root(), &[]).unwrap();
    for id in 2..=1_000_000 {
        node = builder.add_node(node, id, &CallFrame::default(), &[]).unwrap();
    }
    let mut text = Vec::new();
    tree::write(&builder.finish(), &mut text).unwrap();
    assert!(text.ends_with(&[b"]}".repeat(1_000_000), b"}".to_vec()].concat()));
}

#[test]
fn a_node_of_another_profile_is_refused_as_parent() {
    let mut large = SamplingHeapProfile::builder();
    let root = large.add_root(1, &CallFrame::root(), &[]).unwrap();
    let child = large.add_node(root, 2, &CallFrame::default(), &[]).unwrap();
    let mut small = SamplingHeapProfile::builder();
    small.add_root(1, &CallFrame::root(), &[]).unwrap();
    let refused = small.add_node(child, 2, &CallFrame::default(), &[]);
    assert!(
        matches!(refused, Err(Error::UnknownNode { index: 1, nodes: 1 })),
        "{refused:?}"
    );
}
