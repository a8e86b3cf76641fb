//! Every number beside Chrome DevTools' own, node by node: totals agree even with wrong rules.

use std::collections::BTreeMap;
use std::io::Read;

use rs_profiler_core::analyze::heap::{AnalysisOptions, ClassFilter, HeapAnalysis, HeapStatistics, MatchedBy};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};
use rs_profiler_core::model::heap::NodeIndex;
use serde_json::Value;

pub fn open(name: &str) -> std::fs::File {
    let path = format!("{}/tests/fixtures/devtools/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::File::open(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn analysed(name: &str) -> HeapAnalysis {
    analysed_file(&format!("{name}.heapsnapshot.gz"))
}

pub fn analysed_file(name: &str) -> HeapAnalysis {
    let file = read(open(name), ReadOptions::default()).unwrap();
    HeapAnalysis::new(file.graph, AnalysisOptions::default()).unwrap()
}

pub fn json(name: &str) -> Value {
    serde_json::from_reader(open(name)).unwrap()
}

pub fn column<const N: usize>(name: &str) -> Vec<[u8; N]> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(open(name))
        .read_to_end(&mut bytes)
        .unwrap();
    assert_eq!(bytes.len() % N, 0);
    bytes.chunks_exact(N).map(|chunk| chunk.try_into().unwrap()).collect()
}

pub fn compare<T: PartialEq + std::fmt::Debug>(what: &str, expected: &[T], found: impl Fn(NodeIndex) -> T) {
    let differing: Vec<_> = (0..)
        .zip(expected)
        .map(|(node, expected)| (node, expected, found(NodeIndex(node))))
        .filter(|(_, expected, found)| *expected != found)
        .collect();
    assert!(
        differing.is_empty(),
        "{} of {} differ in {what}: {:?}",
        differing.len(),
        expected.len(),
        &differing[..differing.len().min(5)]
    );
}

#[test]
fn every_node_is_as_in_devtools() {
    for name in ["n20", "n24"] {
        let analysis = analysed(name);
        let sizes: Vec<u64> = column(&format!("{name}.self.gz"))
            .into_iter()
            .map(u32::from_le_bytes)
            .map(u64::from)
            .collect();
        assert_eq!(sizes.len(), analysis.graph().node_count() as usize);
        compare("self size", &sizes, |node| analysis.graph().self_size(node));
        let distances: Vec<i32> = column(&format!("{name}.dist.gz"))
            .into_iter()
            .map(i32::from_le_bytes)
            .collect();
        compare("distance", &distances, |node| analysis.distance(node));
        let dominators: Vec<u32> = column(&format!("{name}.dom.gz"))
            .into_iter()
            .map(u32::from_le_bytes)
            .collect();
        compare("dominator", &dominators, |node| analysis.dominator(node).0);
        let retained: Vec<f64> = column(&format!("{name}.ret.gz"))
            .into_iter()
            .map(f64::from_le_bytes)
            .collect();
        compare("retained size", &retained, |node| analysis.retained_size(node) as f64);
    }
}

fn rows(analysis: &HeapAnalysis) -> BTreeMap<String, [f64; 4]> {
    let rows = analysis.classes().iter();
    rows.map(|row| {
        let numbers = [
            row.count as f64,
            row.shallow_size as f64,
            row.retained_size as f64,
            f64::from(row.distance),
        ];
        (row.key(), numbers)
    })
    .collect()
}

#[test]
fn every_row_is_as_in_devtools() {
    for name in ["n20", "n24"] {
        let expected = json(&format!("{name}.classes.json"));
        let agg: BTreeMap<String, [f64; 4]> = serde_json::from_value(expected["agg"].clone()).unwrap();
        let analysis = analysed(name);
        let found = rows(&analysis);
        for (key, row) in &agg {
            assert_eq!(found.get(key), Some(row), "{name}: {key}");
        }
        assert_eq!(found.len(), agg.len());
        let definitions: Vec<(String, u64, Vec<String>)> = serde_json::from_value(expected["defs"].clone()).unwrap();
        let inferred: Vec<(String, u64, Vec<String>)> = analysis.interfaces().collect();
        assert_eq!(inferred, definitions);
        compare_statistics(&expected["stat"], analysis.statistics());
    }
}

#[test]
fn rows_of_a_pair_are_as_in_devtools() {
    let expected = json("pair.comparison.json");
    let analysis = analysed("pairA");
    let found = rows(&analysis);
    let classes = expected["classes"].as_object().unwrap();
    for (key, row) in classes {
        let number = |field: &str| row[field].as_f64().unwrap();
        let row = [number("count"), number("self"), number("maxRet"), number("distance")];
        assert_eq!(found.get(key), Some(&row), "{key}");
    }
    assert_eq!(found.len(), classes.len());
    compare_statistics(&expected["statistics"], analysis.statistics());
}

pub fn compare_statistics(expected: &Value, found: HeapStatistics) {
    let read = |path: &str| expected.pointer(path).and_then(Value::as_u64).unwrap();
    let expected = HeapStatistics {
        total: read("/total"),
        native_total: read("/native/total"),
        typed_arrays: read("/native/typedArrays"),
        v8_heap_total: read("/v8heap/total"),
        code: read("/v8heap/code"),
        js_arrays: read("/v8heap/jsArrays"),
        strings: read("/v8heap/strings"),
        system: read("/v8heap/system"),
    };
    assert_eq!(found, expected);
}

#[test]
fn filtered_rows_of_a_pair_are_as_in_devtools() {
    let expected = json("pair.comparison.json");
    let analysis = analysed("pairA");
    for (filter, name) in [
        (ClassFilter::DuplicatedStrings, "duplicatedStrings"),
        (ClassFilter::RetainedByDetachedDom, "objectsRetainedByDetachedDomNodes"),
        (ClassFilter::RetainedByConsole, "objectsRetainedByConsole"),
        (ClassFilter::RetainedByContexts, "objectsRetainedByContexts"),
        (ClassFilter::RetainedByEventHandlers, "objectsRetainedByEventHandlers"),
    ] {
        let rows = analysis.classes_filtered(filter);
        let found = [
            rows.len() as u64,
            rows.iter().map(|row| row.count).sum(),
            rows.iter().map(|row| row.shallow_size).sum(),
        ];
        let wanted = ["classes", "count", "self"].map(|field| expected["filters"][name][field].as_u64().unwrap());
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn the_comparison_of_a_pair_is_as_in_devtools() {
    let expected = json("pair.comparison.json");
    let (base, later) = (analysed("pairA"), analysed("pairB"));
    let comparison = later.compare(&base);
    assert_eq!(comparison.matched_by, MatchedBy::Id);
    let expected = expected["diff"].as_object().unwrap();
    for row in &comparison.rows {
        let wanted = &expected[&row.key()];
        let number = |field: &str| wanted[field].as_i64().unwrap();
        let wanted = [
            "added",
            "removed",
            "countDelta",
            "addedSize",
            "removedSize",
            "sizeDelta",
        ]
        .map(number);
        let found = [
            row.added as i64,
            row.removed as i64,
            row.count_delta(),
            row.added_size as i64,
            row.removed_size as i64,
            row.size_delta(),
        ];
        assert_eq!(found, wanted, "{}", row.key());
    }
    assert_eq!(comparison.rows.len(), expected.len());
    assert!(comparison
        .rows
        .is_sorted_by_key(|row| std::cmp::Reverse(row.added_size)));
}

#[test]
fn snapshots_of_two_processes_are_matched_by_shape() {
    let (base, later) = (analysed("n20"), analysed("n24"));
    let comparison = later.compare(&base);
    assert_eq!(comparison.matched_by, MatchedBy::Shape);
    let delta: i64 = comparison.rows.iter().map(|row| row.size_delta()).sum();
    let total = |analysis: &HeapAnalysis| {
        analysis
            .classes()
            .iter()
            .map(|row| row.shallow_size as i64)
            .sum::<i64>()
    };
    assert_eq!(delta, total(&later) - total(&base));
}

#[test]
fn ids_of_a_child_that_is_gone_are_not_compared() {
    let later = analysed("pairB");
    let mut text = String::new();
    flate2::read::GzDecoder::new(open("pairA.heapsnapshot.gz"))
        .read_to_string(&mut text)
        .unwrap();
    let marked = |mark: &str| {
        let text = text.replacen("\"meta\":", &format!("\"rs_profiler\":{mark},\"meta\":"), 1);
        let graph = read(text.as_bytes(), ReadOptions::default()).unwrap().graph;
        let base = HeapAnalysis::new(graph, AnalysisOptions::default()).unwrap();
        let comparison = later.compare(&base);
        comparison.matched_by
    };
    assert_eq!(
        marked(r#"{"isolation":"fork","stable_ids":false,"pid":7}"#),
        MatchedBy::Shape
    );
    for kept in [
        r#"{"isolation":"fork","stable_ids":true}"#,
        r#"{"redacted":{}}"#,
        "[1]",
        "null",
    ] {
        assert_eq!(marked(kept), MatchedBy::Id, "{kept}");
    }
}
