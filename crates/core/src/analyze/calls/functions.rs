//! Self and total of each function.
//!
//! self(F) is the sum over the nodes of F. total(F) is the sum of the subtrees of those nodes of F that have no F above
//! them, so that self <= total <= whole, whatever the recursion. One walk in preorder with a count per function.

use super::on_stack::OnStack;
use super::Category;
use crate::model::{CallTree, FunctionIndex, MetaFrame, Weight};

/// A function and what it cost.
///
/// ```
/// # use rs_profiler_core::model::{CallTree, CpuProfile};
/// use rs_profiler_core::analyze::calls::CallAnalysis;
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?);
/// assert_eq!(analysis.functions()[0].category.label(), "(root)");
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionRow {
    /// The function, in the analysis' tree.
    pub function: FunctionIndex,
    /// Whose code it is.
    pub category: Category,
    /// What it cost itself.
    pub self_weight: Weight,
    /// What it and everything it called cost.
    pub total_weight: Weight,
    /// How many nodes of the tree are calls of it.
    pub nodes: u32,
}

/// The rows by function number, and which nodes are the outermost of their function.
pub(super) fn function_rows(tree: &CallTree) -> (Vec<FunctionRow>, Vec<bool>) {
    let mut metas: Vec<Option<MetaFrame>> = vec![None; tree.functions().len()];
    let mut rows: Vec<FunctionRow> = tree
        .functions()
        .map(|function| FunctionRow {
            function,
            category: Category::App,
            self_weight: Weight::ZERO,
            total_weight: Weight::ZERO,
            nodes: 0,
        })
        .collect();
    let mut on_stack = OnStack::new(rows.len());
    let mut outermost = Vec::with_capacity(tree.nodes().len());
    for node in tree.nodes() {
        let function = tree.function(node);
        let row = &mut rows[function.index()];
        row.self_weight += tree.self_weight(node);
        row.nodes += 1;
        let is_outermost = on_stack.enter(tree, node, function.index());
        if is_outermost {
            row.total_weight += tree.total_weight(node);
        }
        outermost.push(is_outermost);
        if let Some(meta) = tree.meta(node) {
            metas[function.index()] = Some(meta);
        }
    }
    for row in &mut rows {
        row.category = Category::of(&tree.frame(row.function), metas[row.function.index()]);
    }
    (rows, outermost)
}
