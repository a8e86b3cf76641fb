//! Work on a thread of its own, which JavaScript can stop and look at.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use napi::bindgen_prelude::{Env, Object, ToNapiValue};
use napi_derive::napi;
use serde_json::Value;

use crate::error::{Error, Result};

/// What the work is at, by number of `lib/analysis/task.js`.
#[derive(Debug, Clone, Copy)]
pub enum Phase {
    Read = 0,
    Analyse = 1,
    Write = 2,
}

#[derive(Debug, Clone, Copy, Default)]
struct Reached {
    phase: u32,
    done: u64,
    total: u64,
}

#[derive(Debug, Default)]
pub struct State {
    cancelled: AtomicBool,
    reached: Mutex<Reached>,
}

impl State {
    pub fn cancelled(&self) -> &AtomicBool {
        &self.cancelled
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The error that ends the work, if it was cancelled.
    pub fn check(&self) -> Result<()> {
        match self.is_cancelled() {
            true => Err(Error::Aborted),
            false => Ok(()),
        }
    }

    fn reached(&self) -> MutexGuard<'_, Reached> {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a phase of `total` units.
    pub fn begin(&self, phase: Phase, total: u64) {
        *self.reached() = Reached {
            phase: phase as u32,
            done: 0,
            total,
        };
    }

    /// The phase has `total` units, as is known now.
    pub fn set_total(&self, total: u64) {
        self.reached().total = total;
    }

    /// At least `done` units are done.
    pub fn reach(&self, done: u64) {
        let mut reached = self.reached();
        reached.done = reached.done.max(done);
    }

    pub fn add_done(&self) {
        self.reached().done += 1;
    }

    /// At most `limit` of `items`, fewer when the work is cancelled. Whoever answers from them checks afterwards.
    pub fn wanted<'a, I: Iterator + 'a>(&'a self, items: I, limit: usize) -> impl Iterator<Item = I::Item> + 'a {
        items.take(limit).take_while(|_| !self.is_cancelled())
    }
}

/// A piece of work as JavaScript sees it.
#[napi]
#[derive(Default)]
pub struct NativeTask {
    pub(crate) state: Arc<State>,
}

/// How far the work has come.
#[napi(object)]
pub struct TaskProgress {
    pub phase: u32,
    pub done: f64,
    /// 0 while unknown.
    pub total: f64,
}

#[napi]
impl NativeTask {
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        NativeTask::default()
    }

    /// The work ends at its next look.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.state.cancelled.store(true, Ordering::Relaxed);
    }

    #[napi(catch_unwind)]
    pub fn progress(&self) -> TaskProgress {
        let Reached { phase, done, total } = *self.state.reached();
        TaskProgress {
            phase,
            done: done as f64,
            total: total as f64,
        }
    }
}

/// Runs `work` on another thread; a promise of what `convert` makes of its result.
pub fn off_thread<'env, T: Send + 'static, V: ToNapiValue + 'static>(
    env: &'env Env,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    convert: impl FnOnce(T) -> V + Send + 'static,
) -> napi::Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred()?;
    let run = move || {
        let done = catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Err(Error::Internal("the analysis panicked".to_owned())));
        match done {
            Ok(value) => deferred.resolve(move |_| Ok(convert(value))),
            Err(error) => deferred.reject(error.into()),
        }
    };
    thread::Builder::new()
        .name("rs-profiler".to_owned())
        .spawn(run)
        .map_err(Error::NoThread)?;
    Ok(promise)
}

/// How many rows are wanted: all, unless `options.limit` says otherwise.
pub fn limit_of(options: &Value) -> Result<usize> {
    match &options["limit"] {
        Value::Null => Ok(usize::MAX),
        limit => match limit.as_u64() {
            Some(limit) => Ok(usize::try_from(limit).unwrap_or(usize::MAX)),
            None => Err(Error::InvalidArgument(
                "limit must be an integer of at least 0.".to_owned(),
            )),
        },
    }
}

/// The options that JavaScript sends as JSON.
pub fn parse_options(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| Error::InvalidArgument(error.to_string()))
}
