//! Every shape of a CPU profile is read to what was recorded.

use std::borrow::Cow;

use crate::common::{fixture, plain_nodes, plain_samples, PlainNode, RandomTree, RecordedProfile, NODES};
use rs_profiler_core::format::cpuprofile::{
    inspector, nodes, read, tree, FileUrlStyle, ProfileHeader, ReadCpuProfile, ReadOptions, Shape,
};
use rs_profiler_core::model::{CpuProfile, CpuProfileSource, LineTick};
use serde_json::{json, Value};

fn read_text(text: &str) -> ReadCpuProfile {
    read(text.as_bytes(), ReadOptions::default()).unwrap()
}

fn inspector_text(profile: &CpuProfile) -> String {
    let mut text = Vec::new();
    inspector::write(
        profile,
        inspector::Options::with_file_urls(FileUrlStyle::CaretEncoded),
        &mut text,
    )
    .unwrap();
    String::from_utf8(text).unwrap()
}

fn nodes_text(profile: &CpuProfile) -> String {
    let mut text = Vec::new();
    nodes::write(profile, &ProfileHeader::for_nodes("0", "a", profile), &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn tree_text(profile: &CpuProfile) -> String {
    let mut text = Vec::new();
    let header = ProfileHeader::for_tree("0", "a", profile, (1, 2));
    tree::write(profile, &header, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// The nodes as the inspector tells of them.
fn without_no_reason(nodes: Vec<PlainNode>) -> Vec<PlainNode> {
    nodes
        .into_iter()
        .map(|mut node| {
            if node.frame.bailout_reason == "no reason" {
                node.frame.bailout_reason = Cow::Borrowed("");
            }
            node
        })
        .collect()
}

#[test]
fn inspector_texts_of_each_node_are_read_and_written_again_byte_for_byte() {
    for node in NODES {
        let text = fixture(&format!("node{node}.cpuprofile"));
        let read = read_text(&text);
        assert_eq!((read.shape, read.truncated_at), (Shape::Inspector, None));
        assert_eq!(inspector_text(&read.profile), text, "Node {node}");
        let recorded = RecordedProfile::parse(&text);
        assert_eq!(plain_nodes(&read.profile), plain_nodes(&recorded), "Node {node}");
        assert_eq!(plain_samples(&read.profile), plain_samples(&recorded), "Node {node}");
    }
}

#[test]
fn random_profiles_come_back_from_every_form() {
    for seed in 0..200 {
        let profile = CpuProfile::copy_of(&RandomTree::new(seed, false)).unwrap();
        let (expected, samples) = (plain_nodes(&profile), plain_samples(&profile));
        let from = |text: &str, shape: Shape| {
            let read = read_text(text);
            assert_eq!(read.shape, shape, "seed {seed}");
            assert_eq!(plain_samples(&read.profile), samples, "seed {seed}");
            read.profile
        };
        let profiles = [
            (from(&inspector_text(&profile), Shape::Inspector), true),
            (from(&nodes_text(&profile), Shape::Nodes), true),
            (from(&tree_text(&profile), Shape::Tree), false),
        ];
        for (back, has_times) in profiles {
            assert_eq!(
                without_no_reason(plain_nodes(&back)),
                without_no_reason(expected.clone()),
                "seed {seed}"
            );
            if has_times {
                assert_eq!(back.start_time_us(), profile.start_time_us());
                assert_eq!(back.end_time_us(), profile.end_time_us());
            }
        }
    }
}

/// The profile of an inspector's text as Chrome's traces have it.
fn as_trace(text: &str, wrapped: bool) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    let nodes = value["nodes"].as_array().unwrap().clone();
    let mut lines = Vec::new();
    for sample in value["samples"].as_array().unwrap() {
        let node = nodes.iter().find(|node| node["id"] == *sample).unwrap();
        lines.push(node["positionTicks"][0]["line"].as_u64().unwrap_or(0));
    }
    let traced: Vec<Value> = nodes
        .iter()
        .map(|node| {
            let mut frame = node["callFrame"].clone();
            frame["scriptId"] = json!(frame["scriptId"].as_str().unwrap().parse::<i32>().unwrap());
            frame["codeType"] = json!("JS");
            let mut traced = json!({ "callFrame": frame, "id": node["id"] });
            let is_child = |parent: &&Value| {
                parent["children"]
                    .as_array()
                    .is_some_and(|ids| ids.contains(&node["id"]))
            };
            if let Some(parent) = nodes.iter().find(is_child) {
                traced["parent"] = parent["id"].clone();
            }
            if let Some(reason) = node.get("deoptReason") {
                traced["deoptReason"] = reason.clone();
            }
            traced
        })
        .collect();
    value["nodes"] = Value::from(traced);
    if wrapped {
        let mut inner = value;
        let deltas = inner.as_object_mut().unwrap().remove("timeDeltas").unwrap();
        return json!({ "cpuProfile": inner, "timeDeltas": deltas, "lines": lines }).to_string();
    }
    value["lines"] = Value::from(lines);
    value.to_string()
}

#[test]
fn traced_profiles_get_hits_and_lines_from_their_samples() {
    for node in NODES {
        let text = fixture(&format!("node{node}.cpuprofile"));
        let expected = read_text(&text).profile;
        for wrapped in [false, true] {
            let traced = read_text(&as_trace(&text, wrapped));
            assert_eq!(traced.shape, Shape::Trace);
            let samples = plain_samples(&traced.profile);
            assert_eq!(samples, plain_samples(&expected));
            assert_eq!(traced.profile.start_time_us(), expected.start_time_us());
            assert_eq!(traced.profile.end_time_us(), expected.end_time_us());
            let mut sorted = plain_nodes(&traced.profile);
            sorted.sort_by_key(|node| node.id);
            let mut by_id = plain_nodes(&expected);
            by_id.sort_by_key(|node| node.id);
            for (node, expected) in sorted.iter().zip(&by_id) {
                assert_eq!(node.frame, expected.frame);
                assert_eq!(node.children, expected.children);
                let hits = samples.iter().filter(|sample| sample.node_id == node.id).count();
                assert_eq!(node.hit_count as usize, hits);
                let ticks: Vec<LineTick> = expected.ticks.first().map_or(vec![], |first| {
                    vec![LineTick {
                        line: first.line,
                        ticks: hits as u32,
                    }]
                });
                assert_eq!(node.ticks, if hits == 0 { vec![] } else { ticks });
            }
            assert_eq!(sorted.len(), by_id.len());
        }
    }
}

#[test]
fn keys_may_come_in_any_order_and_unknown_ones_are_passed() {
    let text = r#" {"samples":[7,8], "x":[{"y":[[]]}], "timeDeltas":[1,1.6], "endTime":9, "title":null, "nodes":[
        {"children":[8],"callFrame":{"codeType":"JS","functionName":"(root)"},"id":7,"locals":{}},
        {"callFrame":{"url":null,"lineNumber":2,"functionName":"f","scriptId":""},"hitCount":2,"id":8}],
        "startTime":5.2} "#;
    let profile = read_text(text).profile;
    let found = plain_nodes(&profile);
    assert_eq!(found.len(), 2);
    assert_eq!(
        (found[1].frame.line, found[1].frame.column, found[1].hit_count),
        (3, 0, 2)
    );
    assert_eq!((profile.start_time_us(), profile.end_time_us()), (5, 9));
    let times: Vec<i64> = plain_samples(&profile)
        .iter()
        .map(|sample| sample.timestamp_us)
        .collect();
    assert_eq!(times, [6, 8]);
}

/// A tree that is nothing but a chain.
fn chain(depth: usize) -> String {
    let mut text = String::from(r#"{"head":"#);
    for id in 1..=depth {
        text += &format!(r#"{{"functionName":"f","url":"","lineNumber":{id},"id":{id},"hitCount":1,"children":["#);
    }
    text += &"]}".repeat(depth);
    text + r#","startTime":1,"endTime":2}"#
}

#[test]
fn a_tree_of_a_hundred_thousand_levels_overflows_nothing() {
    let profile = read_text(&chain(100_000)).profile;
    assert_eq!(profile.node_count(), 100_000);
    let (mut node, mut depth) = (profile.root(), 1);
    while profile.child_count(node) == 1 {
        node = profile.child(node, 0);
        depth += 1;
    }
    assert_eq!((depth, profile.frame(node).line), (100_000, 100_000));
    assert_eq!((profile.start_time_us(), profile.end_time_us()), (1_000_000, 2_000_000));
}
