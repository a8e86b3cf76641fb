//! What Linux says of a process: `/proc/PID/stat`, and in what it sleeps.

use std::fs;
use std::time::Duration;

/// A look at a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// `R` runs, `S` sleeps, `D` waits for a file system and cannot be woken.
    pub state: u8,
    /// CPU time, user and system.
    pub cpu: Duration,
    pub threads: u64,
}

impl Look {
    /// `None` when there is no such process.
    pub(super) fn at(pid: libc::pid_t) -> Option<Look> {
        Look::read(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    fn read(stat: &str) -> Option<Look> {
        // The name, in brackets, may hold anything. Behind it come the state, and as 12th, 13th and 18th field times and threads.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        let ticks = number(11)? + number(12)?;
        // SAFETY: reads a constant.
        let per_second = u64::try_from(unsafe { libc::sysconf(libc::_SC_CLK_TCK) }).ok()?;
        Some(Look {
            state: *fields.first()?.as_bytes().first()?,
            cpu: Duration::from_millis(ticks * 1000 / per_second.max(1)),
            threads: number(17)?,
        })
    }
}

/// In what a process sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sleep {
    /// In a futex: it waits for a lock or a signal of another thread.
    Futex,
    /// In something else, or it runs.
    Other,
    /// The system does not say.
    Unknown,
}

impl Sleep {
    pub(super) fn of(pid: libc::pid_t) -> Sleep {
        // Where addresses of the kernel are hidden, and while the process runs, the name is `0`.
        let place = fs::read_to_string(format!("/proc/{pid}/wchan")).unwrap_or_default();
        Sleep::read(&place, || fs::read_to_string(format!("/proc/{pid}/syscall")).ok())
    }

    fn read(place: &str, syscall: impl FnOnce() -> Option<String>) -> Sleep {
        if !matches!(place.trim(), "" | "0") {
            return if place.contains("futex") {
                Sleep::Futex
            } else {
                Sleep::Other
            };
        }
        match syscall() {
            Some(text) if text.split_ascii_whitespace().next() == Some(&libc::SYS_futex.to_string()) => Sleep::Futex,
            Some(_) => Sleep::Other,
            None => Sleep::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_times_and_threads_are_read_after_the_name() {
        let stat = "7 (a) b) D 1 7 7 0 -1 4194304 1 0 0 0 30 12 0 0 20 0 3 0 1";
        let read = Look::read(stat).map(|look| (look.state, look.cpu > Duration::ZERO, look.threads));
        assert_eq!(read, Some((b'D', true, 3)));
        assert!(Look::read("7 (a").is_none());
        let own = Look::at(std::process::id().cast_signed());
        assert!(own.is_some_and(|look| look.threads > 0));
    }

    #[test]
    fn a_futex_is_known_by_its_place_or_by_its_call() {
        let syscall = |number: i64| move || Some(format!("{number} 0x7f 0x80 0x0\n"));
        assert_eq!(Sleep::read("futex_wait_queue", || None), Sleep::Futex);
        assert_eq!(Sleep::read("pipe_write", syscall(libc::SYS_futex)), Sleep::Other);
        assert_eq!(Sleep::read("0", syscall(libc::SYS_futex)), Sleep::Futex);
        assert_eq!(Sleep::read("0", syscall(libc::SYS_write)), Sleep::Other);
        assert_eq!(Sleep::read("0", || Some("running\n".into())), Sleep::Other);
        assert_eq!(Sleep::read("", || None), Sleep::Unknown);
    }
}
