//! `NativeForkedSnapshot`: a heap snapshot that a forked child takes, on its way to a file.

use std::path::PathBuf;
use std::rc::Rc;

use napi::bindgen_prelude::{ClassInstance, Env, Function, Object, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi::Status;
use napi_derive::napi;

use super::promise::promise;
use super::target::NativeTarget;
use crate::capture::{Environment, ForkHooks, ForkReport, ForkSession, ForkTerms, SnapshotOptions};
use crate::error::Result as OurResult;

/// What to take, where it goes, and who is told.
#[napi(object, object_to_js = false)]
pub struct NativeForkOptions<'env> {
    pub expose_internals: bool,
    pub expose_numeric_values: bool,
    pub target: ClassInstance<'env, NativeTarget>,
    /// Whether a canary comes first, if no child of this process has ended well.
    pub canary: bool,
    /// The folder where the processes of this user take turns.
    pub turns: Option<String>,
    /// Called, perhaps more than once, when `fork()` shall be called.
    pub wake: Function<'env, (), ()>,
    pub on_progress: Option<Function<'env, ForkProgress, ()>>,
}

/// Where the child is.
#[napi(object, object_from_js = false)]
pub struct ForkProgress {
    /// `walk` (in objects) or `write` (in bytes).
    pub phase: &'static str,
    pub done: f64,
    /// 0 when it is not known.
    pub total: f64,
}

/// What was written.
#[napi(object, object_from_js = false)]
pub struct ForkedReport {
    pub bytes: f64,
    pub nodes: f64,
    pub edges: f64,
    /// What the child had to itself.
    pub cow_bytes: Option<f64>,
    /// Children that were forked.
    pub attempts: u32,
}

impl From<ForkReport> for ForkedReport {
    fn from(report: ForkReport) -> Self {
        ForkedReport {
            bytes: report.bytes as f64,
            nodes: report.nodes as f64,
            edges: report.edges as f64,
            cow_bytes: (report.private_dirty > 0).then_some(report.private_dirty as f64),
            attempts: report.attempts,
        }
    }
}

#[napi]
pub struct NativeForkedSnapshot {
    session: Rc<ForkSession>,
}

impl NativeForkedSnapshot {
    pub(super) fn start(environment: &Environment, options: NativeForkOptions<'_>) -> Result<Self> {
        let wake = options.wake.build_threadsafe_function().weak::<true>().build()?;
        let on_progress = match options.on_progress {
            Some(on_progress) => Some(on_progress.build_threadsafe_function().weak::<true>().build()?),
            None => None,
        };
        let hooks = ForkHooks {
            wake: Box::new(move || wake.call((), ThreadsafeFunctionCallMode::NonBlocking) == Status::Ok),
            progress: Box::new(move |phase, done, total| {
                if let Some(on_progress) = &on_progress {
                    let (done, total) = (done as f64, total as f64);
                    let event = ForkProgress { phase, done, total };
                    on_progress.call(event, ThreadsafeFunctionCallMode::NonBlocking);
                }
            }),
        };
        let terms = ForkTerms {
            canary: options.canary,
            turns: options.turns.map(PathBuf::from),
        };
        let shown = SnapshotOptions {
            expose_internals: options.expose_internals,
            expose_numeric_values: options.expose_numeric_values,
        };
        let session = environment.fork_snapshot(shown, options.target.take()?, terms, hooks)?;
        Ok(NativeForkedSnapshot {
            session: Rc::new(session),
        })
    }
}

#[napi]
impl NativeForkedSnapshot {
    /// A promise of a report; once. It keeps the process alive.
    #[napi(catch_unwind)]
    pub fn result<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        // What is collected is given up: not while somebody waits for it.
        let kept = Rc::clone(&self.session);
        let finish = move |report: OurResult<ForkReport>| {
            drop(kept);
            report.map(ForkedReport::from)
        };
        promise(env, finish, |settle| {
            self.session.on_result(settle);
            Ok(())
        })
    }

    /// Forks, if a child is ready. Says whether there is a child now.
    #[napi(catch_unwind)]
    pub fn fork(&self) -> bool {
        self.session.fork()
    }

    /// Ends it: the child is killed, and no file remains. Does not wait for that. Repeatable.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.session.cancel();
    }

    /// A promise that resolves when child, thread and unfinished file are gone, or the file is complete.
    #[napi(catch_unwind)]
    pub fn gone<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let session = Rc::clone(&self.session);
        let finish = move |told: OurResult<()>| {
            // It was told by the thread's last action.
            session.join();
            told
        };
        promise(env, finish, |settle| {
            self.session.on_gone(settle);
            Ok(())
        })
    }
}
