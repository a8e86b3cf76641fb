//! What children are forked for, and what their failure means for the next ones.

use super::death::Death;
use super::message::Stage;
use super::trust;
use super::watchdog::Failure;
use crate::error::Error;

/// What children are forked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Canary,
    Snapshot,
}

/// Children that may be tried for one snapshot when they get stuck, and when they die.
const STUCK_TRIES: u32 = 3;
const DEAD_TRIES: u32 = 2;

/// Remembers that all children failed for reasons of their own.
pub(super) fn blame(work: Work, error: &Error) {
    let Error::ForkFailed { phase, reason } = error else {
        return;
    };
    let why = format!("in phase {phase}, {reason}");
    match work {
        Work::Canary => trust::refuse(&why),
        Work::Snapshot => trust::rest(&why),
    }
}

impl Failure {
    /// Whether another child may do better, after so many.
    pub(super) fn is_worth_another(&self, work: Work, tries: u32) -> bool {
        match self {
            Failure::Stuck(..) => tries < STUCK_TRIES,
            // There will be no more memory for another one.
            Failure::Died(_, Death::Memory, _) => false,
            Failure::Died(stage, Death::Abort, _) => tries < DEAD_TRIES && !is_fatal(work, *stage, Death::Abort),
            Failure::Died(..) => tries < DEAD_TRIES,
            Failure::Cancelled | Failure::Walk | Failure::Output(_) | Failure::Refused(..) => false,
        }
    }

    /// Whether the child failed for a reason of its own: not the memory's, the caller's, the system's or somebody else's.
    pub(super) fn is_by_itself(&self, work: Work) -> bool {
        match self {
            Failure::Stuck(..) => true,
            Failure::Died(stage, death, _) => *death != Death::Outside && !is_fatal(work, *stage, *death),
            Failure::Cancelled | Failure::Walk | Failure::Output(_) | Failure::Refused(..) => false,
        }
    }
}

/// Whether a child died of what a walk in the service may do to the service: rather no snapshot than no service. V8 ends a process
/// that gives it no memory, and who goes on without crashes.
pub(super) fn is_fatal(work: Work, stage: Stage, death: Death) -> bool {
    match death {
        Death::Memory => true,
        // A canary makes nothing that needs memory; and whether V8 is whole in a child is what it is there to tell.
        Death::Abort | Death::Crash => stage != Stage::Start && work == Work::Snapshot,
        Death::Own | Death::Outside => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abort_or_crash_is_fatal_and_a_canary_s_is_its_own() {
        let died = |stage, death| Failure::Died(stage, death, String::new());
        for (work, stage, death, fatal, by_itself) in [
            (Work::Snapshot, Stage::Walk, Death::Abort, true, false),
            (Work::Snapshot, Stage::Walk, Death::Crash, true, false),
            (Work::Snapshot, Stage::Write, Death::Abort, true, false),
            (Work::Snapshot, Stage::Start, Death::Abort, false, true),
            (Work::Canary, Stage::Walk, Death::Crash, false, true),
            (Work::Canary, Stage::Walk, Death::Abort, false, true),
            (Work::Canary, Stage::Walk, Death::Memory, true, false),
            (Work::Snapshot, Stage::Start, Death::Own, false, true),
            (Work::Snapshot, Stage::Walk, Death::Outside, false, false),
        ] {
            let seen = (is_fatal(work, stage, death), died(stage, death).is_by_itself(work));
            assert_eq!(seen, (fatal, by_itself), "{work:?} {stage:?} {death:?}");
        }
        assert!(died(Stage::Walk, Death::Crash).is_worth_another(Work::Snapshot, 1));
        assert!(!died(Stage::Walk, Death::Abort).is_worth_another(Work::Snapshot, 1));
        assert!(!died(Stage::Write, Death::Memory).is_worth_another(Work::Snapshot, 1));
        assert!(Failure::Stuck(Stage::Walk, "why").is_by_itself(Work::Snapshot));
        assert!(!Failure::Cancelled.is_by_itself(Work::Canary));
    }
}
