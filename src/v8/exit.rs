//! A hook at the end of the process.
//!
//! Why it exists: `process.exit()` runs no N-API cleanup hook in the main thread. `node::AtExit` is no way: Node runs its hooks
//! also before a signal that a process sends to itself, which as a rule does not end it.

use std::sync::OnceLock;

use super::callbacks::guarded;

static HOOK: OnceLock<fn()> = OnceLock::new();

extern "C" fn run() {
    guarded((), || {
        if let Some(hook) = HOOK.get() {
            hook();
        }
    });
}

/// Runs `hook` in the thread that calls the C library's `exit()`, after Node has stopped its workers and its platform. Only the
/// first hook of the process counts. Thread-locals with destructors are gone by then.
pub fn at_process_exit(hook: fn()) {
    if HOOK.set(hook).is_ok() {
        // SAFETY: `run` is a function of this library; when the library is unloaded before, the C library runs it then.
        // A refusal (no memory) leaves the threads to the end of the process.
        let _ = unsafe { libc::atexit(run) };
    }
}
