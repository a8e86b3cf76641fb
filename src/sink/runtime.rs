//! The tokio runtime for waiting and file writing: one thread, made when first needed, shared by all environments of the
//! process. It holds no state of theirs.

use std::io;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, Result};

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// The runtime. Fails when the system gives no thread (a pids limit, for instance).
pub fn runtime() -> Result<&'static Runtime> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let made = Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(8)
        .thread_name("rs-profiler")
        .build();
    let made = made.map_err(|error: io::Error| Error::Internal(format!("no thread for file writing: {error}")))?;
    // Another environment may have been quicker: then its runtime is used and ours ends here, without work in it.
    Ok(RUNTIME.get_or_init(|| made))
}
