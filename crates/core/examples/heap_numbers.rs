//! Writes down every number that is computed of heap snapshots, for `npm run oracle`, which compares them with Chrome
//! DevTools' own (`scripts/oracle/devtools-numbers.js` writes the same files and says what is in them).
//!
//! ```text
//! cargo run --release -p rs-profiler-core --example heap_numbers -- OUT FILE [LATER]
//! ```

use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rs_profiler_core::analyze::heap::{AnalysisOptions, ClassFilter, ClassRow, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};
use rs_profiler_core::model::heap::NodeIndex;
use serde_json::{json, Map, Value};

type Outcome<T> = Result<T, Box<dyn Error>>;

const FILTERS: [(&str, ClassFilter); 5] = [
    ("DuplicatedStrings", ClassFilter::DuplicatedStrings),
    ("RetainedByDetachedDom", ClassFilter::RetainedByDetachedDom),
    ("RetainedByConsole", ClassFilter::RetainedByConsole),
    ("RetainedByContexts", ClassFilter::RetainedByContexts),
    ("RetainedByEventHandlers", ClassFilter::RetainedByEventHandlers),
];

fn main() -> Outcome<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [out, files @ ..] = &*arguments else {
        return Err("usage: heap_numbers OUT FILE [LATER]".into());
    };
    let mut analyses = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let folder = out.join(at.to_string());
        fs::create_dir_all(&folder)?;
        let graph = read(File::open(file)?, ReadOptions::default())?.graph;
        let analysis = HeapAnalysis::new(graph, AnalysisOptions::default())?;
        let names = write_columns(&analysis, &folder)?;
        fs::write(folder.join("stacks"), stacks(&analysis)?)?;
        fs::write(folder.join("rows.json"), rows(&analysis, &names).to_string())?;
        analyses.push(analysis);
    }
    if let [base, later] = &*analyses {
        fs::write(out.join("comparison.json"), comparison(later, base).to_string())?;
    }
    Ok(())
}

/// Writes a file for each column; returns the names of the classes.
fn write_columns(analysis: &HeapAnalysis, folder: &Path) -> Outcome<Vec<String>> {
    let graph = analysis.graph();
    let write = |name: &str, bytes: &dyn Fn(NodeIndex) -> Vec<u8>| {
        let column: Vec<u8> = graph.nodes().flat_map(bytes).collect();
        fs::write(folder.join(name), column)
    };
    // As wide as DevTools' own.
    write("self", &|node| (graph.self_size(node) as u32).to_le_bytes().into())?;
    write("dist", &|node| analysis.distance(node).to_le_bytes().into())?;
    write("dom", &|node| analysis.dominator(node).0.to_le_bytes().into())?;
    write("ret", &|node| {
        (analysis.retained_size(node) as f64).to_le_bytes().into()
    })?;
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut names = Vec::new();
    let mut column = Vec::new();
    for node in graph.nodes() {
        let name = analysis.class_name(analysis.class(node)).into_owned();
        let number = *numbers.entry(name.clone()).or_insert_with(|| {
            names.push(name);
            names.len() as u32 - 1
        });
        column.extend(number.to_le_bytes());
    }
    fs::write(folder.join("class"), column)?;
    Ok(names)
}

fn stacks(analysis: &HeapAnalysis) -> Outcome<String> {
    let mut lines = String::new();
    for node in analysis.graph().nodes() {
        let stack = analysis.graph().allocation_stack(node);
        if stack.is_empty() {
            continue;
        }
        let calls: Vec<String> = stack
            .iter()
            .map(|frame| json!([frame.function, frame.url, frame.line, frame.column]).to_string())
            .collect();
        lines += &format!("{} {}\n", node.0, calls.join(" "));
    }
    Ok(lines)
}

fn numbers(row: &ClassRow) -> Vec<Value> {
    vec![
        row.count.into(),
        row.shallow_size.into(),
        row.retained_size.into(),
        row.distance.into(),
    ]
}

/// Rows by key, with the sum of the nodes that are in it.
fn class_table(analysis: &HeapAnalysis) -> Value {
    let rows = analysis.classes().iter().map(|row| {
        let members: u64 = analysis.instances(row.class).iter().map(|node| u64::from(node.0)).sum();
        (row.key(), Value::from([numbers(row), vec![members.into()]].concat()))
    });
    Value::Object(rows.collect())
}

/// The same for what passes a filter, without that sum.
fn filtered(analysis: &HeapAnalysis, filter: ClassFilter) -> Value {
    let rows = analysis.classes_filtered(filter).into_iter();
    Value::Object(rows.map(|row| (row.key(), numbers(&row).into())).collect())
}

fn rows(analysis: &HeapAnalysis, class_names: &[String]) -> Value {
    let statistics = analysis.statistics();
    let filters = FILTERS.map(|(name, filter)| (name.into(), filtered(analysis, filter)));
    let duplicates = analysis.duplicated_strings().into_iter();
    let duplicates = duplicates.map(|row| json!([row.text, row.nodes.len(), row.shallow_size, row.retained_size]));
    json!({
        "classNames": class_names,
        "classes": class_table(analysis),
        "interfaces": analysis.interfaces().collect::<Vec<_>>(),
        "statistics": {
            "total": statistics.total,
            "native": { "total": statistics.native_total, "typedArrays": statistics.typed_arrays },
            "v8heap": {
                "total": statistics.v8_heap_total,
                "code": statistics.code,
                "jsArrays": statistics.js_arrays,
                "strings": statistics.strings,
                "system": statistics.system,
            },
        },
        "filters": Value::Object(filters.into_iter().collect()),
        "duplicates": duplicates.collect::<Vec<_>>(),
    })
}

fn comparison(later: &HeapAnalysis, base: &HeapAnalysis) -> Value {
    let rows = later.compare(base).rows.into_iter().map(|row| {
        let (count, size) = (row.count_delta(), row.size_delta());
        let numbers = json!([row.added, row.removed, count, row.added_size, row.removed_size, size]);
        (row.key(), numbers)
    });
    Value::Object(rows.collect::<Map<_, _>>())
}
