//! Collapsed stacks, speedscope and the flame graph, against stacks spelled out one by one.

use std::collections::BTreeMap;

use crate::common::{fixture, plain_stacks, PlainStack, RandomTree, NODES};
use rs_profiler_core::format::collapsed::{self, Value};
use rs_profiler_core::format::flame_graph::{self, FlameGraphOptions};
use rs_profiler_core::format::{cpuprofile, heapprofile, speedscope};
use rs_profiler_core::model::{CallFrame, CallTree, CpuProfile, CpuProfileSource, HeapCounts, MetaFilter};
use rs_profiler_core::Error;

fn cpu_fixture(node: u32) -> CpuProfile {
    let text = fixture(&format!("node{node}.cpuprofile"));
    cpuprofile::read(text.as_bytes(), cpuprofile::ReadOptions::default())
        .unwrap()
        .profile
}

fn label(frame: &CallFrame<'_>) -> String {
    let name = match &*frame.function_name {
        "" => "(anonymous)",
        name => name,
    };
    let label = match (&*frame.url, frame.line) {
        ("", _) => name.to_owned(),
        (url, 0) => format!("{name} ({url})"),
        (url, line) => format!("{name} ({url}:{line})"),
    };
    label.replace(';', ":").replace(['\n', '\r'], " ")
}

/// Sums by stack. V8 names a stack twice when a function was compiled twice.
fn sums(stacks: &[PlainStack], value: Value) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for stack in stacks {
        let number = value.of(stack.weight);
        if number > 0 {
            let labels: Vec<String> = stack.frames.iter().map(label).collect();
            *sums.entry(labels.join(";")).or_default() += number;
        }
    }
    sums
}

fn collapsed_sums(tree: &CallTree, value: Value, options: MetaFilter) -> BTreeMap<String, u64> {
    let mut text = Vec::new();
    let length = collapsed::write(tree, value, options, &mut text).unwrap();
    assert_eq!(length, text.len() as u64);
    let text = String::from_utf8(text).unwrap();
    let mut sums = BTreeMap::new();
    for line in text.lines() {
        let (stack, number) = line.rsplit_once(' ').unwrap();
        *sums.entry(stack.to_owned()).or_default() += number.parse::<u64>().unwrap();
    }
    sums
}

#[test]
fn collapsed_stacks_are_those_of_random_profiles() {
    for seed in 0..60 {
        let source = CpuProfile::copy_of(&RandomTree::new(seed, false)).unwrap();
        let tree = CallTree::of_cpu_profile(&source).unwrap();
        let stacks = plain_stacks(&source);
        for value in [Value::Count, Value::Amount] {
            assert_eq!(
                collapsed_sums(&tree, value, MetaFilter::with_meta(true)),
                sums(&stacks, value),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn collapsed_stacks_of_recorded_profiles_leave_out_what_is_not_wanted() {
    for node in NODES {
        let source = cpu_fixture(node);
        let tree = CallTree::of_cpu_profile(&source).unwrap();
        let mut expected = sums(&plain_stacks(&source), Value::Amount);
        assert_eq!(
            collapsed_sums(&tree, Value::Amount, MetaFilter::with_meta(true)),
            expected
        );
        expected.remove("(idle)");
        assert_eq!(collapsed_sums(&tree, Value::Amount, MetaFilter::default()), expected);
        assert!(expected.remove("(program)").is_some() | expected.remove("(garbage collector)").is_some());
        assert_eq!(
            collapsed_sums(&tree, Value::Amount, MetaFilter::with_meta(false)),
            expected
        );
    }
}

#[test]
fn a_name_that_ends_in_a_number_is_not_taken_for_a_value() {
    let text =
        r#"{"head":{"functionName":"(root)","id":1,"children":[{"functionName":"step; 12","id":2,"hitCount":3}]}}"#;
    let profile = cpuprofile::read(text.as_bytes(), cpuprofile::ReadOptions::default()).unwrap();
    let tree = CallTree::of_cpu_profile(&profile.profile).unwrap();
    let mut lines = Vec::new();
    collapsed::write(&tree, Value::Count, MetaFilter::default(), &mut lines).unwrap();
    assert_eq!(String::from_utf8(lines).unwrap(), "step:\u{a0}12 3\n");
}

#[test]
fn stacks_of_a_hundred_thousand_frames_are_cut_and_nothing_is_lost() {
    let node = r#"{"functionName":"f","id":ID,"hitCount":1,"children":["#;
    let nodes: String = (1..=100_000).map(|id| node.replace("ID", &id.to_string())).collect();
    let text = format!("{{\"head\":{nodes}{}}}", "]}".repeat(100_000));
    let profile = cpuprofile::read(text.as_bytes(), cpuprofile::ReadOptions::default()).unwrap();
    let tree = CallTree::of_cpu_profile(&profile.profile).unwrap();
    let sums = collapsed_sums(&tree, Value::Count, MetaFilter::default());
    assert_eq!(sums.len(), 512);
    assert_eq!(sums.values().sum::<u64>(), 99_999);
}

/// The time of each stack in a speedscope text with opening and closing frames; checks that they nest.
fn evented_sums(text: &[u8]) -> BTreeMap<String, u64> {
    let file: serde_json::Value = serde_json::from_slice(text).unwrap();
    let names = frame_names(&file);
    let profile = &file["profiles"][0];
    assert_eq!(
        (&profile["type"], &profile["unit"]),
        (&"evented".into(), &"microseconds".into())
    );
    let mut stack: Vec<u64> = Vec::new();
    let mut sums = BTreeMap::new();
    let mut last = profile["startValue"].as_u64().unwrap();
    for event in profile["events"].as_array().unwrap() {
        let (at, frame) = (event["at"].as_u64().unwrap(), event["frame"].as_u64().unwrap());
        assert!(at >= last);
        if at > last && !stack.is_empty() {
            let labels: Vec<&str> = stack.iter().map(|&frame| &*names[frame as usize]).collect();
            *sums.entry(labels.join(";")).or_default() += at - last;
        }
        last = at;
        match event["type"].as_str().unwrap() {
            "O" => stack.push(frame),
            _ => assert_eq!(stack.pop(), Some(frame)),
        }
    }
    assert!(stack.is_empty() && last <= profile["endValue"].as_u64().unwrap());
    sums
}

fn frame_names(file: &serde_json::Value) -> Vec<String> {
    let frames = file["shared"]["frames"].as_array().unwrap();
    frames
        .iter()
        .map(|frame| {
            label(&CallFrame {
                function_name: frame["name"].as_str().unwrap().to_owned().into(),
                url: frame["file"].as_str().unwrap_or("").to_owned().into(),
                line: frame["line"].as_i64().unwrap_or(0) as i32,
                ..CallFrame::default()
            })
        })
        .collect()
}

#[test]
fn speedscope_shows_cpu_profiles_in_time_with_gc_and_program_on_top() {
    let mut on_top = 0;
    for node in NODES {
        let source = cpu_fixture(node);
        let mut text = Vec::new();
        let length = speedscope::write_cpu_profile(&source, "a \"name\"", &mut text).unwrap();
        assert_eq!(length, text.len() as u64);
        // By the definition: replay the samples.
        let stacks: BTreeMap<u32, Vec<String>> = {
            let mut by_id = BTreeMap::new();
            let mut open = vec![(source.root(), Vec::new())];
            while let Some((node, labels)) = open.pop() {
                for index in 0..source.child_count(node) {
                    let mut labels: Vec<String> = labels.clone();
                    labels.push(label(&source.frame(source.child(node, index))));
                    open.push((source.child(node, index), labels));
                }
                by_id.insert(source.node_id(node), labels);
            }
            by_id
        };
        let mut expected = BTreeMap::new();
        let mut before: Vec<String> = Vec::new();
        for index in 0..source.sample_count() {
            let sample = source.sample(index);
            let until = match index + 1 < source.sample_count() {
                true => source.sample(index + 1).timestamp_us,
                false => source.end_time_us(),
            };
            let mut stack = stacks[&sample.node_id].clone();
            match stack.join(";").as_str() {
                "(idle)" => {
                    before = Vec::new();
                    continue;
                }
                "(garbage collector)" | "(program)" => {
                    on_top += usize::from(!before.is_empty());
                    stack = [before.clone(), stack].concat();
                }
                _ => before.clone_from(&stack),
            }
            if !stack.is_empty() && until > sample.timestamp_us {
                *expected.entry(stack.join(";")).or_default() += (until - sample.timestamp_us) as u64;
            }
        }
        assert_eq!(evented_sums(&text), expected, "Node {node}");
    }
    assert!(on_top > 0);
}

#[test]
fn speedscope_takes_random_profiles_with_times_that_go_back() {
    for seed in 0..60 {
        let source = CpuProfile::copy_of(&RandomTree::new(seed, false)).unwrap();
        let mut text = Vec::new();
        speedscope::write_cpu_profile(&source, "", &mut text).unwrap();
        let times = CallTree::of_cpu_profile(&source).unwrap();
        let not_drawn: u64 = times.self_weight(times.root()).amount;
        let all: u64 = evented_sums(&text).values().sum();
        // What lies before the start of a profile cannot be drawn.
        let samples = (0..source.sample_count()).map(|index| source.sample(index).timestamp_us);
        if samples.min().is_some_and(|first| first >= source.start_time_us()) && source.start_time_us() >= 0 {
            assert_eq!(all + not_drawn, times.total_weight(times.root()).amount, "seed {seed}");
        }
    }
}

#[test]
fn speedscope_shows_the_bytes_of_sampling_heap_profiles() {
    for node in NODES {
        let text = fixture(&format!("node{node}.heapprofile"));
        let profile = heapprofile::read(text.as_bytes()).unwrap().profile;
        let tree = CallTree::of_heap_profile(&profile, HeapCounts::Samples).unwrap();
        let mut text = Vec::new();
        speedscope::write_heap_profile(&tree, "heap", &mut text).unwrap();
        let file: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let names = frame_names(&file);
        let profile = &file["profiles"][0];
        let (samples, weights) = (
            profile["samples"].as_array().unwrap(),
            profile["weights"].as_array().unwrap(),
        );
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        for (sample, weight) in samples.iter().zip(weights) {
            let labels: Vec<&str> = sample
                .as_array()
                .unwrap()
                .iter()
                .map(|frame| &*names[frame.as_u64().unwrap() as usize])
                .collect();
            *sums.entry(labels.join(";")).or_default() += weight.as_u64().unwrap();
        }
        assert_eq!(samples.len(), weights.len());
        assert!(!sums.is_empty());
        assert_eq!(
            sums,
            collapsed_sums(&tree, Value::Amount, MetaFilter::default()),
            "Node {node}"
        );
        assert_eq!(profile["endValue"], sums.values().sum::<u64>());
    }
}

#[test]
fn flame_graphs_have_the_wide_frames_and_no_idle_time() {
    let tree = CallTree::of_cpu_profile(&cpu_fixture(24)).unwrap();
    let draw = |options: &FlameGraphOptions| {
        let mut svg = Vec::new();
        assert_eq!(flame_graph::write(&tree, options, &mut svg).unwrap(), svg.len() as u64);
        String::from_utf8(svg).unwrap()
    };
    let svg = draw(&FlameGraphOptions::titled("the <title>"));
    for part in [
        "<svg",
        "the &lt;title&gt;",
        "hot (/srv/app/my service/hot é.js:2) (",
        "microseconds, ",
    ] {
        assert!(svg.contains(part), "{part}");
    }
    assert!(!svg.contains("(idle)"));
    let mut options = FlameGraphOptions::default();
    options.least_share = 0.9;
    let coarse = draw(&options);
    assert!(coarse.len() < svg.len() && !coarse.contains("deep"));
    let empty = CallTree::of_cpu_profile(&CpuProfile::empty(0, 9).unwrap()).unwrap();
    assert!(matches!(
        flame_graph::write(&empty, &options, std::io::sink()),
        Err(Error::NothingToDraw { .. })
    ));
}
