//! A forked child as its parent sees it: killed from any thread, reaped once.
//!
//! By a descriptor of the process where Linux has them (5.4 and newer): it means this child, also when somebody else in the
//! process waits for whatever child ends (`waitpid(-1)`) and the number goes to another process.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

struct Born {
    pid: libc::pid_t,
    descriptor: Option<OwnedFd>,
}

impl Born {
    fn name(&self) -> Name {
        match &self.descriptor {
            Some(descriptor) => Name::Descriptor(descriptor.as_raw_fd()),
            None => Name::Pid(self.pid),
        }
    }
}

/// By what the system knows a child.
#[derive(Clone, Copy)]
enum Name {
    Descriptor(RawFd),
    Pid(libc::pid_t),
}

impl Name {
    /// `waitid`: the child's end, if it has come.
    fn wait(self, options: libc::c_int) -> io::Result<Option<Ended>> {
        let (kind, id) = match self {
            Name::Descriptor(descriptor) => (libc::P_PIDFD, descriptor.unsigned_abs()),
            Name::Pid(pid) => (libc::P_PID, pid.unsigned_abs()),
        };
        // SAFETY: an all-zero siginfo is a valid value to be filled.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        // SAFETY: `info` is valid for writing.
        if unsafe { libc::waitid(kind, id, &raw mut info, options | libc::WEXITED) } != 0 {
            return Err(io::Error::last_os_error());
        }
        if info.si_signo == 0 {
            return Ok(None);
        }
        // SAFETY: `waitid` has filled it for a child that has ended.
        let status = unsafe { info.si_status() };
        let exited = info.si_code == libc::CLD_EXITED;
        Ok(Some(if exited {
            Ended::Code(status)
        } else {
            Ended::Signal(status)
        }))
    }

    /// The same until the system has an answer.
    fn wait_through(self, options: libc::c_int) -> io::Result<Option<Ended>> {
        loop {
            match self.wait(options) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                answer => return answer,
            }
        }
    }
}

/// A child of several, one after the other, from whichever thread. Each is reaped once, by its watchdog.
#[derive(Default)]
pub(super) struct Child {
    born: Mutex<Option<Born>>,
    cancelled: AtomicBool,
}

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Code(i32),
    Signal(i32),
    /// Somebody else in this process took it (`waitpid(-1)`), or SIGCHLD is ignored here.
    Unknown,
}

impl Child {
    fn lock(&self) -> MutexGuard<'_, Option<Born>> {
        self.born.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its pid, until it is reaped.
    pub(super) fn pid(&self) -> Option<libc::pid_t> {
        self.lock().as_ref().map(|born| born.pid)
    }

    /// A child was forked.
    pub(super) fn born(&self, pid: libc::pid_t) {
        let descriptor = descriptor_of(pid);
        *self.lock() = Some(Born { pid, descriptor });
        if self.is_cancelled() {
            self.kill();
        }
    }

    /// Ends the capture, now and for further attempts. Does not wait.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        self.kill();
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Ends the child if there is one.
    pub(super) fn kill(&self) {
        let born = self.lock();
        match born.as_ref().map(Born::name) {
            Some(Name::Descriptor(descriptor)) => {
                // One that has ended needs none; and the lock keeps the descriptor open.
                let _ = send(descriptor, libc::SIGKILL);
            }
            Some(Name::Pid(pid)) => {
                // SAFETY: while the lock is held we do not reap the child, so the pid is still its own.
                unsafe { libc::kill(pid, libc::SIGKILL) };
            }
            None => {}
        }
    }

    /// Whether the child has ended, reaped or not.
    pub(super) fn has_ended(&self) -> bool {
        let born = self.lock();
        let Some(name) = born.as_ref().map(Born::name) else {
            return true;
        };
        match name.wait(libc::WNOWAIT | libc::WNOHANG) {
            Ok(ended) => ended.is_some(),
            Err(error) => error.raw_os_error() == Some(libc::ECHILD),
        }
    }

    /// Waits for the end of the child and reaps it.
    pub(super) fn reap(&self) -> Ended {
        let Some(name) = self.lock().as_ref().map(Born::name) else {
            return Ended::Unknown;
        };
        // Waits without the lock, so that it can be killed, and leaves the child there, so that its name stays its own.
        let _ = name.wait_through(libc::WNOWAIT);
        let mut born = self.lock();
        let ended = name.wait_through(libc::WNOHANG);
        // With it goes the descriptor.
        *born = None;
        ended.ok().flatten().unwrap_or(Ended::Unknown)
    }
}

/// Sends a signal to a child; 0 only asks whether it could be sent.
fn send(descriptor: RawFd, signal: libc::c_int) -> io::Result<()> {
    let none = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: sends a signal, to nobody if the descriptor is none of a process.
    match unsafe { libc::syscall(libc::SYS_pidfd_send_signal, descriptor, signal, none, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// A descriptor of a child that was just forked. `None` where the kernel has none, or a filter of system calls keeps us from
/// using it.
fn descriptor_of(pid: libc::pid_t) -> Option<OwnedFd> {
    // SAFETY: makes a descriptor, which is closed on exec.
    let made = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    let descriptor = RawFd::try_from(made).ok().filter(|descriptor| *descriptor >= 0)?;
    // SAFETY: just made, and nobody else's.
    let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
    let waits = Name::Descriptor(descriptor.as_raw_fd()).wait(libc::WNOWAIT | libc::WNOHANG);
    let waits = waits.map(drop).or_else(unless_gone);
    let hears = send(descriptor.as_raw_fd(), 0).or_else(unless_gone);
    waits.and(hears).is_ok().then_some(descriptor)
}

/// A child that somebody else has taken is still better named by its descriptor than by a number.
fn unless_gone(error: io::Error) -> io::Result<()> {
    match error.raw_os_error() {
        Some(libc::ECHILD | libc::ESRCH) => Ok(()),
        _ => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use seccompiler::{apply_filter, BpfProgram, SeccompAction, SeccompFilter};

    use super::super::confine::arch;
    use super::*;

    fn child(script: &str) -> Child {
        let child = Child::default();
        let started = Command::new("/bin/sh").args(["-c", script]).spawn();
        child.born(started.map_or(-1, |started| started.id().cast_signed()));
        child
    }

    #[test]
    fn how_a_child_ended_is_told_once() {
        assert_eq!(child("exit 7").reap(), Ended::Code(7));
        let killed = child("sleep 60");
        assert!(killed.pid().is_some() && !killed.has_ended());
        killed.cancel();
        assert_eq!(killed.reap(), Ended::Signal(libc::SIGKILL));
        assert!(killed.has_ended() && killed.pid().is_none());
        assert_eq!(killed.reap(), Ended::Unknown);
    }

    #[test]
    fn one_that_is_born_into_a_cancelled_capture_is_killed() {
        let late = Child::default();
        late.cancel();
        let started = Command::new("/bin/sleep").arg("60").spawn();
        late.born(started.map_or(-1, |started| started.id().cast_signed()));
        assert_eq!(late.reap(), Ended::Signal(libc::SIGKILL));
    }

    #[test]
    fn one_that_may_not_be_signalled_by_its_descriptor_is_killed_by_its_number() {
        let forbids = || {
            let rules = [(libc::SYS_pidfd_send_signal, Vec::new())].into();
            let deny = SeccompAction::Errno(libc::EPERM.unsigned_abs());
            let filter = SeccompFilter::new(rules, SeccompAction::Allow, deny, arch()?);
            let filter: BpfProgram = filter.ok()?.try_into().ok()?;
            // Of this thread, and of the child.
            apply_filter(&filter).ok()
        };
        let ended = std::thread::spawn(move || {
            assert!(forbids().is_some());
            let killed = child("sleep 60");
            killed.cancel();
            killed.reap()
        });
        assert_eq!(ended.join().ok(), Some(Ended::Signal(libc::SIGKILL)));
    }

    #[test]
    fn an_end_that_somebody_else_took_is_unknown() {
        let taken = child("exit 0");
        let pid = taken.pid().unwrap_or(-1);
        // SAFETY: no status is asked for.
        unsafe { libc::waitpid(pid, std::ptr::null_mut(), 0) };
        assert!(taken.has_ended());
        assert_eq!(taken.reap(), Ended::Unknown);
    }
}
