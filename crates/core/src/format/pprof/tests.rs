//! What was written, decoded again.

use std::io::Read;

use flate2::read::GzDecoder;

use super::*;
use crate::model::{CallFrame, CpuProfileBuilder, LineTick, MetaFilter, Sample};

fn decode(file: &[u8]) -> Profile {
    let mut message = Vec::new();
    GzDecoder::new(file).read_to_end(&mut message).unwrap();
    Profile::decode(&message[..]).unwrap()
}

fn frame(name: &'static str, line: i32) -> CallFrame<'static> {
    CallFrame {
        function_name: name.into(),
        url: "/srv/app.js".into(),
        line,
        column: 7,
        ..CallFrame::default()
    }
}

/// (root) -> a -> b -> a, and (idle).
fn recursive() -> CallTree {
    let mut builder = CpuProfileBuilder::new();
    let nodes: Vec<_> = (0..5).map(|_| builder.open_node().unwrap()).collect();
    let tick = |line, ticks| LineTick { line, ticks };
    let idle = CallFrame {
        function_name: "(idle)".into(),
        ..CallFrame::default()
    };
    let ticks = [tick(12, 1), tick(11, 1), tick(12, 1)];
    builder.fill_node(nodes[0], 1, &CallFrame::root(), 0, &[]).unwrap();
    builder.fill_node(nodes[1], 2, &frame("a", 10), 0, &[]).unwrap();
    builder.fill_node(nodes[2], 3, &frame("", 20), 1, &[]).unwrap();
    builder.fill_node(nodes[3], 4, &frame("a", 10), 4, &ticks).unwrap();
    builder.fill_node(nodes[4], 5, &idle, 9, &[]).unwrap();
    for (parent, child) in [(0, 1), (1, 2), (2, 3), (0, 4)] {
        builder.adopt(nodes[parent], nodes[child]).unwrap();
    }
    for (node_id, timestamp_us) in [(3, 100), (4, 110), (5, 150)] {
        builder.add_sample(Sample { node_id, timestamp_us });
    }
    CallTree::of_cpu_profile(&builder.finish(0, 1_000).unwrap()).unwrap()
}

#[test]
fn stacks_lines_and_values_are_what_the_profile_has() {
    let mut file = Vec::new();
    let length = write(&recursive(), MetaFilter::default(), &mut file).unwrap();
    assert_eq!(length, file.len() as u64);
    let profile = decode(&file);
    let text = |number: i64| profile.string_table[number as usize].as_str();
    assert_eq!(text(0), "");
    let types: Vec<_> = profile
        .sample_type
        .iter()
        .map(|one| (text(one.r#type), text(one.unit)))
        .collect();
    assert_eq!(types, [("sample", "count"), ("wall", "nanoseconds")]);
    assert_eq!(profile.duration_nanos, 1_000_000);
    let stacks: Vec<(String, Vec<i64>)> = profile
        .sample
        .iter()
        .map(|sample| {
            let frames = sample.location_id.iter().map(|&id| {
                let location = &profile.location[id as usize - 1];
                assert_eq!(location.id, id);
                let function = &profile.function[location.line[0].function_id as usize - 1];
                assert_eq!(text(function.filename), "/srv/app.js");
                format!("{}:{}", text(function.name), location.line[0].line)
            });
            (frames.collect::<Vec<_>>().join(" "), sample.value.clone())
        })
        .collect();
    assert_eq!(
        stacks,
        [
            ("(anonymous):20 a:10".to_owned(), vec![1, 10_000]),
            ("a:11 (anonymous):20 a:10".to_owned(), vec![1, 10_000]),
            ("a:12 (anonymous):20 a:10".to_owned(), vec![2, 20_000]),
            ("a:10 (anonymous):20 a:10".to_owned(), vec![1, 10_000]),
        ]
    );
    assert_eq!(profile.function.len(), 2);
}

#[test]
fn idle_time_is_there_if_asked() {
    let mut file = Vec::new();
    write(&recursive(), MetaFilter::with_meta(true), &mut file).unwrap();
    let profile = decode(&file);
    let sum = |index: usize| profile.sample.iter().map(|sample| sample.value[index]).sum::<i64>();
    assert_eq!((sum(0), sum(1)), (14, 900_000));
}

#[test]
fn the_sinks_error_is_passed_on() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("full"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert!(matches!(
        write(&recursive(), MetaFilter::default(), Full),
        Err(crate::Error::Sink { offset: 0, .. })
    ));
}
