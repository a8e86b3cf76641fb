//! What single lines cost: line hits of all nodes by file and line. A node's amount is shared out by its line hits.

use std::collections::HashMap;

use crate::model::{weight_by_line, CallTree, FunctionIndex, Weight};

/// A line and what it cost itself.
///
/// ```
/// # use rs_profiler_core::model::{CallTree, CpuProfile};
/// use rs_profiler_core::analyze::calls::CallAnalysis;
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?);
/// assert!(analysis.lines().is_empty());
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// The file.
    pub url: String,
    /// The line, from 1.
    pub line: u32,
    /// The function of the line; of several, the one that cost most there.
    pub function: FunctionIndex,
    /// Hits on the line, and their share of the time.
    pub weight: Weight,
}

/// All lines of files, those that cost most first.
pub(super) fn lines(tree: &CallTree) -> Vec<LineRow> {
    let mut by_function: HashMap<(FunctionIndex, u32), Weight> = HashMap::new();
    for node in tree.nodes() {
        let ticks = tree.line_ticks(node);
        if ticks.is_empty() {
            continue;
        }
        for (line, weight) in weight_by_line(tree.self_weight(node), ticks) {
            if let Some(line) = line {
                *by_function.entry((tree.function(node), line)).or_default() += weight;
            }
        }
    }
    // In the order of functions, so that equal ones give the same row every time.
    let mut by_function: Vec<_> = by_function.into_iter().collect();
    by_function.sort_unstable_by_key(|(key, _)| *key);
    let mut rows: HashMap<(String, u32), (LineRow, Weight)> = HashMap::new();
    for ((function, line), weight) in by_function {
        let url = tree.frame(function).url.into_owned();
        if url.is_empty() {
            continue;
        }
        let (row, most) = rows.entry((url.clone(), line)).or_insert_with(|| {
            let row = LineRow {
                url,
                line,
                function,
                weight: Weight::ZERO,
            };
            (row, weight)
        });
        row.weight += weight;
        if (weight.amount, weight.count) > (most.amount, most.count) {
            (row.function, *most) = (function, weight);
        }
    }
    let mut rows: Vec<LineRow> = rows.into_values().map(|(row, _)| row).collect();
    rows.sort_by(|a, b| {
        let most_first = (b.weight.amount, b.weight.count).cmp(&(a.weight.amount, a.weight.count));
        most_first.then_with(|| (&a.url, a.line).cmp(&(&b.url, b.line)))
    });
    rows
}
