//! Call trees of the two kinds of profiles.

use std::collections::HashMap;

use super::call_tree::{CallTree, Units};
use super::call_tree_builder::CallTreeBuilder;
use super::sample_spans::{microseconds_between, SampleSpans};
use super::{CpuProfileSource, SamplingHeapProfile, Step, TreeWalk, Weight};
use crate::Result;

/// What a sampling heap profile counts.
///
/// ```
/// use rs_profiler_core::model::HeapCounts;
/// assert_eq!(HeapCounts::default(), HeapCounts::Samples);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum HeapCounts {
    /// The objects of each node's allocations: right for a profile that came from V8.
    Objects,
    /// The samples of each node: right for a profile that was read from a text, which does not say how many objects
    /// there are.
    #[default]
    Samples,
}

impl CallTree {
    /// The calls of a CPU profile. A node's count is its hits; its amount, how long the samples that name it lasted:
    /// each until the next in time, the last until the end of the recording. Without samples, the recording is shared
    /// out by hits.
    ///
    /// Time and memory are linear in nodes and samples, but for sorting samples that are not in order.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`](crate::Error::TooLarge) when the profile has `u32::MAX` nodes or more.
    ///
    /// ```
    /// use rs_profiler_core::model::{CallTree, CpuProfile};
    /// let tree = CallTree::of_cpu_profile(&CpuProfile::empty(10, 30)?)?;
    /// assert_eq!((tree.nodes().len(), tree.duration_us()), (1, 20));
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn of_cpu_profile<S: CpuProfileSource>(source: &S) -> Result<CallTree> {
        let mut builder = CallTreeBuilder::default();
        let mut ticks = Vec::new();
        for step in TreeWalk::new(source) {
            match step {
                Step::Enter(node) => {
                    source.line_ticks(node, &mut ticks);
                    let number = builder.enter(&source.frame(node), &ticks)?;
                    builder.self_weights()[number as usize].count = u64::from(source.hit_count(node));
                }
                Step::Leave(_) => builder.leave(),
            }
        }
        let duration = microseconds_between(source.start_time_us(), source.end_time_us());
        let spans = SampleSpans::of(source);
        for span in spans.as_slice() {
            let weight = &mut builder.self_weights()[span.node.index()];
            weight.amount = weight.amount.saturating_add(span.duration_us);
        }
        let unsampled = match spans.as_slice() {
            [first, ..] => first.start_us,
            [] => {
                share_out(duration, builder.self_weights());
                0
            }
        };
        Ok(builder.finish(Units::SamplesAndMicroseconds, duration, unsampled))
    }

    /// The calls of a sampling heap profile, with the bytes of what they allocated and is alive.
    ///
    /// Time and memory are linear in nodes and samples.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`](crate::Error::TooLarge) when the profile has `u32::MAX` nodes or more.
    ///
    /// ```
    /// use rs_profiler_core::model::{Allocation, CallFrame, CallTree, HeapCounts, SamplingHeapProfile, Weight};
    /// let mut builder = SamplingHeapProfile::builder();
    /// builder.add_root(1, &CallFrame::root(), &[Allocation { size: 24, count: 100 }])?;
    /// let tree = CallTree::of_heap_profile(&builder.finish(), HeapCounts::Objects)?;
    /// assert_eq!(tree.self_weight(tree.root()), Weight { count: 100, amount: 2_400 });
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn of_heap_profile(profile: &SamplingHeapProfile, counts: HeapCounts) -> Result<CallTree> {
        let mut samples: HashMap<u32, u64> = HashMap::new();
        if counts == HeapCounts::Samples {
            for sample in profile.samples() {
                *samples.entry(sample.node_id).or_default() += 1;
            }
        }
        let mut builder = CallTreeBuilder::default();
        // The next node to enter on each level.
        let mut open = vec![profile.root()];
        while let Some(next) = open.last_mut() {
            let Some(node) = *next else {
                open.pop();
                builder.leave();
                continue;
            };
            *next = profile.next_sibling(node);
            let number = builder.enter(&profile.frame(node), &[])?;
            let count = match counts {
                HeapCounts::Samples => samples.get(&profile.node_id(node)).copied().unwrap_or(0),
                HeapCounts::Objects => profile.allocations(node).iter().map(|one| u64::from(one.count)).sum(),
            };
            builder.self_weights()[number as usize] = Weight {
                count,
                amount: profile.self_size(node),
            };
            open.push(profile.first_child(node));
        }
        let units = match counts {
            HeapCounts::Objects => Units::ObjectsAndBytes,
            HeapCounts::Samples => Units::SamplesAndBytes,
        };
        Ok(builder.finish(units, 0, 0))
    }
}

/// Shares `duration` out by hits; the parts add up to the whole.
fn share_out(duration: u64, weights: &mut [Weight]) {
    let hits: u128 = weights.iter().map(|weight| u128::from(weight.count)).sum();
    let until = |hits_so_far: u128| (u128::from(duration) * hits_so_far).checked_div(hits).unwrap_or(0) as u64;
    let mut so_far = 0;
    for weight in weights {
        let before = until(so_far);
        so_far += u128::from(weight.count);
        weight.amount = until(so_far) - before;
    }
}
