//! Hot functions, comparison and the same answers from every shape, on recorded and on made profiles.

use crate::common::{any_profile, fixture, NODES};
use proptest::prelude::*;
use rs_profiler_core::analyze::calls::{CallAnalysis, Category, HotOptions, HotReason, Matched, TimeModel};
use rs_profiler_core::format::cpuprofile::{self, inspector, nodes, tree, ProfileHeader, ReadOptions};
use rs_profiler_core::format::heapprofile;
use rs_profiler_core::model::{CallTree, CpuProfile, HeapCounts, MetaFrame, Weight};

fn read(text: &[u8]) -> CpuProfile {
    cpuprofile::read(text, ReadOptions::default()).unwrap().profile
}

fn analysis_of(profile: &CpuProfile) -> CallAnalysis {
    CallAnalysis::new(CallTree::of_cpu_profile(profile).unwrap())
}

fn recorded(node: u32) -> CallAnalysis {
    analysis_of(&read(fixture(&format!("node{node}.cpuprofile")).as_bytes()))
}

/// Everything that the functions of a profile are said to be, by name and place.
fn told(analysis: &CallAnalysis) -> Vec<String> {
    let tree = analysis.tree();
    let mut told: Vec<String> = analysis
        .functions()
        .iter()
        .map(|row| {
            let function = row.function;
            let name = |function| {
                let frame = tree.frame(function);
                format!("{} {} {} {}", frame.function_name, frame.url, frame.line, frame.column)
            };
            let neighbours = |rows: Vec<rs_profiler_core::analyze::calls::NeighbourRow>| {
                let mut rows: Vec<_> = rows
                    .iter()
                    .map(|row| (name(row.function), row.self_weight, row.total_weight))
                    .collect();
                rows.sort();
                rows
            };
            format!(
                "{} {:?} {:?} {:?} {:?} {:?}",
                name(function),
                row.category,
                row.self_weight,
                row.total_weight,
                neighbours(analysis.callers(function)),
                neighbours(analysis.callees(function))
            )
        })
        .collect();
    told.sort();
    let lines = analysis.lines();
    told.extend(
        lines
            .iter()
            .map(|line| format!("{} {} {:?}", line.url, line.line, line.weight)),
    );
    told.extend(
        analysis
            .hot(HotOptions::default())
            .iter()
            .map(|hot| format!("{} {:?}", tree.frame(hot.function).function_name, hot.reasons)),
    );
    told
}

#[test]
fn every_shape_of_a_recorded_profile_gives_the_same_analysis() {
    for node in NODES {
        let profile = read(fixture(&format!("node{node}.cpuprofile")).as_bytes());
        let expected = told(&analysis_of(&profile));
        let mut texts = [Vec::new(), Vec::new()];
        inspector::write(&profile, inspector::Options::default(), &mut texts[0]).unwrap();
        nodes::write(&profile, &ProfileHeader::for_nodes("0", "a", &profile), &mut texts[1]).unwrap();
        for text in &texts {
            assert_eq!(told(&analysis_of(&read(text))), expected, "Node {node}");
        }
        // A tree does not say when the recording ended: the last sample's duration is a guess, all else the same.
        let mut text = Vec::new();
        tree::write(
            &profile,
            &ProfileHeader::for_tree("0", "a", &profile, (1, 2)),
            &mut text,
        )
        .unwrap();
        let (tree, original) = (analysis_of(&read(&text)), analysis_of(&profile));
        let by_hits = |analysis: &CallAnalysis| {
            let rows = analysis.functions();
            let mut rows: Vec<_> = rows
                .iter()
                .map(|row| {
                    let frame = analysis.tree().frame(row.function).into_owned();
                    let place = (frame.function_name, frame.url, frame.line, frame.column);
                    (
                        place,
                        row.category.clone(),
                        row.self_weight.count,
                        row.total_weight.count,
                    )
                })
                .collect();
            rows.sort();
            rows
        };
        assert_eq!(by_hits(&tree), by_hits(&original), "Node {node}");
        let rows = tree.functions();
        let differing = rows.iter().filter(|row| {
            let frame = tree.tree().frame(row.function);
            let same = original
                .functions()
                .into_iter()
                .find(|other| original.tree().frame(other.function) == frame);
            same.is_none_or(|same| same.self_weight.amount != row.self_weight.amount)
        });
        assert!(differing.count() <= 1, "Node {node}");
    }
}

#[test]
fn recorded_profiles_name_the_hot_and_the_deoptimised_function() {
    for node in NODES {
        let analysis = recorded(node);
        let hot = analysis.hot(HotOptions::default());
        let name = |index: usize| analysis.tree().frame(hot[index].function).function_name.into_owned();
        let position = |wanted: &str| (0..hot.len()).find(|&index| name(index) == wanted).unwrap();
        let never = &hot[position("never")];
        assert!(never
            .reasons
            .iter()
            .any(|reason| matches!(reason, HotReason::Deoptimized { .. })));
        assert!(matches!(
            hot[position("hot")].reasons[..],
            [HotReason::SelfTime(share)] if share.percent() >= 5.0
        ));
        assert!(hot.is_sorted_by(|a, b| a.self_share >= b.self_share));
        // `never` is all one line of a known file.
        let lines = analysis.lines();
        let line = lines.iter().find(|line| line.function == never.function).unwrap();
        assert_eq!((&*line.url, line.line), ("/srv/app/my service/hot é.js", 6));
        // Recursion: `deep` calls itself 20 times, and costs no more than everything.
        let deep = analysis
            .functions()
            .into_iter()
            .find(|row| analysis.tree().frame(row.function).function_name == "deep")
            .unwrap();
        assert!(deep.nodes > 10 && deep.total_weight.amount < analysis.summary().active.amount);
        assert_eq!(deep.category, Category::App);
    }
}

#[test]
fn the_hit_model_is_that_of_devtools() {
    // DevTools: (endTime - startTime) / sum of hits for each hit.
    let text = fixture("node22.cpuprofile");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let hits = |node: &serde_json::Value| node["hitCount"].as_u64().unwrap();
    let all: u64 = value["nodes"].as_array().unwrap().iter().map(hits).sum();
    let duration = value["endTime"].as_u64().unwrap() - value["startTime"].as_u64().unwrap();
    let of_hot: u64 = value["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| node["callFrame"]["functionName"] == "hot")
        .map(hits)
        .sum();
    let analysis = recorded(22);
    let rows = analysis.functions();
    let hot = rows
        .iter()
        .find(|row| analysis.tree().frame(row.function).function_name == "hot")
        .unwrap();
    let expected = duration as f64 / all as f64 * of_hot as f64;
    let found = analysis.microseconds(hot.self_weight, TimeModel::Hits);
    assert!(of_hot > 0 && (found - expected).abs() < 1e-6);
}

#[test]
fn garbage_collection_is_a_finding_when_there_is_much_of_it() {
    let text = |gc: u32| {
        format!(
            r#"{{"nodes":[{{"id":1,"callFrame":{{"functionName":"(root)","scriptId":"0"}},"children":[2,3,4]}},
            {{"id":2,"callFrame":{{"functionName":"(garbage collector)","scriptId":"0"}}}},
            {{"id":3,"callFrame":{{"functionName":"(idle)","scriptId":"0"}}}},
            {{"id":4,"callFrame":{{"functionName":"(idle)","scriptId":"7"}}}}],
            "startTime":0,"endTime":2000,"samples":[2,3,4],"timeDeltas":[0,{gc},{}]}}"#,
            1000 - gc
        )
    };
    let analysis = analysis_of(&read(text(250).as_bytes()));
    // A user's function called (idle) is not idle time.
    assert_eq!(analysis.summary().idle.amount, 750);
    assert_eq!(analysis.summary().active.amount, 1250);
    let hot = analysis.hot(HotOptions::default());
    assert!(matches!(hot[1].reasons[..], [HotReason::GarbageCollection(share)] if share.percent() == 20.0));
    let metas = |meta| {
        let tree = analysis.tree();
        tree.nodes().filter(|&node| tree.meta(node) == Some(meta)).count()
    };
    assert_eq!((metas(MetaFrame::Idle), metas(MetaFrame::Root)), (1, 1));
    let analysis = analysis_of(&read(text(100).as_bytes()));
    assert_eq!(analysis.hot(HotOptions::default()).len(), 1);
}

#[test]
fn a_function_that_moved_is_found_by_its_name() {
    let text = |line: u32, time: u32, extra: &str| {
        format!(
            r#"{{"nodes":[{{"id":1,"callFrame":{{"functionName":"(root)","scriptId":"0"}},"children":[2,3]}},
            {{"id":2,"callFrame":{{"functionName":"f","scriptId":"7","url":"/a.js","lineNumber":{line}}}}},
            {{"id":3,"callFrame":{{"functionName":"{extra}","scriptId":"7","url":"/a.js","lineNumber":90}}}}],
            "startTime":0,"endTime":100,"samples":[2,3],"timeDeltas":[0,{time}]}}"#
        )
    };
    let (base, later) = (text(5, 20, "old"), text(8, 60, "new"));
    let (base, later) = (
        analysis_of(&read(base.as_bytes())),
        analysis_of(&read(later.as_bytes())),
    );
    let changes = later.compare(&base);
    let of = |wanted: Matched| changes.iter().find(|change| change.matched == wanted).unwrap();
    let moved = of(Matched::ByName);
    assert_eq!((moved.self_weight.amount, moved.base_self_weight.amount), (60, 20));
    assert!((moved.self_growth.percent() - 40.0).abs() < 1e-9);
    assert!((of(Matched::New).self_growth.percent() - 40.0).abs() < 1e-9);
    assert!((of(Matched::Gone).self_growth.percent() + 80.0).abs() < 1e-9);
    assert_eq!(
        of(Matched::ByPlace).function,
        Some(later.functions().last().unwrap().function)
    );
    assert_eq!(changes.len(), 4);
    assert_eq!(changes[0].matched, Matched::Gone);
}

proptest! {
    #[test]
    fn comparison_tells_of_every_function_once(later in any_profile(12), base in any_profile(12)) {
        let (later, base) = (analysis_of(&later), analysis_of(&base));
        let changes = later.compare(&base);
        let mut functions: Vec<usize> = changes.iter().filter_map(|change| change.function).map(|f| f.index()).collect();
        functions.sort_unstable();
        prop_assert_eq!(functions, (0..later.tree().functions().len()).collect::<Vec<_>>());
        let mut functions: Vec<usize> =
            changes.iter().filter_map(|change| change.base_function).map(|f| f.index()).collect();
        functions.sort_unstable();
        prop_assert_eq!(functions, (0..base.tree().functions().len()).collect::<Vec<_>>());
        for change in later.compare(&later) {
            prop_assert_eq!(change.matched, Matched::ByPlace);
            prop_assert_eq!(change.self_growth.fraction(), 0.0);
        }
    }
}

#[test]
fn sampling_heap_profiles_answer_the_same_questions_in_bytes() {
    for node in NODES {
        let text = fixture(&format!("node{node}.heapprofile"));
        let profile = heapprofile::read(text.as_bytes()).unwrap().profile;
        let tree = CallTree::of_heap_profile(&profile, HeapCounts::Samples).unwrap();
        let analysis = CallAnalysis::new(tree);
        // The samples of a node do not always add up to its size: V8 rounds.
        let sizes = text.split("\"selfSize\":").skip(1);
        let bytes: u64 = sizes
            .map(|rest| rest.split(',').next().unwrap().parse::<u64>().unwrap())
            .sum();
        let total = analysis.summary().total;
        assert_eq!(
            total,
            Weight {
                count: profile.samples().len() as u64,
                amount: bytes
            },
            "Node {node}"
        );
        assert!(analysis
            .functions()
            .iter()
            .any(|row| row.category == Category::App && row.self_weight.amount > 0));
    }
}
