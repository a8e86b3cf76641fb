//! The `inspector` form against what the inspectors of five Node versions wrote, byte for byte.

use crate::common::{fixture, RecordedProfile, NODES};
use rs_profiler_core::format::cpuprofile::{inspector, FileUrlStyle, FileUrls};
use rs_profiler_core::model::{CpuProfile, CpuProfileSource};

fn write(source: &impl CpuProfileSource) -> String {
    let mut text = Vec::new();
    let written = inspector::write(source, inspector::Options::default(), &mut text).unwrap();
    assert_eq!(written.bytes, text.len() as u64);
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
        let recorded = RecordedProfile::parse(&expected);
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
        &RecordedProfile::parse(&expected),
        inspector::Options::default(),
        &mut nodes,
    )
    .unwrap();
    let nodes = String::from_utf8(nodes).unwrap();
    assert!(expected.starts_with(&format!("{{\"nodes\":{nodes},\"startTime\":")));
    assert_eq!(written.nodes, nodes.matches("\"id\":").count() as u64);
}

#[test]
fn file_urls_are_those_of_nodes_url_parser() {
    let rows: Vec<(String, String, String)> = serde_json::from_str(&fixture("file-urls.json")).unwrap();
    assert!(rows.len() > 100);
    for (name, caret_kept, caret_encoded) in &rows {
        assert_eq!(
            FileUrls::new(FileUrlStyle::CaretKept).url_of(name),
            caret_kept,
            "{name:?}"
        );
        assert_eq!(
            FileUrls::new(FileUrlStyle::CaretEncoded).url_of(name),
            caret_encoded,
            "{name:?}"
        );
    }
    let mut reused = FileUrls::new(FileUrlStyle::CaretKept);
    for (name, caret_kept, _) in &rows {
        assert_eq!(reused.url_of(name), caret_kept, "{name:?}, with a used buffer");
    }
}
