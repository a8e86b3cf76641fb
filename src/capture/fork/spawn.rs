//! The fork itself, on the isolate's thread: as little as can be between the last JavaScript before it and the first after.

use std::io;

use super::child::ChildTask;
use super::gate::WorkerGate;
use super::mappings::Mappings;
use crate::v8::{Isolate, PersistentRegionLock};

/// Forks while V8's workers are parked. `Ok(None)` when they are not any more, or when memory was mapped that cannot be lent
/// (a ring of io_uring, say): both may be otherwise the next time.
pub(super) fn fork_parked(
    gate: WorkerGate,
    mappings: &Mappings,
    isolate: Isolate,
    task: ChildTask,
) -> io::Result<Option<libc::pid_t>> {
    // Before the workers are held: who has this lock is another isolate in a collection, which may wait for a worker.
    let lock = PersistentRegionLock::hold();
    let forked = gate.with_parked(|| mappings.lend_new().is_ok().then(|| fork(lock, isolate, task)));
    // The gate opens when it is dropped, here.
    forked.flatten().transpose()
}

fn fork(lock: PersistentRegionLock, isolate: Isolate, task: ChildTask) -> io::Result<libc::pid_t> {
    // No handler of the service may run in the child: it would write into pipes that the service reads.
    let before = block_signals()?;
    // SAFETY: the child has a copy of this one thread, and of the memory, as they are here: on the isolate's thread, called by
    // JavaScript from its event loop, where the heap may be walked as well in this process. It runs `ChildTask::run`, which never returns, so nothing that other
    // threads own is dropped or used there. Until its first instruction it needs no other thread: V8's workers sit in tasks
    // of ours and hold nothing of V8's, no thread waits on their platform's condition variable, `lock` is this thread's, and
    // glibc brings the locks of its allocator over a fork in order. What else another thread may hold is what `deadlock` is for.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        drop(lock);
        task.run(isolate);
    }
    let failure = io::Error::last_os_error();
    drop(lock);
    // SAFETY: `before` is the mask that was in force on this thread.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut()) };
    if pid < 0 {
        Err(failure)
    } else {
        Ok(pid)
    }
}

/// Blocks all signals for this thread; returns the mask before.
fn block_signals() -> io::Result<libc::sigset_t> {
    // SAFETY: an all-zero set is a valid value to be filled.
    let (mut all, mut before) = unsafe { std::mem::zeroed::<(libc::sigset_t, libc::sigset_t)>() };
    // SAFETY: `all` is a valid set.
    unsafe { libc::sigfillset(&raw mut all) };
    // SAFETY: both are valid sets.
    match unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before) } {
        0 => Ok(before),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}
