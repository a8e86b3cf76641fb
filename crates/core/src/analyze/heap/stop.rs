//! Giving up on the way: the long loops ask now and then whether anybody still wants the answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// Hears how long a phase took.
pub type Timing<'a> = dyn Fn(&str, Duration) + Sync + 'a;

/// What a caller may ask of an analysis, and what it hears meanwhile.
///
/// ```
/// use rs_profiler_core::analyze::heap::AnalysisOptions;
/// assert!(AnalysisOptions::default().cancel.is_none());
/// ```
#[derive(Clone, Copy, Default)]
pub struct AnalysisOptions<'a> {
    /// The work ends with [`Error::Cancelled`] soon after this is set, which is for good. Default is nothing to watch.
    pub cancel: Option<&'a AtomicBool>,
    /// Called after each phase with its name and how long it took, from the thread that did it; phases of two threads
    /// overlap. Default is nobody.
    pub timing: Option<&'a Timing<'a>>,
}

impl std::fmt::Debug for AnalysisOptions<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AnalysisOptions")
            .field("cancel", &self.cancel)
            .field("timing", &self.timing.is_some())
            .finish()
    }
}

impl AnalysisOptions<'_> {
    /// Does `work` and tells how long it took.
    pub(super) fn timed<T>(&self, phase: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let outcome = work();
        if let Some(timing) = self.timing {
            timing(phase, start.elapsed());
        }
        outcome
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }

    /// The error that ends the work, if the caller gave up.
    pub(super) fn check(&self) -> Result<()> {
        match self.is_cancelled() {
            true => Err(Error::Cancelled),
            false => Ok(()),
        }
    }

    /// `items`, without the rest of them when the caller gives up. Whoever answers from them checks afterwards.
    pub(super) fn wanted<'a, I: Iterator + 'a>(&'a self, items: I) -> impl Iterator<Item = I::Item> + 'a {
        items.take_while(|_| !self.is_cancelled())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_left_out_once_the_caller_gave_up() {
        let cancel = AtomicBool::new(false);
        let options = AnalysisOptions {
            cancel: Some(&cancel),
            timing: None,
        };
        let seen = options
            .wanted(0..1000)
            .inspect(|&item| cancel.store(item == 9, Ordering::Relaxed));
        assert_eq!(seen.count(), 10);
        assert!(matches!(options.check(), Err(Error::Cancelled)));
        assert_eq!(AnalysisOptions::default().wanted(0..1000).count(), 1000);
    }
}
