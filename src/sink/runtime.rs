//! The tokio runtime for waiting and file writing: one thread, made when first needed, shared by all environments of the
//! process. It holds no state of theirs.
//!
//! The thread is ours and not tokio's, which panics when the system gives it none (a pids limit, for instance).

use std::future::{pending, Future};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle};

use crate::error::{Error, Result};

static RUNTIME: OnceLock<Handle> = OnceLock::new();

/// The runtime.
pub fn runtime() -> Result<&'static Handle> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let made = Builder::new_current_thread()
        .max_blocking_threads(8)
        .thread_name("rs-profiler")
        .build()
        .map_err(Error::NoThread)?;
    let handle = made.handle().clone();
    thread::Builder::new()
        .name("rs-profiler".to_string())
        // Tasks that are spawned run in here, for ever.
        .spawn(move || made.block_on(pending::<()>()))
        .map_err(Error::NoThread)?;
    // Another environment may have been quicker: then its runtime is used, and ours waits for nothing.
    Ok(RUNTIME.get_or_init(|| handle))
}

/// The runtime, if there has been work for it.
pub fn runtime_in_use() -> Option<&'static Handle> {
    RUNTIME.get()
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for something in a thread that is not the runtime's. It needs no runtime.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// What became of a task that did not end. tokio has a panic, and no error, for a pool that the system gives no thread.
pub fn task_failed(error: tokio::task::JoinError) -> Error {
    let text = error.to_string();
    match text.contains("can't spawn worker thread") {
        true => Error::NoThread(std::io::ErrorKind::WouldBlock.into()),
        false => Error::Internal(text),
    }
}
