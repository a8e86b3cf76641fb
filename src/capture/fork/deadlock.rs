//! Whether a child can never go on: it has one thread, and that sleeps until another one wakes it.
//!
//! Why: whatever the fork's protocol holds, another thread of the service may have had some lock of V8's, glibc's or an addon's
//! at the fork. Nobody in the child will release it. That is known in a few looks, where a limit of time would have to be long.

use std::time::{Duration, Instant};

use super::message::Stage;
use super::process_state::{Look, Sleep};

/// Between two looks.
const BETWEEN: Duration = Duration::from_millis(10);
/// Looks in a row that must find it asleep. A lock that is free is got in less than one.
const LOOKS: u32 = 4;

/// Looks at one child.
pub(super) struct Deadlock {
    looked: Instant,
    asleep: u32,
    cpu: Duration,
}

impl Deadlock {
    pub(super) fn new() -> Deadlock {
        Deadlock {
            looked: Instant::now(),
            asleep: 0,
            cpu: Duration::ZERO,
        }
    }

    /// Something was heard.
    pub(super) fn beat(&mut self) {
        self.asleep = 0;
    }

    /// Looks, if it is time to. Says whether the child will never go on.
    pub(super) fn judge(&mut self, pid: libc::pid_t, stage: Stage) -> bool {
        self.judge_at(Instant::now(), stage, || Some((Look::at(pid)?, Sleep::of(pid))))
    }

    fn judge_at(&mut self, now: Instant, stage: Stage, look: impl FnOnce() -> Option<(Look, Sleep)>) -> bool {
        if now < self.looked + BETWEEN {
            return false;
        }
        self.looked = now;
        let Some((look, sleep)) = look() else { return false };
        let same = look.cpu == self.cpu;
        self.cpu = look.cpu;
        let waits = match sleep {
            Sleep::Futex => true,
            Sleep::Other => false,
            // The child sleeps in locks and in writes, and its pipe is empty: so before it writes its file, it is a lock.
            Sleep::Unknown => stage != Stage::Write,
        };
        // Threads that an allocator makes in every child may be what it waits for.
        let asleep = look.state == b'S' && look.threads == 1 && waits && same;
        self.asleep = if asleep { self.asleep + 1 } else { 0 };
        self.asleep >= LOOKS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(count: u32, stage: Stage, mut look: impl FnMut(u32) -> (u8, u64, Sleep)) -> Option<u32> {
        let mut deadlock = Deadlock::new();
        let begin = deadlock.looked;
        (1..=count).find(|turn| {
            let (state, threads, sleep) = look(*turn);
            let cpu = Duration::from_millis(if state == b'R' { u64::from(*turn) } else { 0 });
            let seen = Look { state, cpu, threads };
            deadlock.judge_at(begin + BETWEEN * *turn, stage, || Some((seen, sleep)))
        })
    }

    #[test]
    fn one_thread_that_sleeps_on_a_futex_is_known_at_the_fourth_look() {
        assert_eq!(looks(99, Stage::Write, |_| (b'S', 1, Sleep::Futex)), Some(4));
        assert_eq!(looks(99, Stage::Walk, |_| (b'S', 1, Sleep::Unknown)), Some(4));
    }

    #[test]
    fn who_runs_writes_or_has_another_thread_is_none() {
        assert_eq!(looks(99, Stage::Walk, |_| (b'R', 1, Sleep::Unknown)), None);
        assert_eq!(looks(99, Stage::Walk, |_| (b'S', 1, Sleep::Other)), None);
        assert_eq!(looks(99, Stage::Write, |_| (b'S', 1, Sleep::Unknown)), None);
        assert_eq!(looks(99, Stage::Walk, |_| (b'S', 2, Sleep::Futex)), None);
        let wakes = |turn: u32| {
            if turn.is_multiple_of(4) {
                (b'R', 1, Sleep::Other)
            } else {
                (b'S', 1, Sleep::Futex)
            }
        };
        assert_eq!(looks(99, Stage::Walk, wakes), None);
    }

    #[test]
    fn looks_that_come_too_early_do_not_count() {
        let mut deadlock = Deadlock::new();
        let now = deadlock.looked;
        let seen = Look {
            state: b'S',
            cpu: Duration::ZERO,
            threads: 1,
        };
        for _ in 0..99 {
            assert!(!deadlock.judge_at(now + BETWEEN / 2, Stage::Walk, || Some((seen, Sleep::Futex))));
        }
    }
}
