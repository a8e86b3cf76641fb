//! The functions worth a look, and why.

use std::collections::BTreeMap;

use super::{Category, FunctionRow, Share, Summary};
use crate::model::{CallTree, FunctionIndex};

/// What makes a function worth a look.
///
/// ```
/// use rs_profiler_core::analyze::calls::HotOptions;
/// let options = HotOptions::default();
/// assert_eq!(options.self_share.percent(), 5.0);
/// assert_eq!((options.deopt_share.percent(), options.gc_share.percent()), (0.5, 10.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct HotOptions {
    /// Share of the active time that a function spends itself. Default is 5 %.
    pub self_share: Share,
    /// The same of a function that V8 gave up optimising. Default is 0.5 %.
    pub deopt_share: Share,
    /// Share of the active time that garbage collection takes. Default is 10 %.
    pub gc_share: Share,
}

impl Default for HotOptions {
    fn default() -> Self {
        HotOptions {
            self_share: Share::new(0.05),
            deopt_share: Share::new(0.005),
            gc_share: Share::new(0.1),
        }
    }
}

/// Why a function is worth a look.
///
/// ```
/// use rs_profiler_core::analyze::calls::{HotReason, Share};
/// assert_eq!(HotReason::SelfTime(Share::new(0.125)).to_string(), "12.5 % of the active time is spent in it");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum HotReason {
    /// It takes this share of the active time itself.
    SelfTime(Share),
    /// V8 gave up optimising it.
    Deoptimized {
        /// V8's words.
        reason: String,
        /// In how many nodes of the tree.
        nodes: u32,
    },
    /// It is the garbage collector, which takes this share of the active time.
    GarbageCollection(Share),
}

impl std::fmt::Display for HotReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            HotReason::SelfTime(share) => write!(f, "{:.1} % of the active time is spent in it", share.percent()),
            HotReason::Deoptimized { reason, nodes: 1 } => write!(f, "V8 does not optimise it: {reason}"),
            HotReason::Deoptimized { reason, nodes } => {
                write!(f, "V8 does not optimise it, in {nodes} places of the tree: {reason}")
            }
            HotReason::GarbageCollection(share) => {
                write!(
                    f,
                    "{:.1} % of the active time goes into collecting garbage",
                    share.percent()
                )
            }
        }
    }
}

/// A function worth a look.
///
/// ```
/// # use rs_profiler_core::model::{CallTree, CpuProfile};
/// use rs_profiler_core::analyze::calls::{CallAnalysis, HotOptions};
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?);
/// assert!(analysis.hot(HotOptions::default()).is_empty());
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct HotFunction {
    /// The function, in the analysis' tree.
    pub function: FunctionIndex,
    /// Its share of the active time, without what it calls.
    pub self_share: Share,
    /// Why it is here; never empty.
    pub reasons: Vec<HotReason>,
}

/// Hot functions, the hottest first. `rows` are those of all functions, by number.
pub(super) fn hot(tree: &CallTree, rows: &[FunctionRow], summary: &Summary, options: HotOptions) -> Vec<HotFunction> {
    let mut deopts: BTreeMap<(FunctionIndex, &str), u32> = BTreeMap::new();
    for node in tree.nodes() {
        let reason = tree.deopt_reason(node);
        if !reason.is_empty() {
            *deopts.entry((tree.function(node), reason)).or_default() += 1;
        }
    }
    let mut found: Vec<HotFunction> = rows
        .iter()
        .filter(|row| row.self_weight.amount > 0)
        .filter_map(|row| {
            let share = summary.share(row.self_weight);
            let mut reasons = Vec::new();
            match row.category {
                Category::GarbageCollector if share >= options.gc_share => {
                    reasons.push(HotReason::GarbageCollection(share));
                }
                _ if row.category.is_meta() => {}
                _ => {
                    if share >= options.self_share {
                        reasons.push(HotReason::SelfTime(share));
                    }
                    if share >= options.deopt_share {
                        let of_function = deopts.range((row.function, "")..);
                        reasons.extend(
                            of_function
                                .take_while(|((function, _), _)| *function == row.function)
                                .map(|((_, reason), &nodes)| HotReason::Deoptimized {
                                    reason: (*reason).to_owned(),
                                    nodes,
                                }),
                        );
                    }
                }
            }
            (!reasons.is_empty()).then_some(HotFunction {
                function: row.function,
                self_share: share,
                reasons,
            })
        })
        .collect();
    found.sort_by(|a, b| b.self_share.fraction().total_cmp(&a.self_share.fraction()));
    found
}
