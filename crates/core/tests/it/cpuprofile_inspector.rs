//! The `inspector` form against what the inspectors of five Node versions wrote, byte for byte.

use crate::common::{fixture, TestProfile, NODES};
use rs_profiler_core::format::cpuprofile::inspector;
use rs_profiler_core::model::{CpuProfile, CpuProfileSource};

fn write(source: &impl CpuProfileSource) -> String {
    let mut text = Vec::new();
    let written = inspector::write(source, inspector::Options::default(), &mut text).unwrap();
    assert_eq!(written.samples, source.sample_count() as u64);
    String::from_utf8(text).unwrap()
}

#[test]
fn writes_what_the_inspector_of_each_node_wrote() {
    for node in NODES {
        let expected = fixture(&format!("node{node}.cpuprofile"));
        for part in [
            "deoptReason",
            "positionTicks",
            "file:///srv/app/my%20service/hot%20%C3%A9.js",
            "\\n sep \u{2028}",
        ] {
            assert!(expected.contains(part), "the profile of Node {node} has no {part}");
        }
        let recorded = TestProfile::from_cpu_profile(&expected);
        assert_eq!(write(&recorded), expected, "Node {node}, straight from the source");
        assert_eq!(
            write(&CpuProfile::copy_of(&recorded).unwrap()),
            expected,
            "Node {node}, from our copy"
        );
    }
}

#[test]
fn one_value_alone_is_the_same_text() {
    let expected = fixture("node26.cpuprofile");
    let mut nodes = Vec::new();
    let written = inspector::write_nodes(
        &TestProfile::from_cpu_profile(&expected),
        inspector::Options::default(),
        &mut nodes,
    )
    .unwrap();
    let nodes = String::from_utf8(nodes).unwrap();
    assert!(expected.starts_with(&format!("{{\"nodes\":{nodes},\"startTime\":")));
    assert_eq!(written.nodes, nodes.matches("\"id\":").count() as u64);
}
