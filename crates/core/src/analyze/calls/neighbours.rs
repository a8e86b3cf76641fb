//! Callers and callees of one function.
//!
//! Callers: each stack with F on it counts for the caller of the *outermost* F. Callees: each stack counts for what the
//! *innermost* F called. So the callers' totals add up to F's total, and the callees' totals and F's self do as well;
//! that F calls itself shows in neither. Self of a caller is what F itself cost when called from there, recursion
//! included; self of a callee, what it cost itself when F had called it.

use std::collections::HashMap;

use crate::model::{CallTree, FunctionIndex, Weight};

/// A function that calls another or is called by it.
///
/// ```
/// # use rs_profiler_core::model::{CallTree, CpuProfile};
/// use rs_profiler_core::analyze::calls::CallAnalysis;
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?);
/// let root = analysis.functions()[0].function;
/// assert!(analysis.callers(root).is_empty() && analysis.callees(root).is_empty());
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeighbourRow {
    /// The other function.
    pub function: FunctionIndex,
    /// As a caller: what the function in question cost itself, called from here. As a callee: what the callee cost
    /// itself, called from there.
    pub self_weight: Weight,
    /// What the calls between the two cost with everything below.
    pub total_weight: Weight,
}

/// Self and total by function.
type Sums = HashMap<FunctionIndex, (Weight, Weight)>;

/// The functions that call `function`, those that account for most first.
pub(super) fn callers(tree: &CallTree, function: FunctionIndex, outermost: &[bool]) -> Vec<NeighbourRow> {
    let mut sums = Sums::new();
    for node in tree.nodes().filter(|&node| tree.function(node) == function) {
        let Some(parent) = tree.parent(node) else { continue };
        let (own, total) = sums.entry(tree.function(parent)).or_default();
        *own += tree.self_weight(node);
        if outermost[node.index()] {
            *total += tree.total_weight(node);
        }
    }
    sorted(sums)
}

/// The functions that `function` calls, those that cost most first.
pub(super) fn callees(tree: &CallTree, function: FunctionIndex) -> Vec<NeighbourRow> {
    let mut sums = Sums::new();
    // The calls made by `function` that the walk is inside of: end of the subtree, and the callee.
    let mut inside = Vec::new();
    for node in tree.nodes().skip(1) {
        while inside.last().is_some_and(|&(end, _)| end <= node) {
            inside.pop();
        }
        let own = tree.function(node);
        let called_by_it = tree
            .parent(node)
            .is_some_and(|parent| tree.function(parent) == function);
        match (called_by_it, own == function) {
            (true, false) => {
                let (callee_self, callee_total) = sums.entry(own).or_default();
                *callee_self += tree.self_weight(node);
                *callee_total += tree.total_weight(node);
                inside.push((tree.subtree_end(node), own));
            }
            // An inner call of `function`: what it costs belongs to its own callees.
            (false, true) => {
                if let Some((_, callee_total)) = inside.last().and_then(|(_, callee)| sums.get_mut(callee)) {
                    *callee_total = callee_total.without(tree.total_weight(node));
                }
            }
            _ => {}
        }
    }
    sorted(sums)
}

fn sorted(sums: Sums) -> Vec<NeighbourRow> {
    let mut rows: Vec<NeighbourRow> = sums
        .into_iter()
        .map(|(function, (self_weight, total_weight))| NeighbourRow {
            function,
            self_weight,
            total_weight,
        })
        .collect();
    rows.sort_by_key(|row| {
        (
            std::cmp::Reverse((row.total_weight.amount, row.total_weight.count)),
            row.function,
        )
    });
    rows
}
