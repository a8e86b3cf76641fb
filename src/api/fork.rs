//! `NativeForkedSnapshot`: a heap snapshot that a forked child takes, on its way to a file or to JavaScript.

use std::path::PathBuf;
use std::rc::Rc;

use napi::bindgen_prelude::{ClassInstance, Env, Function, Object, Result};
use napi_derive::napi;

use super::chunks::next_chunks;
use super::options::ReadOptions;
use super::promise::promise;
use super::target::NativeTarget;
use super::teller::teller;
use crate::capture::{Environment, ForkHooks, ForkReport, ForkSession, ForkTerms, SnapshotOptions};
use crate::error::Result as OurResult;

/// What to take, where it goes, and who is told.
#[napi(object, object_to_js = false)]
pub struct NativeForkOptions<'env> {
    pub expose_internals: bool,
    pub expose_numeric_values: bool,
    /// Without one, `next()` gives the text.
    pub target: Option<ClassInstance<'env, NativeTarget>>,
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
        let wake = teller(options.wake)?;
        let on_progress = options.on_progress.map(teller).transpose()?;
        let hooks = ForkHooks {
            wake: Box::new(move || wake(())),
            progress: Box::new(move |phase, done, total| {
                if let Some(on_progress) = &on_progress {
                    let (done, total) = (done as f64, total as f64);
                    on_progress(ForkProgress { phase, done, total });
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
        let target = options.target.map(|target| target.take()).transpose()?;
        let session = environment.fork_snapshot(shown, target, terms, hooks)?;
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

    /// Forks, if a child is ready. Says whether there is one now.
    #[napi(catch_unwind)]
    pub fn fork(&self) -> bool {
        self.session.fork()
    }

    /// As `NativeExport::next`. When it fails, `result()` says why.
    #[napi(catch_unwind)]
    pub fn next<'env>(&self, env: &'env Env, options: ReadOptions) -> Result<Object<'env>> {
        next_chunks(env, self.session.stream()?, options)
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
