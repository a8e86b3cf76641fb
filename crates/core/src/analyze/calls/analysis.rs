//! One profile, ready to be asked.

use super::{
    compare, functions, groups, hot, lines, neighbours, trees, FunctionChange, FunctionRow, GroupRow, HotFunction,
    HotOptions, LineRow, MergedTree, NeighbourRow, Summary, TimeModel, TreeOptions,
};
use crate::model::{CallTree, FunctionIndex, Weight};

/// The analysis of one profile.
///
/// ```
/// use rs_profiler_core::analyze::calls::CallAnalysis;
/// use rs_profiler_core::format::cpuprofile::{read, ReadOptions};
/// use rs_profiler_core::model::CallTree;
///
/// let text = br#"{"nodes":[
///     {"id":1,"callFrame":{"functionName":"(root)","scriptId":"0"},"children":[2]},
///     {"id":2,"callFrame":{"functionName":"fib","scriptId":"7","url":"file:///a.js","lineNumber":0},"children":[3]},
///     {"id":3,"callFrame":{"functionName":"fib","scriptId":"7","url":"file:///a.js","lineNumber":0}}],
///   "startTime":0,"endTime":50,"samples":[2,3,3],"timeDeltas":[10,20,10]}"#;
/// let profile = read(&text[..], ReadOptions::default())?.profile;
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&profile)?);
///
/// let fib = &analysis.functions()[0];
/// // Not 20 + 40: a recursive call is no second time.
/// assert_eq!((fib.self_weight.amount, fib.total_weight.amount), (40, 40));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CallAnalysis {
    tree: CallTree,
    /// By number.
    functions: Vec<FunctionRow>,
    /// By node: whether no node of the same function is above it.
    outermost: Vec<bool>,
    summary: Summary,
}

impl CallAnalysis {
    /// Prepares the answers, in time linear in the tree.
    pub fn new(tree: CallTree) -> Self {
        let (functions, outermost) = functions::function_rows(&tree);
        let summary = Summary::of(&tree, &functions);
        CallAnalysis {
            tree,
            functions,
            outermost,
            summary,
        }
    }

    /// The same with samples for amounts: what [`TimeModel::Hits`] says of orders, shares and growth. Indexes stay. Linear in
    /// the tree.
    pub fn by_hits(&self) -> CallAnalysis {
        CallAnalysis::new(self.tree.by_hits())
    }

    /// The tree that all indexes are of.
    pub fn tree(&self) -> &CallTree {
        &self.tree
    }

    /// Sums over the whole profile.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// All functions, those that cost most themselves first.
    pub fn functions(&self) -> Vec<&FunctionRow> {
        let mut rows: Vec<&FunctionRow> = self.functions.iter().collect();
        rows.sort_by_key(|row| {
            let (own, total) = (row.self_weight, row.total_weight);
            (std::cmp::Reverse((own.amount, own.count, total.amount)), row.function)
        });
        rows
    }

    /// One function; nothing for one of a bigger tree.
    pub fn function(&self, function: FunctionIndex) -> Option<&FunctionRow> {
        self.functions.get(function.index())
    }

    /// Microseconds that `weight` stands for in a CPU profile.
    pub fn microseconds(&self, weight: Weight, model: TimeModel) -> f64 {
        match model {
            TimeModel::Deltas => weight.amount as f64,
            TimeModel::Hits => match self.summary.total.count {
                0 => 0.0,
                hits => self.summary.duration_us as f64 / hits as f64 * weight.count as f64,
            },
        }
    }

    /// The functions that call `function`; their totals add up to its total. Takes time linear in the tree.
    pub fn callers(&self, function: FunctionIndex) -> Vec<NeighbourRow> {
        neighbours::callers(&self.tree, function, &self.outermost)
    }

    /// The functions that `function` calls; their totals and its self add up to its total. Takes time linear in the
    /// tree.
    pub fn callees(&self, function: FunctionIndex) -> Vec<NeighbourRow> {
        neighbours::callees(&self.tree, function)
    }

    /// All lines that were hit, those that cost most first.
    pub fn lines(&self) -> Vec<LineRow> {
        lines::lines(&self.tree)
    }

    /// What the app, each package, Node and V8 cost, the costliest first.
    pub fn groups(&self) -> Vec<GroupRow> {
        groups::groups(&self.tree, &self.functions)
    }

    /// The functions worth a look, the hottest first.
    pub fn hot(&self, options: HotOptions) -> Vec<HotFunction> {
        hot::hot(&self.tree, &self.functions, &self.summary, options)
    }

    /// All functions of this profile and of `base`, those whose share changed most first.
    pub fn compare(&self, base: &CallAnalysis) -> Vec<FunctionChange> {
        compare::compare(self, base)
    }

    /// Paths from the outermost function inwards.
    pub fn top_down(&self, options: TreeOptions) -> MergedTree {
        trees::top_down(&self.tree, options)
    }

    /// Paths from each function to its callers.
    pub fn bottom_up(&self, options: TreeOptions) -> MergedTree {
        trees::bottom_up(&self.tree, &self.outermost, options)
    }
}
