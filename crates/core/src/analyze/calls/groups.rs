//! What the app, each package, Node and V8 itself cost.

use std::collections::HashMap;

use super::on_stack::OnStack;
use super::{Category, FunctionRow};
use crate::model::{CallTree, Weight};

/// A category and what its functions cost together.
///
/// ```
/// # use rs_profiler_core::model::{CallTree, CpuProfile};
/// use rs_profiler_core::analyze::calls::CallAnalysis;
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?);
/// assert_eq!(analysis.groups().len(), 1);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// Whose code it is.
    pub category: Category,
    /// What the functions cost themselves.
    pub self_weight: Weight,
    /// What they and everything they called cost; a stack counts once.
    pub total_weight: Weight,
    /// How many functions there are.
    pub functions: u32,
}

/// All groups, those that cost most themselves first. `rows` are those of all functions, by number.
pub(super) fn groups(tree: &CallTree, rows: &[FunctionRow]) -> Vec<GroupRow> {
    let mut numbers: HashMap<&Category, usize> = HashMap::new();
    let mut groups: Vec<GroupRow> = Vec::new();
    let mut group_of = Vec::with_capacity(rows.len());
    for row in rows {
        let number = *numbers.entry(&row.category).or_insert(groups.len());
        if number == groups.len() {
            groups.push(GroupRow {
                category: row.category.clone(),
                self_weight: Weight::ZERO,
                total_weight: Weight::ZERO,
                functions: 0,
            });
        }
        groups[number].self_weight += row.self_weight;
        groups[number].functions += 1;
        group_of.push(number);
    }
    let mut on_stack = OnStack::new(groups.len());
    for node in tree.nodes() {
        let group = group_of[tree.function(node).index()];
        if on_stack.enter(tree, node, group) {
            groups[group].total_weight += tree.total_weight(node);
        }
    }
    groups.sort_by(|a, b| {
        let most_first = (b.self_weight.amount, b.self_weight.count).cmp(&(a.self_weight.amount, a.self_weight.count));
        most_first.then_with(|| a.category.cmp(&b.category))
    });
    groups
}
