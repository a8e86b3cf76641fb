//! What changed between two profiles, function by function.
//!
//! Profiles take different times, so shares of the active time are compared. Functions are the same when name and place
//! are; of those that are left, when name and file are and nothing else in either profile has that name there: an
//! edited file moves its functions.

use std::collections::HashMap;

use super::{CallAnalysis, Share};
use crate::model::{CallFrame, FunctionIndex, Weight};

/// How a function was found in both profiles.
///
/// ```
/// use rs_profiler_core::analyze::calls::Matched;
/// assert_ne!(Matched::ByPlace, Matched::ByName);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Matched {
    /// Name, file, line and column are the same.
    ByPlace,
    /// Name and file are the same, and unique; the place is another.
    ByName,
    /// Only the later profile has it.
    New,
    /// Only the base has it.
    Gone,
}

/// A function in two profiles. Weights are those of the profile they are named after.
///
/// ```
/// # use rs_profiler_core::model::{CallTree, CpuProfile};
/// use rs_profiler_core::analyze::calls::{CallAnalysis, Matched};
/// let analysis = CallAnalysis::new(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?);
/// assert_eq!(analysis.compare(&analysis)[0].matched, Matched::ByPlace);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionChange {
    /// How the two were matched.
    pub matched: Matched,
    /// The function in the later profile.
    pub function: Option<FunctionIndex>,
    /// The function in the base.
    pub base_function: Option<FunctionIndex>,
    /// Self in the later profile.
    pub self_weight: Weight,
    /// Self in the base.
    pub base_self_weight: Weight,
    /// Total in the later profile.
    pub total_weight: Weight,
    /// Total in the base.
    pub base_total_weight: Weight,
    /// By how much the share of the active time spent in the function itself has grown.
    pub self_growth: Share,
    /// The same with what it called.
    pub total_growth: Share,
}

/// All functions of both, those whose own share changed most first.
pub(super) fn compare(later: &CallAnalysis, base: &CallAnalysis) -> Vec<FunctionChange> {
    let pairs = matched(later, base);
    let mut changes: Vec<FunctionChange> = pairs
        .into_iter()
        .map(|(matched, function, base_function)| {
            let weights = |analysis: &CallAnalysis, function: Option<FunctionIndex>| {
                let row = function.and_then(|function| analysis.function(function));
                row.map_or((Weight::ZERO, Weight::ZERO), |row| (row.self_weight, row.total_weight))
            };
            let (self_weight, total_weight) = weights(later, function);
            let (base_self_weight, base_total_weight) = weights(base, base_function);
            let growth = |now, before| later.summary().share(now) - base.summary().share(before);
            FunctionChange {
                matched,
                function,
                base_function,
                self_weight,
                base_self_weight,
                total_weight,
                base_total_weight,
                self_growth: growth(self_weight, base_self_weight),
                total_growth: growth(total_weight, base_total_weight),
            }
        })
        .collect();
    let size = |change: &FunctionChange| {
        (
            change.self_growth.fraction().abs(),
            change.total_growth.fraction().abs(),
        )
    };
    changes.sort_by(|a, b| {
        let ((a_self, a_total), (b_self, b_total)) = (size(a), size(b));
        b_self.total_cmp(&a_self).then(b_total.total_cmp(&a_total))
    });
    changes
}

type Pair = (Matched, Option<FunctionIndex>, Option<FunctionIndex>);

fn matched(later: &CallAnalysis, base: &CallAnalysis) -> Vec<Pair> {
    let functions = |analysis: &CallAnalysis| analysis.tree().functions().collect::<Vec<_>>();
    let by_place: HashMap<CallFrame<'static>, FunctionIndex> = functions(base)
        .into_iter()
        .map(|function| (key_of(base, function), function))
        .collect();
    let mut gone = vec![true; base.tree().functions().len()];
    let mut pairs = Vec::new();
    let mut new = Vec::new();
    for function in functions(later) {
        match by_place.get(&key_of(later, function)) {
            Some(&before) => {
                gone[before.index()] = false;
                pairs.push((Matched::ByPlace, Some(function), Some(before)));
            }
            None => new.push(function),
        }
    }
    // Those with a name that is the only one of its file among all functions of a profile.
    let names = |analysis: &CallAnalysis| {
        let mut names: HashMap<(String, String), Vec<FunctionIndex>> = HashMap::new();
        for function in functions(analysis) {
            let frame = analysis.tree().frame(function);
            if !frame.url.is_empty() && !frame.function_name.is_empty() {
                let name = (frame.function_name.into_owned(), frame.url.into_owned());
                names.entry(name).or_default().push(function);
            }
        }
        names
    };
    let (later_names, base_names) = (names(later), names(base));
    for function in new {
        let frame = later.tree().frame(function);
        let name = (frame.function_name.into_owned(), frame.url.into_owned());
        let only = |names: &HashMap<_, Vec<FunctionIndex>>| match names.get(&name).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        };
        match (only(&later_names), only(&base_names)) {
            (Some(_), Some(before)) if gone[before.index()] => {
                gone[before.index()] = false;
                pairs.push((Matched::ByName, Some(function), Some(before)));
            }
            _ => pairs.push((Matched::New, Some(function), None)),
        }
    }
    let gone = functions(base).into_iter().filter(|function| gone[function.index()]);
    pairs.extend(gone.map(|function| (Matched::Gone, None, Some(function))));
    pairs
}

/// What makes a function the same one in another process: its script's number is another there.
fn key_of(analysis: &CallAnalysis, function: FunctionIndex) -> CallFrame<'static> {
    CallFrame {
        script_id: 0,
        ..analysis.tree().frame(function).into_owned()
    }
}
