//! The sums of the call analysis against stacks spelled out one by one.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{any_profile, plain_stacks, PlainStack};
use proptest::prelude::*;
use rs_profiler_core::analyze::calls::{
    CallAnalysis, Category, MergedIndex, MergedTree, NeighbourRow, TimeModel, TreeOptions,
};
use rs_profiler_core::model::{CallFrame, CallTree, CpuProfile, CpuProfileSource, FunctionIndex, MetaFrame, Weight};

/// A function as the stacks name it; `""` is the root.
fn key(frame: &CallFrame<'_>) -> String {
    match &*frame.function_name {
        "(root)" => String::new(),
        name => format!("{name}@{}:{}", frame.url, frame.line),
    }
}

fn keys(stack: &PlainStack) -> Vec<String> {
    stack.frames.iter().map(key).collect()
}

/// Self and total by key.
type Sums = BTreeMap<String, (Weight, Weight)>;

fn without_nothing(mut sums: Sums) -> Sums {
    sums.retain(|_, sum| *sum != (Weight::ZERO, Weight::ZERO));
    sums
}

fn neighbour_sums(analysis: &CallAnalysis, rows: Vec<NeighbourRow>) -> Sums {
    let row = |row: NeighbourRow| {
        (
            key(&analysis.tree().frame(row.function)),
            (row.self_weight, row.total_weight),
        )
    };
    without_nothing(rows.into_iter().map(row).collect())
}

/// Self and total by path, outermost or innermost function first.
fn paths(analysis: &CallAnalysis, tree: &MergedTree) -> BTreeMap<Vec<String>, (Weight, Weight)> {
    let mut paths = BTreeMap::new();
    let mut open = vec![(MergedIndex::ROOT, Vec::new())];
    while let Some((index, path)) = open.pop() {
        let mut last = None;
        for child in tree.children(index) {
            let node = tree.node(child).unwrap();
            assert!(last.is_none_or(|last| last >= node.total_weight.amount));
            last = Some(node.total_weight.amount);
            let mut path: Vec<String> = path.clone();
            path.push(key(&analysis.tree().frame(node.function.unwrap())));
            let before = paths.insert(path.clone(), (node.self_weight, node.total_weight));
            assert_eq!(before, None, "{path:?} is there twice");
            open.push((child, path));
        }
    }
    paths
}

fn analysis_of(profile: &CpuProfile) -> CallAnalysis {
    CallAnalysis::new(CallTree::of_cpu_profile(profile).unwrap())
}

fn functions(analysis: &CallAnalysis) -> Vec<(FunctionIndex, String)> {
    let functions = analysis.tree().functions();
    functions
        .map(|function| (function, key(&analysis.tree().frame(function))))
        .collect()
}

proptest! {
    #[test]
    fn self_and_total_of_functions_and_groups(profile in any_profile(30)) {
        let analysis = analysis_of(&profile);
        let stacks = plain_stacks(&profile);
        let all = analysis.summary().total;
        for (function, name) in functions(&analysis).into_iter().filter(|(_, name)| !name.is_empty()) {
            let own = stacks.iter().filter(|stack| keys(stack).last() == Some(&name));
            let with = stacks.iter().filter(|stack| keys(stack).contains(&name));
            let row = analysis.function(function).unwrap();
            prop_assert_eq!(row.self_weight, own.map(|stack| stack.weight).sum::<Weight>(), "{}", name);
            prop_assert_eq!(row.total_weight, with.map(|stack| stack.weight).sum::<Weight>(), "{}", name);
            prop_assert!(row.total_weight.amount <= all.amount && row.self_weight.amount <= row.total_weight.amount);
        }
        prop_assert_eq!(analysis.functions().iter().map(|row| row.self_weight).sum::<Weight>(), all);
        prop_assert!(analysis.functions().is_sorted_by_key(|row| std::cmp::Reverse(row.self_weight.amount)));

        let category = |stack: &PlainStack, depth: usize| {
            let meta = if depth == 0 { MetaFrame::of(&stack.frames[0]) } else { None };
            Category::of(&stack.frames[depth], meta)
        };
        for group in analysis.groups().into_iter().filter(|group| group.category != Category::Root) {
            let own = stacks.iter().filter(|stack| category(stack, stack.frames.len() - 1) == group.category);
            let with = stacks
                .iter()
                .filter(|stack| (0..stack.frames.len()).any(|depth| category(stack, depth) == group.category));
            prop_assert_eq!(group.self_weight, own.map(|stack| stack.weight).sum::<Weight>());
            prop_assert_eq!(group.total_weight, with.map(|stack| stack.weight).sum::<Weight>());
        }
        prop_assert_eq!(analysis.groups().iter().map(|group| group.self_weight).sum::<Weight>(), all);
    }

    #[test]
    fn callers_and_callees(profile in any_profile(30)) {
        let analysis = analysis_of(&profile);
        let stacks = plain_stacks(&profile);
        for (function, name) in functions(&analysis).into_iter().filter(|(_, name)| !name.is_empty()) {
            let (mut callers, mut callees) = (Sums::new(), Sums::new());
            for stack in &stacks {
                let keys = keys(stack);
                let caller_of = |place: usize| place.checked_sub(1).map_or(String::new(), |before| keys[before].clone());
                let last = keys.len() - 1;
                if keys[last] == name {
                    callers.entry(caller_of(last)).or_default().0 += stack.weight;
                }
                if let Some(outermost) = keys.iter().position(|key| *key == name) {
                    callers.entry(caller_of(outermost)).or_default().1 += stack.weight;
                }
                if let Some(innermost) = keys.iter().rposition(|key| *key == name) {
                    if let Some(callee) = keys.get(innermost + 1) {
                        let (own, total) = callees.entry(callee.clone()).or_default();
                        *total += stack.weight;
                        if innermost + 1 == last {
                            *own += stack.weight;
                        }
                    }
                }
            }
            let row = analysis.function(function).unwrap();
            let found = analysis.callers(function);
            prop_assert_eq!(found.iter().map(|row| row.total_weight).sum::<Weight>(), row.total_weight);
            prop_assert_eq!(found.iter().map(|row| row.self_weight).sum::<Weight>(), row.self_weight);
            prop_assert_eq!(neighbour_sums(&analysis, found), without_nothing(callers), "callers of {}", name);
            let found = analysis.callees(function);
            let below = found.iter().map(|row| row.total_weight).sum::<Weight>();
            prop_assert_eq!(below + row.self_weight, row.total_weight);
            prop_assert_eq!(neighbour_sums(&analysis, found), without_nothing(callees), "callees of {}", name);
        }
    }

    #[test]
    fn top_down_and_bottom_up_trees(profile in any_profile(30)) {
        let analysis = analysis_of(&profile);
        let stacks = plain_stacks(&profile);
        let mut top_down: BTreeMap<Vec<String>, (Weight, Weight)> = BTreeMap::new();
        let mut bottom_up: BTreeMap<Vec<String>, (Weight, Weight)> = BTreeMap::new();
        for stack in &stacks {
            let keys = keys(stack);
            for length in 1..=keys.len() {
                let (own, total) = top_down.entry(keys[..length].to_vec()).or_default();
                *total += stack.weight;
                if length == keys.len() {
                    *own += stack.weight;
                }
            }
            let chain = |place: usize| keys[..=place].iter().rev().cloned().collect::<Vec<_>>();
            let own = chain(keys.len() - 1);
            for length in 1..=own.len() {
                bottom_up.entry(own[..length].to_vec()).or_default().0 += stack.weight;
            }
            for name in keys.iter().collect::<BTreeSet<_>>() {
                let outermost = chain(keys.iter().position(|key| key == name).unwrap());
                for length in 1..=outermost.len() {
                    bottom_up.entry(outermost[..length].to_vec()).or_default().1 += stack.weight;
                }
            }
        }
        bottom_up.retain(|_, sums| *sums != (Weight::ZERO, Weight::ZERO));
        let tree = analysis.top_down(TreeOptions::everything());
        let root = tree.node(MergedIndex::ROOT).unwrap();
        prop_assert_eq!(root.total_weight, analysis.summary().total);
        prop_assert_eq!(paths(&analysis, &tree), top_down);
        let tree = analysis.bottom_up(TreeOptions::everything());
        prop_assert_eq!(paths(&analysis, &tree), bottom_up);
    }

    #[test]
    fn pruned_trees_have_the_big_nodes_and_no_others(profile in any_profile(30), percent in 0..60_u32) {
        let analysis = analysis_of(&profile);
        let mut options = TreeOptions::everything();
        options.least_share = f64::from(percent) / 100.0;
        options.deepest = 3;
        for (whole, pruned) in [
            (analysis.top_down(TreeOptions::everything()), analysis.top_down(options)),
            (analysis.bottom_up(TreeOptions::everything()), analysis.bottom_up(options)),
        ] {
            let all = whole.node(MergedIndex::ROOT).unwrap().total_weight.amount;
            let least = (all as f64 * options.least_share) as u64;
            let mut expected = paths(&analysis, &whole);
            expected.retain(|path, (own, total)| path.len() <= 3 && own.amount.max(total.amount) >= least);
            prop_assert_eq!(paths(&analysis, &pruned), expected);
        }
    }

    #[test]
    fn lines(profile in any_profile(30)) {
        let analysis = analysis_of(&profile);
        let tree = analysis.tree();
        let mut hits: BTreeMap<(String, u32), u64> = BTreeMap::new();
        for node in tree.nodes() {
            let url = tree.frame(tree.function(node)).url.into_owned();
            let ticks = tree.line_ticks(node);
            for tick in ticks.iter().filter(|tick| tick.ticks > 0 && !url.is_empty()) {
                *hits.entry((url.clone(), tick.line)).or_default() += u64::from(tick.ticks);
            }
        }
        let found: BTreeMap<(String, u32), u64> = analysis
            .lines()
            .into_iter()
            .map(|row| ((row.url, row.line), row.weight.count))
            .collect();
        prop_assert_eq!(found, hits);
    }

    #[test]
    fn both_time_models_share_out_what_was_recorded(profile in any_profile(30)) {
        let analysis = analysis_of(&profile);
        let summary = analysis.summary();
        let duration = (profile.end_time_us() - profile.start_time_us()) as u64;
        prop_assert_eq!(summary.duration_us, duration);
        let by_hits = analysis.microseconds(summary.total, TimeModel::Hits);
        prop_assert!(summary.total.count == 0 || (by_hits - duration as f64).abs() < 1e-6);
        let times = || (0..profile.sample_count()).map(|index| profile.sample(index).timestamp_us);
        let within = |time: i64| (profile.start_time_us()..=profile.end_time_us()).contains(&time);
        if profile.sample_count() > 0 && times().all(within) {
            prop_assert_eq!(summary.total.amount + summary.unsampled_us, duration);
        }
        prop_assert_eq!(summary.active + summary.idle, summary.total);
    }
}

#[test]
fn without_samples_the_recording_is_shared_out_by_hits() {
    let text = r#"{"head":{"functionName":"(root)","id":1,"hitCount":0,"children":[
        {"functionName":"a","id":2,"hitCount":1},{"functionName":"b","id":3,"hitCount":2}]},"startTime":3,"endTime":4}"#;
    let options = rs_profiler_core::format::cpuprofile::ReadOptions::default();
    let profile = rs_profiler_core::format::cpuprofile::read(text.as_bytes(), options).unwrap();
    let analysis = analysis_of(&profile.profile);
    let amounts: Vec<u64> = analysis.functions().iter().map(|row| row.self_weight.amount).collect();
    assert_eq!(amounts, [666_667, 333_333, 0]);
}
