//! A snapshot of each Node beside what Chrome DevTools computed of it, every node and row. `npm run oracle -- --record` writes
//! the files.

use std::collections::BTreeMap;
use std::io::Read;

use rs_profiler_core::analyze::heap::{ClassFilter, ClassRow, HeapAnalysis};
use rs_profiler_core::model::heap::NodeIndex;
use serde_json::{json, Value};

use super::heap_devtools::{analysed_file, column, compare, compare_statistics, open};

const NAMES: [&str; 5] = ["n18-plain", "n20-internals", "n22-stacks", "n24-numeric", "n26-plain"];

fn analysed(name: &str) -> HeapAnalysis {
    analysed_file(&format!("{name}.heapsnapshot.zst"))
}

fn text(name: &str) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(open(name))
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn rows_of(name: &str) -> Value {
    serde_json::from_str(&text(&format!("{name}.rows.json.gz"))).unwrap()
}

#[test]
fn every_node_of_each_node_version_is_as_in_devtools() {
    for name in NAMES {
        let analysis = analysed(name);
        let graph = analysis.graph();
        let numbers = |what: &str| -> Vec<u32> {
            let chunks = column(&format!("{name}.{what}.gz")).into_iter();
            chunks.map(u32::from_le_bytes).collect()
        };
        let sizes = numbers("self");
        assert_eq!(sizes.len(), graph.node_count() as usize);
        compare("self size", &sizes, |node| graph.self_size(node) as u32);
        compare("dominator", &numbers("dom"), |node| analysis.dominator(node).0);
        compare("distance", &numbers("dist"), |node| {
            analysis.distance(node).cast_unsigned()
        });
        let retained: Vec<f64> = column(&format!("{name}.ret.gz"))
            .into_iter()
            .map(f64::from_le_bytes)
            .collect();
        compare("retained size", &retained, |node| analysis.retained_size(node) as f64);
        let names: Vec<String> = serde_json::from_value(rows_of(name)["classNames"].take()).unwrap();
        let classes: Vec<String> = numbers("class")
            .iter()
            .map(|&class| names[class as usize].clone())
            .collect();
        compare("class", &classes, |node| {
            analysis.class_name(analysis.class(node)).into_owned()
        });
    }
}

fn numbers(row: &ClassRow) -> Vec<i64> {
    vec![
        row.count as i64,
        row.shallow_size as i64,
        row.retained_size as i64,
        i64::from(row.distance),
    ]
}

#[test]
fn every_row_of_each_node_version_is_as_in_devtools() {
    for name in NAMES {
        let analysis = analysed(name);
        let expected = rows_of(name);
        let rows = analysis.classes().iter().map(|row| {
            let nodes = analysis.instances(row.class);
            let sum = nodes.iter().map(|node| i64::from(node.0)).sum();
            (row.key(), [numbers(row), vec![sum]].concat())
        });
        let classes: BTreeMap<String, Vec<i64>> = serde_json::from_value(expected["classes"].clone()).unwrap();
        assert!(classes.len() > 150, "{name}: {} classes", classes.len());
        assert_eq!(rows.collect::<BTreeMap<_, _>>(), classes, "{name}");
        let interfaces: Vec<(String, u64, Vec<String>)> =
            serde_json::from_value(expected["interfaces"].clone()).unwrap();
        assert_eq!(analysis.interfaces().collect::<Vec<_>>(), interfaces, "{name}");
        compare_statistics(&expected["statistics"], analysis.statistics());
    }
}

#[test]
fn filters_and_equal_strings_of_each_node_version_are_as_in_devtools() {
    let mut shown = 0;
    for name in NAMES {
        let analysis = analysed(name);
        let expected = rows_of(name);
        for (filter, title) in [
            (ClassFilter::DuplicatedStrings, "DuplicatedStrings"),
            (ClassFilter::RetainedByDetachedDom, "RetainedByDetachedDom"),
            (ClassFilter::RetainedByConsole, "RetainedByConsole"),
            (ClassFilter::RetainedByContexts, "RetainedByContexts"),
            (ClassFilter::RetainedByEventHandlers, "RetainedByEventHandlers"),
        ] {
            let rows: BTreeMap<String, Vec<i64>> = serde_json::from_value(expected["filters"][title].clone()).unwrap();
            shown += usize::from(!rows.is_empty());
            let found = analysis.classes_filtered(filter);
            let found: BTreeMap<_, _> = found.iter().map(|row| (row.key(), numbers(row))).collect();
            assert_eq!(found, rows, "{name}: {title}");
        }
        let sorted = |rows: &mut dyn Iterator<Item = Value>| {
            let mut rows: Vec<String> = rows.map(|row| row.to_string()).collect();
            rows.sort();
            rows
        };
        let found = analysis.duplicated_strings();
        let found = found.iter();
        let mut found = found.map(|row| json!([row.text, row.nodes.len(), row.shallow_size, row.retained_size]));
        let mut expected = expected["duplicates"].as_array().unwrap().iter().cloned();
        assert_eq!(sorted(&mut found), sorted(&mut expected), "{name}");
    }
    // All but what detached elements hold, which Node has none of.
    assert!(shown >= 4 * NAMES.len(), "{shown} filters show something");
}

#[test]
fn where_objects_were_allocated_is_as_in_devtools() {
    for name in NAMES {
        let graph_of = analysed(name);
        let graph = graph_of.graph();
        let mut found = String::new();
        for node in (0..graph.node_count()).map(NodeIndex) {
            let stack = graph.allocation_stack(node);
            if !stack.is_empty() {
                let calls = stack
                    .iter()
                    .map(|frame| json!([frame.function, frame.url, frame.line, frame.column]).to_string());
                found += &format!("{} {}\n", node.0, calls.collect::<Vec<_>>().join(" "));
            }
        }
        assert!(found == text(&format!("{name}.stacks.gz")), "{name}");
        assert_eq!(!found.is_empty(), name == "n22-stacks");
    }
}
