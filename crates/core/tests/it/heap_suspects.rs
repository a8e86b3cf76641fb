//! Leak suspects of programs that leak on purpose, in snapshots taken by the `node` on the path.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use rs_profiler_core::analyze::heap::{AnalysisOptions, ContainerKind, HeapAnalysis, KeyPattern, LeakSuspect};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/leaks.js");

/// A folder of its own that is gone afterwards: tests run at the same time, and two may take the same program.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("rs-profiler-core-{}-{number}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

fn analysed(path: &Path) -> HeapAnalysis {
    let file = std::fs::File::open(path).unwrap();
    HeapAnalysis::new(
        read(file, ReadOptions::default()).unwrap().graph,
        AnalysisOptions::default(),
    )
    .unwrap()
}

/// Snapshots of a program, with as much leaked between them as before the first.
fn snapshots(program: &str, count: usize) -> Vec<HeapAnalysis> {
    let folder = Folder::new(program);
    let paths: Vec<PathBuf> = (0..count)
        .map(|number| folder.0.join(format!("{number}.heapsnapshot")))
        .collect();
    let status = Command::new("node").arg(PROGRAM).arg(program).args(&paths).status();
    assert!(status
        .unwrap_or_else(|error| panic!("these tests need node on the path: {error}"))
        .success());
    paths.iter().map(|path| analysed(path)).collect()
}

fn suspects(program: &str) -> Vec<LeakSuspect> {
    snapshots(program, 1)[0].suspects(None)
}

/// The only suspect of a program.
fn only(program: &str) -> LeakSuspect {
    let mut found = suspects(program);
    assert_eq!(found.len(), 1, "{program}: {found:#?}");
    found.remove(0)
}

fn last_edge(suspect: &LeakSuspect) -> &str {
    suspect.path.last().map_or("", |step| &step.edge_name)
}

#[test]
fn a_healthy_process_has_no_suspects() {
    assert_eq!(suspects("healthy"), []);
    let pair = snapshots("healthy", 2);
    assert_eq!(pair[1].suspects(Some(&pair[0])), []);
}

#[test]
fn modules_loaded_again_are_named() {
    let suspect = only("modules");
    assert_eq!(suspect.kind, ContainerKind::ModuleChildren);
    assert_eq!(
        (suspect.accumulated.class.as_str(), suspect.accumulated.count),
        ("Module", 199)
    );
    let duplicates = suspect.duplicates.as_ref().unwrap();
    assert!(duplicates.text.ends_with("leaky.js") && duplicates.count == 199);
    assert!(
        suspect.sentence.starts_with("module.children of "),
        "{}",
        suspect.sentence
    );
    assert!(
        suspect.sentence.contains("leaks.js holds 199 Module"),
        "{}",
        suspect.sentence
    );
    assert!(
        suspect.sentence.contains("leaky.js, loaded again and again"),
        "{}",
        suspect.sentence
    );
}

#[test]
fn containers_are_told_apart() {
    for (program, kind, edge, class, count) in [
        ("listeners", ContainerKind::Listeners, "config", "Function", 3000),
        ("closures", ContainerKind::Array, "callbacks", "Function", 3000),
        ("map", ContainerKind::Map, "sessions", "{text}", 3000),
        ("set", ContainerKind::Set, "seen", "{text}", 3000),
        ("dictionary", ContainerKind::Dictionary, "cache", "{text}", 3000),
        ("promises", ContainerKind::Array, "pending", "Promise", 3000),
        ("reactions", ContainerKind::PromiseReactions, "never", "Function", 3000),
        ("list", ContainerKind::LinkedList, "head", "{next, value}", 3000),
        ("strings", ContainerKind::Array, "log", "(string)", 4000),
    ] {
        let suspect = only(program);
        assert_eq!(suspect.kind, kind, "{}", suspect.sentence);
        assert_eq!(last_edge(&suspect), edge, "{}", suspect.sentence);
        assert_eq!(suspect.accumulated.class, class, "{}", suspect.sentence);
        assert_eq!(suspect.accumulated.count, count, "{}", suspect.sentence);
        assert!(suspect.share > 0.1 && suspect.share < 1.0);
    }
}

#[test]
fn timers_are_traced_to_their_callback() {
    let suspect = only("timers");
    assert_eq!(suspect.kind, ContainerKind::Timers);
    assert_eq!(
        (suspect.accumulated.class.as_str(), suspect.accumulated.count),
        ("Timeout", 3000)
    );
    let place = suspect.accumulated.place.as_ref().unwrap();
    let source = std::fs::read_to_string(PROGRAM).unwrap();
    let line = source.lines().nth(place.line as usize - 1).unwrap();
    assert!(
        place.url.ends_with("leaks.js") && line.contains("setInterval"),
        "{place}: {line}"
    );
}

#[test]
fn functions_are_placed_where_they_stand() {
    let place = only("closures").accumulated.place.unwrap();
    let source = std::fs::read_to_string(PROGRAM).unwrap();
    let line = source.lines().nth(place.line as usize - 1).unwrap();
    assert!(line.contains("callbacks.push(() => big)"), "{place}: {line}");
    assert!(
        line[place.column as usize - 1..].starts_with("() => big"),
        "{place}: {line}"
    );
}

#[test]
fn memory_off_the_heap_is_named() {
    let suspect = only("buffers");
    assert_eq!((suspect.kind, last_edge(&suspect)), (ContainerKind::Array, "uploads"));
    assert_eq!(suspect.accumulated.count, 300);
    assert!(suspect.off_heap_size >= 300 * 20_000);
    assert!(
        suspect.sentence.contains("off the JavaScript heap"),
        "{}",
        suspect.sentence
    );
}

#[test]
fn keys_that_are_times_are_noticed() {
    assert_eq!(only("dictionary").keys, Some(KeyPattern::Timestamps));
    assert_eq!(only("times").keys, Some(KeyPattern::Timestamps));
    assert_eq!(only("map").keys, Some(KeyPattern::Consecutive));
    assert_eq!(only("set").keys, None);
}

#[test]
fn equal_strings_are_noticed() {
    let duplicates = only("strings").duplicates.unwrap();
    assert_eq!((duplicates.text, duplicates.count), ("a".repeat(500), 4000));
}

#[test]
fn two_leaks_are_both_found() {
    let found = suspects("two");
    let edges: Vec<&str> = found.iter().map(last_edge).collect();
    assert_eq!(edges, ["config", "sessions"]);
}

#[test]
fn growth_is_told_with_a_base() {
    let pair = snapshots("two", 2);
    let found = pair[1].suspects(Some(&pair[0]));
    let edges: Vec<&str> = found.iter().map(last_edge).collect();
    assert_eq!(edges, ["config", "sessions"]);
    let growth = found[0].growth.unwrap();
    assert_eq!((growth.base_elements, growth.elements), (3000, 6000));
    assert!(found[0].retained_size > growth.base_retained_size * 3 / 2);
    let comparison = pair[1].compare(&pair[0]);
    let grown: Vec<_> = comparison.grown.iter().take(2).map(|object| object.node).collect();
    assert!(found.iter().all(|suspect| grown.contains(&suspect.node)), "{grown:?}");
    // What is big but does not grow is no suspect.
    assert_eq!(pair[0].suspects(Some(&pair[0])), []);
}
