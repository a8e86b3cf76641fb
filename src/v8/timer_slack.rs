//! Linux rounds the sleeps of a thread up by its timer slack, 50 us by default, and a thread inherits it from its creator.
//! V8's sampler thread is created when a CPU profile starts: for that moment the slack is made 1 ns if `capture` wants it.

/// Runs `create`, if `precise` with the smallest timer slack, so that threads created in it wake up on time.
#[cfg(target_os = "linux")]
pub(super) fn with_precise_timers<T>(precise: bool, create: impl FnOnce() -> T) -> T {
    if !precise {
        return create();
    }
    // SAFETY: reads a number of the calling thread.
    let before = unsafe { libc::prctl(libc::PR_GET_TIMERSLACK) };
    // SAFETY: sets a number of the calling thread; a failure leaves it as it was.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1) };
    let result = create();
    if before > 0 {
        // SAFETY: sets a number of the calling thread, back to what it was.
        unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, before) };
    }
    result
}

#[cfg(not(target_os = "linux"))]
pub(super) fn with_precise_timers<T>(_precise: bool, create: impl FnOnce() -> T) -> T {
    create()
}
