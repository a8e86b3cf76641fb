//! What this process has learnt of forking: whether V8 bears it here, and whether it is worth another try now.
//!
//! Why: a capture that fails costs stops and time, and the next one would fail for the same reason. All threads of the process
//! share what is known, as they share V8's platform.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long captures that need not fork do not, after one whose children all failed by themselves. Not for ever: what they
/// waited for may have been held by something that ends.
const REST: Duration = Duration::from_secs(600);

struct Trust {
    proven: bool,
    refused: Option<String>,
    rest: Option<(Instant, String)>,
}

static TRUST: Mutex<Trust> = Mutex::new(Trust {
    proven: false,
    refused: None,
    rest: None,
});

fn trust() -> MutexGuard<'static, Trust> {
    TRUST.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Trust {
    fn succeeded(&mut self) {
        self.proven = true;
        self.rest = None;
    }

    fn resting(&self, now: Instant) -> Option<&str> {
        let (since, why) = self.rest.as_ref()?;
        (now.saturating_duration_since(*since) < REST).then_some(why)
    }
}

/// A child has ended well.
pub(super) fn succeeded() {
    trust().succeeded();
}

/// Whether some child has ended well, so that none needs to be sent ahead.
pub(super) fn is_proven() -> bool {
    trust().proven
}

/// The child that was sent ahead failed for reasons of its own: nothing is forked in this process any more.
pub(super) fn refuse(why: &str) {
    trust().refused = Some(format!(
        "A child that was forked as a trial failed, so this process forks no others: {why}."
    ));
}

/// All children of a capture failed for reasons of their own.
pub(super) fn rest(why: &str) {
    let why = format!("All children of an earlier snapshot failed, so none is forked for ten minutes: {why}.");
    trust().rest = Some((Instant::now(), why));
}

/// Why nothing may be forked in this process, if so: a sentence.
pub(super) fn why_refused() -> Option<String> {
    trust().refused.clone()
}

/// Why nothing should be forked now, if so: a sentence.
pub fn why_rest() -> Option<String> {
    trust().resting(Instant::now()).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_ends_by_time_or_by_a_child_that_ended_well() {
        let begin = Instant::now();
        let mut trust = Trust {
            proven: false,
            refused: None,
            rest: Some((begin, "why".into())),
        };
        assert_eq!(trust.resting(begin + REST / 2), Some("why"));
        assert_eq!(trust.resting(begin + REST), None);
        trust.succeeded();
        assert_eq!((trust.resting(begin), trust.proven), (None, true));
    }
}
