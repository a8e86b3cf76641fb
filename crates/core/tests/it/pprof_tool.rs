//! pprof files as `go tool pprof` sees them. CI has Go (see `.ci/deps`); elsewhere its lack is said, and that is all.
#![allow(clippy::print_stderr, reason = "says why nothing was tested")]

use std::process::Command;

use crate::common::{fixture, NODES};
use rs_profiler_core::format::{cpuprofile, heapprofile, pprof};
use rs_profiler_core::model::{CallTree, HeapCounts, MetaFilter, Weight};

/// What `go tool pprof` prints, or nothing where there is no Go.
fn go_tool_pprof(arguments: &[&str], tree: &CallTree, name: &str) -> Option<String> {
    let folder = std::env::temp_dir().join(format!("rs-profiler-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    pprof::write(tree, MetaFilter::default(), std::fs::File::create(&path).unwrap()).unwrap();
    let run = Command::new("go")
        .args(["tool", "pprof"])
        .args(arguments)
        .arg(&path)
        .env("PPROF_TMPDIR", &folder)
        .output();
    std::fs::remove_dir_all(&folder).unwrap();
    match run {
        Ok(output) => {
            assert!(
                output.status.success(),
                "{name}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "go is needed in CI: {error}");
            eprintln!("skipped: there is no go ({error})");
            None
        }
    }
}

/// The last number of the line `Showing nodes accounting for 12, 34% of 56 total`.
fn total_of(report: &str) -> f64 {
    let of = report.split(" of ").nth(1).unwrap();
    of.split_whitespace().next().unwrap().parse().unwrap()
}

fn active(tree: &CallTree) -> Weight {
    let idle = tree.children(tree.root()).filter(|&node| {
        tree.meta(node)
            .is_some_and(|meta| meta == rs_profiler_core::model::MetaFrame::Idle)
    });
    let idle: Weight = idle.map(|node| tree.total_weight(node)).sum();
    tree.total_weight(tree.root())
        .without(idle)
        .without(tree.self_weight(tree.root()))
}

#[test]
fn go_tool_pprof_finds_functions_lines_and_sums() {
    for node in NODES {
        let text = fixture(&format!("node{node}.cpuprofile"));
        let profile = cpuprofile::read(text.as_bytes(), cpuprofile::ReadOptions::default()).unwrap();
        let tree = CallTree::of_cpu_profile(&profile.profile).unwrap();
        let report = |arguments: &[&str]| go_tool_pprof(arguments, &tree, "cpu.pb.gz");
        let Some(top) = report(&["-top", "-unit=us", "-nodecount=1000", "-nodefraction=0"]) else {
            return;
        };
        assert!(
            top.contains("Type: wall") && top.contains(" hot\n"),
            "Node {node}: {top}"
        );
        let total = top.split(" of ").nth(1).unwrap().split("us").next().unwrap();
        assert_eq!(
            total.parse::<f64>().unwrap(),
            active(&tree).amount as f64,
            "Node {node}: {top}"
        );
        let samples = report(&["-top", "-sample_index=sample", "-nodecount=1000", "-nodefraction=0"]).unwrap();
        assert_eq!(total_of(&samples), active(&tree).count as f64, "Node {node}: {samples}");
        let lines = report(&["-top", "-lines", "-nodecount=1000", "-nodefraction=0"]).unwrap();
        assert!(
            lines.contains(" hot /srv/app/my service/hot é.js:2\n"),
            "Node {node}: {lines}"
        );
        let tree_report = report(&["-tree", "-nodefraction=0"]).unwrap();
        assert!(tree_report.contains("|   deep"), "Node {node}: {tree_report}");
    }
}

#[test]
fn go_tool_pprof_finds_the_bytes_of_sampling_heap_profiles() {
    for node in NODES {
        let text = fixture(&format!("node{node}.heapprofile"));
        let profile = heapprofile::read(text.as_bytes()).unwrap().profile;
        let tree = CallTree::of_heap_profile(&profile, HeapCounts::Samples).unwrap();
        let Some(top) = go_tool_pprof(
            &["-top", "-unit=B", "-nodecount=1000", "-nodefraction=0"],
            &tree,
            "heap.pb.gz",
        ) else {
            return;
        };
        assert!(top.contains("Type: space"), "Node {node}: {top}");
        let total = top.split(" of ").nth(1).unwrap().split('B').next().unwrap();
        assert_eq!(
            total.parse::<f64>().unwrap(),
            active(&tree).amount as f64,
            "Node {node}: {top}"
        );
    }
}
