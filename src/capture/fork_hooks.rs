//! What a snapshot in a forked child tells its caller, and how: on every system the same, also where there is no fork.

// Where there is no fork, nothing calls them.
#![cfg_attr(not(all(target_os = "linux", target_env = "gnu")), allow(dead_code))]

/// How the caller is reached, from another thread.
pub struct ForkHooks {
    /// Has `ForkSession::fork` called on the isolate's thread, soon. `false` when that thread takes no calls any more.
    pub wake: Box<dyn Fn() -> bool + Send>,
    /// Hears of progress: `walk` in objects or `write` in bytes, how many, and of how many in all (0: not known).
    pub progress: Box<dyn Fn(&'static str, u64, u64) + Send>,
}

/// What was done.
#[derive(Debug, Clone, Copy)]
pub struct ForkReport {
    pub bytes: u64,
    pub nodes: u64,
    pub edges: u64,
    /// Children that were forked.
    pub attempts: u32,
}
