//! `NativeForkSnapshot`: a heap snapshot taken by a forked child.

use std::path::PathBuf;

use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi::Status;
use napi_derive::napi;

use super::environment::NativeEnvironment;
use super::export::{Contents, NativeExport};
use super::pipeline::{PipelineRequest, ProducedReport};
use crate::capture::{ForkHooks, ForkOptions, ForkSession, SnapshotOptions};
use crate::sink::runtime;

/// What to take, and where it goes.
#[napi(object)]
pub struct ForkRequest {
    pub expose_internals: bool,
    pub expose_numeric_values: bool,
    /// The file; without, the export gives chunks.
    pub path: Option<String>,
    pub chunk_size: u32,
    /// Fail while another capture has a child, instead of waiting.
    pub refuse_when_busy: bool,
    pub pipeline: PipelineRequest,
}

/// What was taken.
#[napi(object)]
pub struct ForkResult {
    pub produced: ProducedReport,
    pub confined: bool,
    pub attempts: u32,
    pub pause_ms: f64,
}

#[napi]
pub struct NativeForkSnapshot {
    session: ForkSession,
    export: Option<NativeExport>,
}

#[napi]
impl NativeForkSnapshot {
    /// Starts. `wake` is called, perhaps more than once, when `fork()` shall be called. `progress` hears phase, done, total.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        environment: &NativeEnvironment,
        request: ForkRequest,
        wake: Function<'_, (), ()>,
        progress: Function<'_, (&'static str, f64, f64), ()>,
    ) -> Result<Self> {
        let wake = wake.build_threadsafe_function().weak::<true>().build()?;
        let progress = progress.build_threadsafe_function().weak::<true>().build()?;
        let hooks = ForkHooks {
            wake: Box::new(move || wake.call((), ThreadsafeFunctionCallMode::NonBlocking) == Status::Ok),
            progress: Box::new(move |phase, done, total| {
                let report = (phase.name(), done as f64, total as f64);
                progress.call(report, ThreadsafeFunctionCallMode::NonBlocking);
            }),
        };
        let options = ForkOptions {
            snapshot: SnapshotOptions {
                expose_internals: request.expose_internals,
                expose_numeric_values: request.expose_numeric_values,
            },
            pipeline: request.pipeline.options()?,
            path: request.path.map(PathBuf::from),
            chunk_size: request.chunk_size as usize,
            refuse_when_busy: request.refuse_when_busy,
        };
        let (session, export) = ForkSession::start(environment.environment(), options, hooks)?;
        Ok(NativeForkSnapshot {
            session,
            export: Some(NativeExport::new(export, Contents::Uncounted)),
        })
    }

    /// The export; null at the second call. It ends when the snapshot is complete.
    #[napi(catch_unwind)]
    pub fn take_export(&mut self) -> Option<NativeExport> {
        self.export.take()
    }

    /// Forks, if a child is ready.
    #[napi(catch_unwind)]
    pub fn fork(&self) {
        self.session.fork();
    }

    /// A promise that resolves when the child and all it left behind are gone, or the snapshot is complete.
    #[napi(catch_unwind)]
    pub fn gone<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred()?;
        let gone = self.session.gone();
        runtime()?.spawn(async move {
            gone.await;
            deferred.resolve(|_| Ok(()));
        });
        Ok(promise)
    }

    /// What was taken, when the export has ended well.
    #[napi(catch_unwind)]
    pub fn result(&self) -> Option<ForkResult> {
        self.session.report().map(|report| ForkResult {
            produced: report.produced.into(),
            confined: report.confined,
            attempts: report.attempts,
            pause_ms: report.pause.as_secs_f64() * 1e3,
        })
    }
}
