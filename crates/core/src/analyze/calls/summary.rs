//! The whole of a profile, and how much of it was work.

use super::{Category, FunctionRow, Share};
use crate::model::{CallTree, Weight};

/// Sums over a whole profile. `active` is what shares are of.
///
/// ```
/// # use rs_profiler_core::model::{CallTree, CpuProfile};
/// use rs_profiler_core::analyze::calls::CallAnalysis;
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?);
/// assert_eq!(analysis.summary().duration_us, 9);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Everything.
    pub total: Weight,
    /// Everything but idle time.
    pub active: Weight,
    /// Nothing to do.
    pub idle: Weight,
    /// Native code outside JavaScript.
    pub program: Weight,
    /// Garbage collection.
    pub garbage_collector: Weight,
    /// Microseconds from the beginning to the end of the recording; 0 for a sampling heap profile.
    pub duration_us: u64,
    /// Microseconds before the first sample, which are in none of the sums.
    pub unsampled_us: u64,
}

impl Summary {
    pub(super) fn of(tree: &CallTree, rows: &[FunctionRow]) -> Self {
        let of = |category: Category| {
            rows.iter()
                .filter(|row| row.category == category)
                .map(|row| row.self_weight)
                .sum::<Weight>()
        };
        let (total, idle) = (tree.total_weight(tree.root()), of(Category::Idle));
        Summary {
            total,
            active: total.without(idle),
            idle,
            program: of(Category::Program),
            garbage_collector: of(Category::GarbageCollector),
            duration_us: tree.duration_us(),
            unsampled_us: tree.unsampled_us(),
        }
    }

    /// The share of the active amount.
    ///
    /// ```
    /// use rs_profiler_core::{analyze::calls::Summary, model::Weight};
    /// let summary = Summary { active: Weight { count: 4, amount: 4_000 }, ..Summary::default() };
    /// assert_eq!(summary.share(Weight { count: 1, amount: 500 }).percent(), 12.5);
    /// ```
    pub fn share(&self, weight: Weight) -> Share {
        Share::of(weight.amount, self.active.amount)
    }
}
