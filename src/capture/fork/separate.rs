//! What makes a forked child harmless to the service: it gives up the service's files, connections, signals and shared memory,
//! and comes last when there is too little CPU or memory.

use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd, RawFd};

use super::memory_map::Mapping;

/// Added to the niceness: the service comes first, with three times the weight. Not more: on two cores that were both busy a child of
/// 20 MB of heap took 2 s at 0, 8 s at 5 and 20 s at 10, and all that time what the service writes to is copied.
const NICENESS: libc::c_int = 5;

/// Separates this process, a child that was just forked, from the service. `parent` is the service's pid; `kept` are the
/// descriptors that stay. Every other one becomes `null`: closed ones would make libuv abort, and the service's connections
/// would stay open as long as the child.
pub(super) fn separate(parent: libc::pid_t, null: &File, kept: &[RawFd]) -> io::Result<()> {
    // SAFETY: a number of this process; it ends with the thread that forked.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    // SAFETY: reads a number.
    if unsafe { libc::getppid() } != parent {
        // The service ended before it could take us with it.
        return Err(io::ErrorKind::NotFound.into());
    }
    // SAFETY: the string is a C string.
    unsafe { libc::prctl(libc::PR_SET_NAME, c"rs-profiler".as_ptr()) };
    // What is sent to the service's group (Ctrl-C) is not for the child. Not a session of its own: Linux may schedule
    // sessions as equals, whatever their niceness.
    // SAFETY: changes this process only.
    unsafe { libc::setpgid(0, 0) };
    reset_signals();
    // Before anything is opened: the service may have none left.
    raise_descriptor_limit();
    // 1 and not 0: that also keeps Linux from handing the dump to a program, as many systems do.
    let core = libc::rlimit {
        rlim_cur: 1,
        rlim_max: 1,
    };
    // SAFETY: changes this process only: no core dump of a copy of the service.
    unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const core) };
    // SAFETY: changes this process only.
    unsafe { libc::nice(NICENESS) };
    offer_to_oom_killer();
    replace_descriptors(null, kept)?;
    protect_shared_memory()
}

/// All signals to their default, and none blocked (the forking thread blocked all).
fn reset_signals() {
    // SAFETY: an all-zero sigaction is the default action with an empty mask.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    for signal in 1..=libc::SIGRTMAX() {
        // A file-size limit shall be an error of `write`, not the end.
        action.sa_sigaction = if signal == libc::SIGXFSZ || signal == libc::SIGPIPE {
            libc::SIG_IGN
        } else {
            libc::SIG_DFL
        };
        // SAFETY: valid action; those of SIGKILL, SIGSTOP and glibc's own cannot be changed, which is no harm.
        unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) };
    }
    // SAFETY: an all-zero set is a valid value to be filled by the next call.
    let mut none: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: `none` is a valid set.
    unsafe { libc::sigemptyset(&raw mut none) };
    // SAFETY: `none` is a valid set.
    unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut()) };
}

/// If memory runs out, the kernel shall take the child. Where that may not be said, the child is as likely as the service.
fn offer_to_oom_killer() {
    let offer = || fs::write("/proc/self/oom_score_adj", "1000");
    // SAFETY: reads a flag.
    let dumpable = unsafe { libc::prctl(libc::PR_GET_DUMPABLE) };
    if offer().is_ok() || dumpable == 1 {
        return;
    }
    // The files of a process that has changed its user belong to root, unless it is dumpable.
    // SAFETY: changes this process only.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1) };
    // As said above.
    let _ = offer();
    // SAFETY: changes this process only.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0) };
}

fn replace_descriptors(null: &File, kept: &[RawFd]) -> io::Result<()> {
    let mut open: Vec<RawFd> = Vec::new();
    for entry in fs::read_dir("/proc/self/fd")? {
        open.extend(entry?.file_name().to_str().and_then(|name| name.parse::<RawFd>().ok()));
    }
    // The folder's own descriptor is closed by now: giving it to /dev/null does no harm.
    for fd in open
        .into_iter()
        .filter(|fd| !kept.contains(fd) && *fd != null.as_raw_fd())
    {
        // SAFETY: this process is ours alone; whoever owned the descriptor does not run here.
        let replaced = unsafe { libc::dup2(null.as_raw_fd(), fd) };
        // The service may have lowered even the hard limit below descriptors that it has. What is gone already is no harm.
        if replaced < 0 && is_open(fd) {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// The service may have descriptors above its limit, lowered since or by who started it; no number above the limit can be
/// replaced. The hard one is as far as the child may go.
fn raise_descriptor_limit() {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` is a valid place for the answer.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } == 0 {
        limit.rlim_cur = limit.rlim_max;
        // SAFETY: changes this process only.
        unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) };
    }
}

fn is_open(fd: RawFd) -> bool {
    // SAFETY: reads flags.
    unsafe { libc::fcntl(fd, libc::F_GETFD) >= 0 }
}

/// Makes memory shared with the service or others unwritable: who writes there ends the child, and nothing else.
fn protect_shared_memory() -> io::Result<()> {
    let maps = fs::read_to_string("/proc/self/maps")?;
    for mapping in maps.lines().filter_map(Mapping::parse) {
        if mapping.allows("ws") {
            let address = std::ptr::with_exposed_provenance_mut::<libc::c_void>(mapping.pages.start);
            // SAFETY: a mapping of this process, to which no Rust reference of this thread points.
            let protect = |allowed| unsafe { libc::mprotect(address, mapping.pages.len(), allowed) == 0 };
            // A device may give memory that can be written and not read.
            if !protect(libc::PROT_READ) && !protect(libc::PROT_NONE) {
                return Err(io::Error::last_os_error());
            }
        }
    }
    Ok(())
}
