//! A node's weight, shared out by the lines that were hit.

use super::{LineTick, Weight};

/// `weight` shared out by line hits, each line once; what they do not account for has no line. The parts add up to the
/// whole.
///
/// ```
/// use rs_profiler_core::model::{weight_by_line, LineTick, Weight};
/// let ticks = [LineTick { line: 7, ticks: 1 }, LineTick { line: 5, ticks: 1 }, LineTick { line: 7, ticks: 1 }];
/// let parts = weight_by_line(Weight { count: 3, amount: 31 }, &ticks);
/// assert_eq!(parts[0], (Some(5), Weight { count: 1, amount: 10 }));
/// assert_eq!(parts[1], (Some(7), Weight { count: 2, amount: 21 }));
/// ```
pub fn weight_by_line(weight: Weight, ticks: &[LineTick]) -> Vec<(Option<u32>, Weight)> {
    let mut hits: Vec<(u32, u64)> = ticks
        .iter()
        .filter(|tick| tick.ticks > 0)
        .map(|tick| (tick.line, u64::from(tick.ticks)))
        .collect();
    hits.sort_unstable();
    hits.dedup_by(|next, first| {
        let same = next.0 == first.0;
        if same {
            first.1 += next.1;
        }
        same
    });
    let all: u64 = hits.iter().map(|hit| hit.1).sum();
    let whole = all.max(weight.count);
    let mut parts = Vec::with_capacity(hits.len() + 1);
    let mut rest = weight;
    for (line, hits) in hits {
        let share = |number: u64| (u128::from(number) * u128::from(hits) / u128::from(whole)) as u64;
        let part = Weight {
            count: share(weight.count),
            amount: share(weight.amount),
        };
        rest = rest.without(part);
        parts.push((Some(line), part));
    }
    // What rounding left belongs to the last line when the lines account for everything.
    match parts.last_mut() {
        Some((_, last)) if whole == all => *last += rest,
        _ if !rest.is_zero() => parts.push((None, rest)),
        _ => {}
    }
    parts
}
