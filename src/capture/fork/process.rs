//! A forked child as its parent sees it: killed from any thread, reaped once.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// A child, from whichever thread. It is reaped once, by its watchdog.
#[derive(Default)]
pub struct Child {
    pid: Mutex<Option<libc::pid_t>>,
    cancelled: AtomicBool,
}

impl Child {
    /// Its pid, until it is reaped.
    pub fn pid(&self) -> Option<libc::pid_t> {
        *self.lock()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<libc::pid_t>> {
        self.pid.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A child was forked.
    pub fn born(&self, pid: libc::pid_t) {
        *self.lock() = Some(pid);
        if self.is_cancelled() {
            self.kill();
        }
    }

    /// Ends the capture, now and for further attempts. Does not wait.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        self.kill();
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Ends the child if there is one.
    pub fn kill(&self) {
        if let Some(pid) = *self.lock() {
            // SAFETY: while the lock is held the child is not reaped, so the pid is still its own.
            unsafe { libc::kill(pid, libc::SIGKILL) };
        }
    }

    /// Whether the child has ended, reaped or not.
    pub fn has_ended(&self) -> bool {
        let Some(pid) = *self.lock() else {
            return true;
        };
        // SAFETY: an all-zero siginfo is a valid value to be filled.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let options = libc::WEXITED | libc::WNOWAIT | libc::WNOHANG;
        // SAFETY: `info` is valid for writing.
        match unsafe { libc::waitid(libc::P_PID, pid.unsigned_abs(), &raw mut info, options) } {
            0 => info.si_signo != 0,
            _ => io::Error::last_os_error().raw_os_error() == Some(libc::ECHILD),
        }
    }

    /// Waits for the end of the child and reaps it. `None` when the service reaps its children itself (SIGCHLD ignored).
    pub fn reap(&self) -> Option<Ended> {
        let pid = (*self.lock())?;
        // SAFETY: an all-zero siginfo is a valid value to be filled.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        loop {
            // Waits without the lock, and leaves the child there, so that its pid stays its own.
            // SAFETY: `info` is valid for writing.
            let waited = unsafe {
                libc::waitid(
                    libc::P_PID,
                    pid.unsigned_abs(),
                    &raw mut info,
                    libc::WEXITED | libc::WNOWAIT,
                )
            };
            if waited == 0 || io::Error::last_os_error().raw_os_error() != Some(libc::EINTR) {
                break;
            }
        }
        let mut known = self.lock();
        let mut status = 0;
        // SAFETY: `status` is valid for writing; the child has ended, so this does not wait.
        let reaped = unsafe { libc::waitpid(pid, &raw mut status, 0) };
        *known = None;
        (reaped == pid).then(|| {
            if libc::WIFSIGNALED(status) {
                Ended::Signal(libc::WTERMSIG(status))
            } else {
                Ended::Code(libc::WEXITSTATUS(status))
            }
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Code(i32),
    Signal(i32),
}
