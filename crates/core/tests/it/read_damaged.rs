//! Damaged profiles give an error that names the byte and the part, or what is whole of them; never a panic.

use crate::common::{fixture, plain_nodes, plain_samples};
use rs_profiler_core::format::{cpuprofile, heapprofile};
use rs_profiler_core::model::CpuProfile;
use rs_profiler_core::Error;

/// `text` has a `^` where the error is said to be. Returns section and reason.
fn error_at_mark(text: &str, read: impl Fn(&[u8]) -> Option<Error>) -> (&'static str, String) {
    let mark = text.find('^').unwrap();
    let text = text.replacen('^', "", 1);
    match read(text.as_bytes()) {
        Some(Error::ProfileText {
            offset,
            section,
            reason,
        }) => {
            assert_eq!(offset as usize, mark, "{text}: {reason}");
            (section, reason.into())
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn cpu_error(text: &[u8]) -> Option<Error> {
    cpuprofile::read(text, cpuprofile::ReadOptions::default()).err()
}

fn heap_error(text: &[u8]) -> Option<Error> {
    heapprofile::read(text).err()
}

#[test]
fn errors_of_cpu_profiles_name_byte_and_section() {
    const ROOT: &str = r#"{"id":1,"callFrame":{"functionName":"(root)"}}"#;
    let root = |text: &str| text.replace("ROOT", ROOT);
    for (text, expected_section, part) in [
        ("^[]", "the beginning", "a CPU profile was expected, not '['"),
        (r#"{"nodes":^{}}"#, "nodes", "an array of nodes"),
        (r#"{"nodes":[^1]}"#, "nodes", "a node was expected, not '1'"),
        (r#"{"nodes":[^{}]}"#, "nodes", "no id"),
        (r#"{"nodes":[^{"id":1}]}"#, "nodes", "no callFrame"),
        (
            r#"{"nodes":[{"id":^4294967296}]}"#,
            "nodes",
            "a node id was expected, not 4294967296",
        ),
        (r#"{"nodes":[{"id":^-1}]}"#, "nodes", "a node id"),
        (r#"{"nodes":[{"id":^1.5}]}"#, "nodes", "a node id"),
        (
            r#"{"nodes":[{"id":^"1"}]}"#,
            "nodes",
            "a node id was expected, not '\"'",
        ),
        (r#"{"nodes":[{"hitCount":^1e99}]}"#, "nodes", "a hit count"),
        (r#"{"nodes":[{"callFrame":{"scriptId":^"x"}}]}"#, "nodes", "script id"),
        (r#"{"nodes":[ROOT,^ROOT]}"#, "nodes", "second node with the id 1"),
        (
            r#"{"nodes":[^{"id":1,"callFrame":{},"children":[1]}]}"#,
            "nodes",
            "is the root and a child of another",
        ),
        (
            r#"{"nodes":[^{"id":1,"callFrame":{},"children":[9]}]}"#,
            "nodes",
            "child has the id 9, which no node has",
        ),
        (
            r#"{"nodes":[ROOT,^{"id":2,"callFrame":{},"parent":9}]}"#,
            "nodes",
            "parent has the id 9, which no node has",
        ),
        (r#"{"nodes":[ROOT,^{"id":2,"callFrame":{}}]}"#, "nodes", "has no parent"),
        (
            r#"{"nodes":[ROOT,^{"id":2,"callFrame":{},"children":[3]},{"id":3,"callFrame":{},"children":[2]}]}"#,
            "nodes",
            "does not hang below the root",
        ),
        (
            r#"{"nodes":[{"id":1,"callFrame":{},"children":[2,3]},{"id":2,"callFrame":{}},^{"id":3,"callFrame":{},"children":[2]}]}"#,
            "nodes",
            "is a child of two nodes",
        ),
        (r#"{"nodes":[ROOT],"nodes":^[]}"#, "the profile", "twice"),
        (
            r#"{"nodes":[ROOT],"samples":[^{}]}"#,
            "samples",
            "a node id was expected, not '{'",
        ),
        (r#"{"nodes":[ROOT],"samples":^[1,2]}"#, "samples", "entry 1 is 2"),
        (
            r#"{"nodes":[ROOT],"samples":[1],"timeDeltas":[1,2]}^"#,
            "samples",
            "another number",
        ),
        (
            r#"{"nodes":[ROOT],"startTime":1,"samples":[1],"timeDeltas":[9223372036854775807]}^"#,
            "samples",
            "64 bits",
        ),
        (r#"{"nodes":[ROOT],"startTime":^"now"}"#, "the profile", "a time"),
        (r#"{"nodes":[ROOT]}^x"#, "the end", "nothing more was expected"),
        (r#"{"nodes":[]}^"#, "the profile", "not a CPU profile"),
        (r#"{"snapshot":{},"nodes":[^0,1]}"#, "nodes", "a node"),
        (r#"{"head":[{^}]}"#, "head", ""),
        (r#"{"head":^{"functionName":"f"}}"#, "head", "no id"),
        (r#"{"head":^{"id":1}}"#, "head", "no function"),
        (
            r#"{"head":{"functionName":"f","id":1,"children":[^{"functionName":"f","id":1},{}]}}"#,
            "head",
            "",
        ),
        (
            r#"{"head":{"callFrame":{},"selfSize":^1}}"#,
            "head",
            "sampling heap profile",
        ),
        (
            r#"{"nodes":[ROOT],"typeId":nul^L}"#,
            "the profile",
            "true, false or null",
        ),
    ] {
        let text = root(text);
        if part.is_empty() {
            assert!(cpu_error(text.replace('^', "").as_bytes()).is_some(), "{text}");
            continue;
        }
        let (section, reason) = error_at_mark(&text, cpu_error);
        assert!(reason.contains(part), "{text}: {reason}");
        assert_eq!(section, expected_section, "{text}");
    }
}

#[test]
fn errors_of_sampling_heap_profiles_name_byte_and_section() {
    for (text, expected_section, part) in [
        (r#"{"nodes":[]}^"#, "the end", "not a sampling heap profile"),
        (r#"{"head":^{}}"#, "the end", "no callFrame"),
        (
            r#"{"head":{"callFrame":{},"selfSize":-1^}}"#,
            "head",
            "not a negative number",
        ),
        (
            r#"{"head":{"id":1,"callFrame":{},"children":[^{"id":1,"callFrame":{}}]}}"#,
            "the end",
            "second node with the id 1",
        ),
        (
            r#"{"head":{"id":1,"callFrame":{},"children":[^{"callFrame":{}}]}}"#,
            "the end",
            "no id",
        ),
        (
            r#"{"head":{"id":1,"callFrame":{}},"samples":^[{"size":8,"nodeId":2}]}"#,
            "samples",
            "entry 0 names the id 2",
        ),
        (r#"{"head":{"callFrame":{"url":^[]}}}"#, "head", "a url was expected"),
    ] {
        let (section, reason) = error_at_mark(text, heap_error);
        assert!(reason.contains(part), "{text}: {reason}");
        assert_eq!(section, expected_section, "{text}");
    }
}

/// The inspector's text of `node20.cpuprofile` and the tree form of the same profile.
fn two_texts() -> [String; 2] {
    let inspector = fixture("node20.cpuprofile");
    let profile = whole(&inspector);
    let mut tree = Vec::new();
    let header = cpuprofile::ProfileHeader::for_tree("0", "a", &profile, (1, 2));
    cpuprofile::tree::write(&profile, &header, &mut tree).unwrap();
    [inspector, String::from_utf8(tree).unwrap()]
}

fn whole(text: &str) -> CpuProfile {
    cpuprofile::read(text.as_bytes(), cpuprofile::ReadOptions::default())
        .unwrap()
        .profile
}

#[test]
fn texts_cut_anywhere_say_how_far_they_go_and_give_what_is_whole_if_asked() {
    for text in two_texts() {
        let complete = plain_nodes(&whole(&text));
        let samples = plain_samples(&whole(&text));
        let mut most = 0;
        // A step that shares no factor with anything in the text.
        for length in (0..text.len()).step_by(31).chain([text.len() - 1]) {
            let cut = &text.as_bytes()[..length];
            match cpu_error(cut) {
                Some(Error::ProfileTruncated { offset, .. }) => assert_eq!(offset as usize, length),
                other => panic!("{length}: {other:?}"),
            }
            let Ok(part) = cpuprofile::read(cut, cpuprofile::ReadOptions::accepting_truncated()) else {
                assert_eq!(most, 0, "what could be read of less text can be read of {length} bytes");
                continue;
            };
            assert_eq!(part.truncated_at, Some(length as u64));
            let nodes = plain_nodes(&part.profile);
            for node in &nodes {
                let original = complete.iter().find(|original| original.id == node.id).unwrap();
                // The last nodes of a cut tree lack what stands behind their children.
                assert!(node.frame == original.frame || text.contains("head"), "{length}");
                assert!(node
                    .children
                    .iter()
                    .all(|id| original.children.contains(id) || node.id == 1));
            }
            assert!(nodes.len() >= most, "{length}");
            most = nodes.len();
            let found = plain_samples(&part.profile);
            assert!(found.len() <= samples.len());
            assert!(found.iter().zip(&samples).all(|(a, b)| a.node_id == b.node_id));
        }
        assert_eq!(most, complete.len());
    }
}

#[test]
fn unclosed_nodes_of_any_depth_are_cut_off_texts() {
    for opening in [
        r#"{"callFrame":{},"id":1,"children":["#,
        r#"{"children":["#,
        r#"{"x":[[{"y":"#,
    ] {
        let text = format!(r#"{{"head":{}"#, opening.repeat(200_000));
        for error in [cpu_error(text.as_bytes()), heap_error(text.as_bytes())] {
            assert!(
                matches!(error, Some(Error::ProfileTruncated { offset, .. }) if offset as usize == text.len()),
                "{error:?}"
            );
        }
    }
}
