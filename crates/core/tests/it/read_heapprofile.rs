//! Both forms of a sampling heap profile are read to what was recorded.

use crate::common::{fixture, NODES};
use rs_profiler_core::format::heapprofile::{inspector, read, tree};
use rs_profiler_core::model::{CallFrame, SamplingHeapProfile};

fn inspector_text(profile: &SamplingHeapProfile) -> String {
    let mut text = Vec::new();
    inspector::write(profile, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn tree_text(profile: &SamplingHeapProfile) -> String {
    let mut text = Vec::new();
    tree::write(profile, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn texts_of_each_node_are_read_and_written_again_byte_for_byte() {
    for node in NODES {
        let text = fixture(&format!("node{node}.heapprofile"));
        let profile = read(text.as_bytes()).unwrap().profile;
        assert!(profile.node_count() > 3 && !profile.samples().is_empty());
        assert_eq!(inspector_text(&profile), text, "Node {node}");
        let tree = tree_text(&profile);
        assert_eq!(
            tree_text(&read(tree.as_bytes()).unwrap().profile),
            tree,
            "Node {node}, as a tree"
        );
    }
}

#[test]
fn a_tree_of_a_hundred_thousand_levels_overflows_nothing() {
    let depth = 100_000;
    let text = format!(
        r#"{{"head":{}{}}}"#,
        r#"{"callFrame":{"functionName":"f","scriptId":3,"lineNumber":5},"selfSize":8,"children":["#.repeat(depth),
        "]}".repeat(depth)
    );
    let profile = read(text.as_bytes()).unwrap().profile;
    assert_eq!(profile.node_count(), depth);
    let (mut node, mut ids) = (profile.root(), Vec::new());
    while let Some(index) = node {
        ids.push(profile.node_id(index));
        assert_eq!((profile.self_size(index), profile.frame(index).line), (8, 5));
        node = profile.first_child(index);
    }
    assert_eq!(ids, (1..=depth as u32).collect::<Vec<_>>());
}

#[test]
fn a_frame_without_anything_is_an_empty_frame() {
    let profile = read(&br#"{"head":{"callFrame":{},"children":null,"x":1},"samples":null}"#[..])
        .unwrap()
        .profile;
    let root = profile.root().unwrap();
    assert_eq!(profile.frame(root), CallFrame::default());
    assert!(profile.allocations(root).is_empty());
}
