//! `onNearHeapLimit` of `NativeEnvironment`.

use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::{Function, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

use super::environment::NativeEnvironment;
use super::pipeline::PipelineRequest;
use crate::capture::{Isolation, NearLimitKind, NearLimitOptions, NearLimitReport, SnapshotOptions};

/// What to do near the limit.
#[napi(object)]
pub struct NearLimitRequest {
    /// `snapshot` or `sampling`.
    pub kind: String,
    pub folder: String,
    pub thread_id: u32,
    pub max_captures: u32,
    pub raise_bytes: f64,
    /// `auto`, `fork` or `inline`.
    pub isolation: String,
    pub expose_internals: bool,
    pub expose_numeric_values: bool,
    pub extension: String,
    pub pipeline: PipelineRequest,
}

/// JSON of a report; errors in the form of all native errors.
fn to_json(report: NearLimitReport) -> String {
    let (redacted, error) = match report.result {
        Ok(redacted) => (redacted, None),
        Err(error) => (None, Some(error.to_json())),
    };
    serde_json::json!({
        "path": report.path.to_string_lossy(),
        "limitBytes": report.limit,
        "pauseMs": report.pause.as_secs_f64() * 1e3,
        "isolation": if report.forked { "fork" } else { "inline" },
        "reason": report.reason,
        "error": error,
        "counts": redacted.map(|counts| serde_json::json!({
            "strings": counts.strings, "blanked": counts.blanked, "blankedUnits": counts.blanked_units,
            "weakPairs": counts.weak_pairs, "keys": counts.keys, "indexes": counts.indexes, "kept": counts.kept,
        })),
    })
    .to_string()
}

#[napi]
impl NativeEnvironment {
    /// Registers. `report` hears JSON; `wake` is called when `nearLimitWake()` shall be called.
    #[napi(catch_unwind)]
    pub fn on_near_limit(
        &self,
        request: NearLimitRequest,
        report: Function<'_, String, ()>,
        wake: Function<'_, (), ()>,
    ) -> Result<()> {
        let report = report.build_threadsafe_function().weak::<true>().build()?;
        let wake = wake.build_threadsafe_function().weak::<true>().build()?;
        let options = NearLimitOptions {
            kind: if request.kind == "sampling" {
                NearLimitKind::Sampling
            } else {
                NearLimitKind::Snapshot
            },
            folder: PathBuf::from(request.folder),
            thread_id: request.thread_id,
            max_captures: request.max_captures,
            // The JavaScript layer passes a positive integer; the cast saturates.
            raise_bytes: request.raise_bytes as usize,
            isolation: match request.isolation.as_str() {
                "fork" => Isolation::Fork,
                "inline" => Isolation::Inline,
                _ => Isolation::Auto,
            },
            snapshot: SnapshotOptions {
                expose_internals: request.expose_internals,
                expose_numeric_values: request.expose_numeric_values,
            },
            pipeline: request.pipeline.options()?,
            extension: request.extension,
        };
        let report = Arc::new(move |done| {
            report.call(to_json(done), ThreadsafeFunctionCallMode::NonBlocking);
        });
        let wake = Arc::new(move || {
            wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
        });
        Ok(self.environment().on_near_limit(options, report, wake)?)
    }

    /// Forks, if a child is ready.
    #[napi(catch_unwind)]
    pub fn near_limit_wake(&self) {
        self.environment().near_limit_wake();
    }

    /// Takes the registration back. Repeatable.
    #[napi(catch_unwind)]
    pub fn stop_near_limit(&self) {
        self.environment().stop_near_limit();
    }

    /// Whether this addon can take snapshots in a forked child.
    #[napi(catch_unwind)]
    pub fn fork_supported() -> bool {
        crate::capture::FORK_SUPPORTED
    }
}
