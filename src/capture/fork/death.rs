//! Why a child ended before its time, as far as its end tells.
//!
//! Why: what comes next depends on it. A child that was killed from outside says nothing of the next one; one that ran out of
//! memory says that a walk in the service would too.

use super::process::Ended;

/// Whose doing the end of a child was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Death {
    /// Linux killed it for want of memory.
    Memory,
    /// It ended itself, as V8 does when it gets no memory (or finds itself broken): `abort`, or an instruction that is a trap.
    Abort,
    /// It did what no process may, as those do that look at memory they did not get.
    Crash,
    /// Whatever else happened in it.
    Own,
    /// Somebody sent it a signal, or took its end.
    Outside,
}

impl Death {
    /// `memory_ran_out`: Linux has killed some process for want of memory meanwhile.
    pub(super) fn of(ended: Ended, memory_ran_out: bool) -> (Death, String) {
        match ended {
            Ended::Signal(libc::SIGKILL) | Ended::Unknown if memory_ran_out => {
                let why = "the child was killed because the system ran out of memory";
                (Death::Memory, why.into())
            }
            Ended::Signal(signal) => (Death::by(signal), format!("the child was ended by signal {signal}")),
            Ended::Code(code) => (Death::Own, format!("the child ended with code {code}")),
            Ended::Unknown => {
                let why =
                    "the child ended; how is not known, because something else in this process took its exit status";
                (Death::Outside, why.into())
            }
        }
    }

    fn by(signal: libc::c_int) -> Death {
        match signal {
            libc::SIGABRT | libc::SIGTRAP | libc::SIGILL => Death::Abort,
            libc::SIGSEGV | libc::SIGBUS | libc::SIGFPE => Death::Crash,
            libc::SIGSYS | libc::SIGALRM => Death::Own,
            _ => Death::Outside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_ended_a_child_is_told_by_its_end() {
        let of = |ended, memory_ran_out| Death::of(ended, memory_ran_out).0;
        assert_eq!(of(Ended::Signal(libc::SIGKILL), true), Death::Memory);
        assert_eq!(of(Ended::Unknown, true), Death::Memory);
        assert_eq!(of(Ended::Signal(libc::SIGKILL), false), Death::Outside);
        assert_eq!(of(Ended::Signal(libc::SIGTERM), true), Death::Outside);
        assert_eq!(of(Ended::Unknown, false), Death::Outside);
        for signal in [libc::SIGABRT, libc::SIGTRAP, libc::SIGILL] {
            assert_eq!(of(Ended::Signal(signal), true), Death::Abort);
        }
        assert_eq!(of(Ended::Signal(libc::SIGSEGV), false), Death::Crash);
        assert_eq!(of(Ended::Code(1), true), Death::Own);
    }
}
