//! How hits become time.

/// Two ways to say how long a function ran. They differ when V8 could not take its samples regularly: on a loaded machine
/// a busy loop of 300 ms was measured as 225 ms by hits and 267 ms by deltas.
///
/// ```
/// use rs_profiler_core::analyze::calls::TimeModel;
/// assert_eq!(TimeModel::default(), TimeModel::Deltas);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum TimeModel {
    /// Chrome DevTools' way: the whole recording is shared out evenly among the hits.
    Hits,
    /// A sample lasts until the next one, and the last one until the end.
    #[default]
    Deltas,
}
