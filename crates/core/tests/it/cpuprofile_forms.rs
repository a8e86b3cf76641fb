//! The `nodes` and `tree` forms and the arrays, against a naive writer that builds nested strings recursively.

use crate::common::{cases, plain_nodes, plain_samples, profile};
use proptest::prelude::*;
use rs_profiler_core::format::cpuprofile::{nodes, timeline, tree, ProfileHeader};
use rs_profiler_core::format::Written;
use rs_profiler_core::model::{CallFrame, CallTree, CpuProfile, CpuProfileSource};
use rs_profiler_core::Error;

/// A JSON string.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn joined<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    format!("[{}]", items.join(","))
}

fn line_ticks<S: CpuProfileSource>(source: &S, node: S::Node) -> String {
    let mut ticks = Vec::new();
    source.line_ticks(node, &mut ticks);
    if ticks.is_empty() {
        return String::new();
    }
    let ticks = ticks
        .iter()
        .map(|tick| format!("{{\"line\":{},\"hitCount\":{}}}", tick.line.one_based(), tick.ticks));
    format!(",\"lineTicks\":{}", joined(ticks))
}

fn children<S: CpuProfileSource>(source: &S, node: S::Node) -> Vec<S::Node> {
    source.children(node).collect()
}

fn naive_nodes<S: CpuProfileSource>(source: &S, node: S::Node, into: &mut Vec<String>) {
    let CallFrame {
        function_name,
        url,
        script_id,
        line,
        column,
        bailout_reason,
    } = source.frame(node);
    let (script_id, line, column) = (script_id.get(), line.one_based(), column.one_based());
    let (id, hits, ticks) = (
        source.node_id(node).get(),
        source.hit_count(node),
        line_ticks(source, node),
    );
    let ids = joined(
        children(source, node)
            .into_iter()
            .map(|child| source.node_id(child).get()),
    );
    let (name, url, reason) = (quoted(&function_name), quoted(&url), quoted(&bailout_reason));
    into.push(format!(
        "{{\"id\":{id},\"hitCount\":{hits},\"callFrame\":{{\"functionName\":{name},\"scriptId\":{script_id},\
         \"bailoutReason\":{reason},\"url\":{url},\"lineNumber\":{line},\"columnNumber\":{column}{ticks}}},\
         \"children\":{ids}}}"
    ));
    for child in children(source, node) {
        naive_nodes(source, child, into);
    }
}

/// The tree without its `callUID`s.
fn naive_tree<S: CpuProfileSource>(source: &S, node: S::Node) -> String {
    let CallFrame {
        function_name,
        url,
        script_id,
        line,
        column,
        bailout_reason,
    } = source.frame(node);
    let (script_id, line, column) = (script_id.get(), line.one_based(), column.one_based());
    let (id, hits, ticks) = (
        source.node_id(node).get(),
        source.hit_count(node),
        line_ticks(source, node),
    );
    let below = joined(
        children(source, node)
            .into_iter()
            .map(|child| naive_tree(source, child)),
    );
    let (name, url, reason) = (quoted(&function_name), quoted(&url), quoted(&bailout_reason));
    format!(
        "{{\"functionName\":{name},\"url\":{url},\"lineNumber\":{line},\"columnNumber\":{column},\
         \"bailoutReason\":{reason},\"id\":{id},\"scriptId\":{script_id},\"hitCount\":{hits},\"children\":{below}{ticks}}}"
    )
}

/// Takes the `callUID`s out of a text and returns them.
fn without_call_uids(text: &str) -> (String, Vec<u32>) {
    let mut pieces = text.split("\"callUID\":");
    let mut rest = pieces.next().unwrap().to_owned();
    let mut uids = Vec::new();
    for piece in pieces {
        let (uid, after) = piece.split_once(',').unwrap();
        uids.push(uid.parse().unwrap());
        rest.push_str(after);
    }
    (rest, uids)
}

fn text_of(write: impl FnOnce(&mut Vec<u8>) -> Result<Written, Error>) -> String {
    let mut text = Vec::new();
    write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn both_forms_are_what_a_naive_writer_makes_of_random_profiles(source in profile()) {
        let source = CpuProfile::copy_of(&source).unwrap();
        let samples = plain_samples(&source);
        let ids = joined(samples.iter().map(|sample| sample.node_id.get()));
        let timestamps = joined(samples.iter().map(|sample| sample.time.as_micros()));
        let mut last = source.start_time().as_micros();
        let deltas = joined(samples.iter().map(|sample| {
            let time = sample.time.as_micros();
            time - std::mem::replace(&mut last, time)
        }));
        prop_assert_eq!(&text_of(|sink| timeline::write_samples(&source, sink)), &ids);
        prop_assert_eq!(&text_of(|sink| timeline::write_timestamps(&source, sink)), &timestamps);
        prop_assert_eq!(&text_of(|sink| timeline::write_time_deltas(&source, sink)), &deltas);

        let root = source.root().unwrap();
        let mut list = Vec::new();
        naive_nodes(&source, root, &mut list);
        let list = joined(list);
        prop_assert_eq!(&text_of(|sink| nodes::write_nodes(&source, sink)), &list);
        let header = ProfileHeader {
            type_id: "CPU",
            uid: "3",
            title: "a \"title\"",
            start_time: -5,
            end_time: 6,
        };
        prop_assert_eq!(
            text_of(|sink| nodes::write(&source, &header, sink)),
            format!(
                "{{\"typeId\":\"CPU\",\"uid\":\"3\",\"title\":\"a \\\"title\\\"\",\"nodes\":{list},\
                 \"startTime\":-5,\"endTime\":6,\"samples\":{ids},\"timeDeltas\":{deltas}}}"
            ),
        );

        let written_head = text_of(|sink| tree::write_head(&source, sink));
        let (head, uids) = without_call_uids(&written_head);
        prop_assert_eq!(head, naive_tree(&source, root));
        prop_assert_eq!(uids.len(), plain_nodes(&source).len());
        prop_assert_eq!(
            text_of(|sink| tree::write(&source, &header, sink)),
            format!(
                "{{\"typeId\":\"CPU\",\"uid\":\"3\",\"title\":\"a \\\"title\\\"\",\"head\":{written_head},\
                 \"startTime\":-5,\"endTime\":6,\"samples\":{ids},\"timestamps\":{timestamps}}}"
            ),
        );
    }

    #[test]
    fn call_uid_stands_after_the_column_and_is_one_per_function(source in profile()) {
        let text = text_of(|sink| tree::write_head(&source, sink));
        let after_column = text.split("\"columnNumber\":").nth(1).unwrap();
        prop_assert!(after_column
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(",\"callUID\":"));
        let (_, uids) = without_call_uids(&text);
        let frames: Vec<CallFrame<'_>> = plain_nodes(&source)
            .into_iter()
            .map(|node| CallFrame {
                bailout_reason: "".into(),
                ..node.frame
            })
            .collect();
        for (a, frame_a) in frames.iter().enumerate() {
            for (b, frame_b) in frames.iter().enumerate().skip(a + 1) {
                prop_assert_eq!(frame_a == frame_b, uids[a] == uids[b], "{:?} {:?}", frame_a, frame_b);
            }
        }
    }
}
