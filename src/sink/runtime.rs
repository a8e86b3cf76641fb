//! The tokio runtime that waits for chunks on behalf of promises: one thread, made when first needed, shared by all
//! environments of the process. It holds no state of theirs.
//!
//! Why it exists: tokio panics when the system gives no thread. Here that is an error, told before anything depends on it.

use std::sync::{Mutex, PoisonError};

use tokio::runtime::{Builder, Handle};

use super::task::spawn_thread;
use crate::error::{Error, Result};

static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);

/// The runtime. Fails when the system gives no thread; the next call tries again.
pub fn runtime() -> Result<Handle> {
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*runtime {
        return Ok(handle.clone());
    }
    // This flavour makes no threads: it runs on the one that is lent to it.
    let made = Builder::new_current_thread().build();
    let made = made.map_err(|error| Error::Internal(format!("no runtime: {error}")))?;
    let handle = made.handle().clone();
    // For ever: a task is a chunk that is waited for, and ends with its text.
    spawn_thread(move || made.block_on(std::future::pending::<()>()))?;
    *runtime = Some(handle.clone());
    Ok(handle)
}
