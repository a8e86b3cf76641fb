//! How long each sample lasted: from its own time to that of the next, the last one until the end of the recording.
//!
//! The times may go back (V8 notes them on another thread), so the samples are put in order first. What lies before the
//! first sample belongs to none.

use std::collections::HashMap;

use super::{CallNode, CpuProfileSource, Sample, Step, TreeWalk};

/// One sample: which node was on top, from when, and for how long.
///
/// ```
/// use rs_profiler_core::model::{CallFrame, CpuProfileBuilder, Sample, SampleSpans};
/// let mut builder = CpuProfileBuilder::new();
/// let root = builder.open_node()?;
/// builder.fill_node(root, 1, &CallFrame::root(), 1, &[])?;
/// builder.add_sample(Sample { node_id: 1, timestamp_us: 12 });
/// let spans = SampleSpans::of(&builder.finish(10, 15)?);
/// assert_eq!((spans.as_slice()[0].start_us, spans.as_slice()[0].duration_us), (2, 3));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SampleSpan {
    /// The node, in the profile's [`CallTree`](super::CallTree).
    pub node: CallNode,
    /// Microseconds since the recording began.
    pub start_us: u64,
    /// Microseconds until the next sample.
    pub duration_us: u64,
}

/// All samples of a profile that name a node of it, in the order of time.
///
/// ```
/// use rs_profiler_core::model::{CpuProfile, SampleSpans};
/// assert!(SampleSpans::of(&CpuProfile::empty(0, 9)?).as_slice().is_empty());
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct SampleSpans {
    spans: Vec<SampleSpan>,
}

impl SampleSpans {
    /// The spans of `source`. Takes time linear in nodes and samples, but for sorting samples that are not in order.
    pub fn of<S: CpuProfileSource>(source: &S) -> Self {
        let mut numbers = HashMap::new();
        let mut number = 0;
        for step in TreeWalk::new(source) {
            if let Step::Enter(node) = step {
                numbers.insert(source.node_id(node), number);
                // As the call tree counts; a tree that is too large for it has no spans either.
                number = u32::saturating_add(number, 1);
            }
        }
        let mut samples: Vec<Sample> = (0..source.sample_count()).map(|index| source.sample(index)).collect();
        // Stable: samples of one moment stay in the order in which they were taken.
        samples.sort_by_key(|sample| sample.timestamp_us);
        let start = source.start_time_us();
        let until = |index: usize| samples.get(index).map(|sample| sample.timestamp_us);
        let spans = samples.iter().enumerate().filter_map(|(index, sample)| {
            let end = until(index + 1).unwrap_or(source.end_time_us());
            Some(SampleSpan {
                node: CallNode(*numbers.get(&sample.node_id)?),
                start_us: microseconds_between(start, sample.timestamp_us),
                duration_us: microseconds_between(sample.timestamp_us, end),
            })
        });
        SampleSpans { spans: spans.collect() }
    }

    /// The spans in the order of time.
    pub fn as_slice(&self) -> &[SampleSpan] {
        &self.spans
    }
}

/// The time from `start` to `end`; none when the end comes first.
pub(super) fn microseconds_between(start: i64, end: i64) -> u64 {
    match end > start {
        true => end.abs_diff(start),
        false => 0,
    }
}
