//! Whether a child lives, by what it does.
//!
//! It is stuck when it neither reports nor uses any CPU for [`STILL`], or when it uses [`SPINNING`] of CPU without a report. One that
//! the kernel has wait for a disk is not: a slow file system is no reason to walk the heap in the service instead.

use std::time::{Duration, Instant};

/// How long a child may do nothing at all.
const STILL: Duration = Duration::from_secs(10);
/// How much CPU a child may use without a report.
const SPINNING: Duration = Duration::from_secs(600);
/// Between two looks at the child's CPU time.
const LOOK: Duration = Duration::from_millis(250);

/// Signs of life.
pub struct Pulse {
    looked: Instant,
    cpu_at_beat: Option<Duration>,
    cpu: Duration,
    /// When it was last heard, or last seen to use CPU.
    moved: Instant,
}

impl Pulse {
    pub fn new() -> Pulse {
        let now = Instant::now();
        Pulse {
            looked: now,
            cpu_at_beat: None,
            cpu: Duration::ZERO,
            moved: now,
        }
    }

    /// Something was heard.
    pub fn beat(&mut self) {
        self.beat_at(Instant::now());
    }

    fn beat_at(&mut self, now: Instant) {
        self.moved = now;
        self.cpu_at_beat = None;
    }

    /// Why the child is taken for stuck, if it is.
    pub fn judge(&mut self, pid: libc::pid_t) -> Option<&'static str> {
        self.judge_at(Instant::now(), || Look::at(pid))
    }

    fn judge_at(&mut self, now: Instant, look: impl FnOnce() -> Option<Look>) -> Option<&'static str> {
        // Who could not look for long (a machine that slept, a thread that got no CPU) has seen nothing.
        if now - self.looked > LOOK * 8 {
            self.beat_at(now);
        }
        if now - self.looked < LOOK {
            return None;
        }
        self.looked = now;
        let Look { cpu, waits_for_disk } = look()?;
        if cpu != self.cpu || waits_for_disk {
            self.cpu = cpu;
            self.moved = now;
        }
        let since_beat = cpu.saturating_sub(*self.cpu_at_beat.get_or_insert(cpu));
        if now - self.moved >= STILL {
            Some("stood still")
        } else if since_beat >= SPINNING {
            Some("ran in circles")
        } else {
            None
        }
    }
}

/// What is seen of a process.
struct Look {
    /// CPU time, user and system.
    cpu: Duration,
    /// Whether it sleeps in the kernel and cannot be woken: it waits for a file system.
    waits_for_disk: bool,
}

impl Look {
    fn at(pid: libc::pid_t) -> Option<Look> {
        Look::read(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    fn read(stat: &str) -> Option<Look> {
        // The name, in brackets, may hold anything. The state comes after it; utime and stime are the 12th and 13th field.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        // SAFETY: reads a constant.
        let per_second = u64::try_from(unsafe { libc::sysconf(libc::_SC_CLK_TCK) }).ok()?;
        Some(Look {
            cpu: Duration::from_millis(ticks * 1000 / per_second.max(1)),
            waits_for_disk: *fields.first()? == "D",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks four times a second for so many seconds; the first reason, and when.
    fn judged(seconds: u32, mut look: impl FnMut(Duration) -> Look) -> Option<(&'static str, u64)> {
        let mut pulse = Pulse::new();
        let begin = pulse.looked;
        (1..=seconds * 4).find_map(|turn| {
            let since = LOOK * turn;
            let why = pulse.judge_at(begin + since, || Some(look(since)))?;
            Some((why, since.as_secs()))
        })
    }

    const fn seen(cpu: Duration, waits_for_disk: bool) -> Look {
        Look { cpu, waits_for_disk }
    }

    #[test]
    fn one_that_does_nothing_is_stuck_and_one_that_waits_for_a_disk_is_not() {
        assert_eq!(judged(60, |_| seen(Duration::ZERO, false)), Some(("stood still", 10)));
        assert_eq!(judged(60, |_| seen(Duration::ZERO, true)), None);
        let disk_for_a_while = |since: Duration| seen(Duration::ZERO, since.as_secs() < 20);
        assert_eq!(judged(60, disk_for_a_while), Some(("stood still", 29)));
    }

    #[test]
    fn one_that_computes_without_a_report_may_do_so_for_long() {
        assert_eq!(judged(599, |since| seen(since, false)), None);
        assert_eq!(judged(700, |since| seen(since, false)), Some(("ran in circles", 600)));
    }

    #[test]
    fn who_did_not_look_has_seen_nothing() {
        let mut pulse = Pulse::new();
        let late = pulse.looked + STILL * 6;
        assert_eq!(pulse.judge_at(late, || Some(seen(Duration::ZERO, false))), None);
    }

    #[test]
    fn state_and_times_are_read_after_the_name() {
        let stat = "7 (a) b) D 1 7 7 0 -1 4194304 1 0 0 0 30 12 0 0 20 0 1 0 1";
        let read = Look::read(stat).map(|look| (look.waits_for_disk, look.cpu > Duration::ZERO));
        assert_eq!(read, Some((true, true)));
        assert!(Look::read("7 (a").is_none());
        assert!(Look::at(std::process::id().cast_signed()).is_some());
    }
}
