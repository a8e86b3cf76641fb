//! Whether a child lives, by what it does.
//!
//! It is stuck when it neither reports nor uses any CPU for [`STILL`], or when it uses [`SPINNING`] of CPU without a report. One that
//! the kernel has wait for a disk, or for its turn on a CPU, is not, nor is one whose output takes nothing for a while (a file system
//! behind a network): none of these is a reason to walk the heap in the service instead. A child that waits for a lock is told
//! sooner: [`super::deadlock`].

use std::time::{Duration, Instant};

use super::message::Stage;
use super::process_state::{Look, Sleep};

/// How long a child may do nothing at all.
const STILL: Duration = Duration::from_secs(10);
/// How much CPU a child may use without a report.
const SPINNING: Duration = Duration::from_secs(600);
/// Between two looks at the child's CPU time.
const LOOK: Duration = Duration::from_millis(250);

/// Signs of life.
pub(super) struct Pulse {
    looked: Instant,
    cpu_at_beat: Option<Duration>,
    cpu: Duration,
    /// When it was last heard, or last seen to use CPU.
    moved: Instant,
}

impl Pulse {
    pub(super) fn new() -> Pulse {
        let now = Instant::now();
        Pulse {
            looked: now,
            cpu_at_beat: None,
            cpu: Duration::ZERO,
            moved: now,
        }
    }

    /// Something was heard.
    pub(super) fn beat(&mut self) {
        self.beat_at(Instant::now());
    }

    fn beat_at(&mut self, now: Instant) {
        self.moved = now;
        self.cpu_at_beat = None;
    }

    /// Why the child is taken for stuck, if it is.
    pub(super) fn judge(&mut self, pid: libc::pid_t, stage: Stage) -> Option<&'static str> {
        // Where nobody is waited for but who takes the text.
        let is_writing = || stage == Stage::Write && Sleep::of(pid) == Sleep::Other;
        self.judge_at(Instant::now(), || Some((Look::at(pid)?, is_writing())))
    }

    /// `look` also says whether what it sleeps in, if it does, is a write.
    fn judge_at(&mut self, now: Instant, look: impl FnOnce() -> Option<(Look, bool)>) -> Option<&'static str> {
        // Who could not look for long (a machine that slept, a thread that got no CPU) has seen nothing.
        if now - self.looked > LOOK * 8 {
            self.beat_at(now);
        }
        if now - self.looked < LOOK {
            return None;
        }
        self.looked = now;
        let (Look { cpu, state, .. }, is_writing) = look()?;
        let waits = matches!(state, b'D' | b'R') || (state == b'S' && is_writing);
        if cpu != self.cpu || waits {
            self.cpu = cpu;
            self.moved = now;
        }
        let since_beat = cpu.saturating_sub(*self.cpu_at_beat.get_or_insert(cpu));
        if now - self.moved >= STILL {
            Some("the child stood still")
        } else if since_beat >= SPINNING {
            Some("the child ran in circles")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks four times a second for so many seconds; the first reason, and when.
    fn judged(seconds: u32, mut look: impl FnMut(Duration) -> (Look, bool)) -> Option<(&'static str, u64)> {
        let mut pulse = Pulse::new();
        let begin = pulse.looked;
        (1..=seconds * 4).find_map(|turn| {
            let since = LOOK * turn;
            let why = pulse.judge_at(begin + since, || Some(look(since)))?;
            Some((why, since.as_secs()))
        })
    }

    const fn seen(cpu: Duration, state: u8) -> (Look, bool) {
        (Look { state, cpu, threads: 1 }, false)
    }

    /// In a write, when it sleeps.
    const fn seen_writing(state: u8) -> (Look, bool) {
        (seen(Duration::ZERO, state).0, true)
    }

    #[test]
    fn one_that_does_nothing_is_stuck_and_one_that_waits_for_a_disk_or_a_cpu_is_not() {
        assert_eq!(
            judged(60, |_| seen(Duration::ZERO, b'S')),
            Some(("the child stood still", 10))
        );
        assert_eq!(judged(60, |_| seen(Duration::ZERO, b'D')), None);
        assert_eq!(judged(60, |_| seen(Duration::ZERO, b'R')), None);
        let disk_for_a_while = |since: Duration| seen(Duration::ZERO, if since.as_secs() < 20 { b'D' } else { b'S' });
        assert_eq!(judged(60, disk_for_a_while), Some(("the child stood still", 29)));
    }

    #[test]
    fn one_whose_output_takes_nothing_is_not_stuck_and_one_that_was_stopped_in_a_write_is() {
        assert_eq!(judged(60, |_| seen_writing(b'S')), None);
        assert_eq!(judged(60, |_| seen_writing(b'T')), Some(("the child stood still", 10)));
    }

    #[test]
    fn one_that_computes_without_a_report_may_do_so_for_long() {
        assert_eq!(judged(599, |since| seen(since, b'R')), None);
        assert_eq!(
            judged(700, |since| seen(since, b'R')),
            Some(("the child ran in circles", 600))
        );
    }

    #[test]
    fn who_did_not_look_has_seen_nothing() {
        let mut pulse = Pulse::new();
        let late = pulse.looked + STILL * 6;
        assert_eq!(pulse.judge_at(late, || Some(seen(Duration::ZERO, b'S'))), None);
    }
}
