//! What a snapshot in a forked child tells its caller, and how: on every system the same, also where there is no fork.

use std::path::PathBuf;

/// On what terms there may be a child.
#[derive(Debug, Default)]
pub struct ForkTerms {
    /// This V8 has not been tried: the first child of the process is a canary.
    pub canary: bool,
    /// Where the processes of this user take turns; it need not be there. `None`: only those of this process do.
    pub turns: Option<PathBuf>,
}

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
    /// What the child had to itself at its end; 0 when it is not known.
    pub private_dirty: u64,
    /// Children that were forked.
    pub attempts: u32,
}
