//! The watch of the event loop, of `NativeEnvironment`.

use std::path::PathBuf;
use std::time::Duration;

use napi::bindgen_prelude::Result;
use napi_derive::napi;

use rs_profiler_core::format::cpuprofile::FileUrlStyle;

use super::environment::NativeEnvironment;
use crate::capture::{StallOptions, StallReport, StalledFrame, WrittenStall};
use crate::error::Error;

/// What to watch. Milliseconds are positive integers.
#[napi(object)]
pub struct StallRequest {
    pub beat_ms: u32,
    pub delay_ms: u32,
    pub longest_ms: u32,
    pub interval_us: i32,
    pub folder: Option<String>,
    /// Whether this Node writes `^` into file URLs as it is.
    pub caret_kept: bool,
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn frame_json(frame: &StalledFrame) -> serde_json::Value {
    serde_json::json!({
        "functionName": frame.function_name, "url": frame.url, "line": frame.line, "column": frame.column,
    })
}

fn profile_json(written: WrittenStall) -> serde_json::Value {
    let finding = written.finding;
    serde_json::json!({
        "path": written.path.map(|path| path.to_string_lossy().into_owned()),
        "bytes": written.bytes,
        "samples": finding.samples,
        "profiledMs": finding.duration_us as f64 / 1e3,
        "selfMs": finding.self_us as f64 / 1e3,
        "totalMs": finding.total_us as f64 / 1e3,
        "stack": finding.stack.iter().map(frame_json).collect::<Vec<_>>(),
    })
}

/// JSON of a report; errors in the form of all native errors.
fn to_json(report: StallReport) -> String {
    let (profile, error) = match report.written {
        None => (None, None),
        Some(Ok(written)) => (Some(profile_json(written)), None),
        Some(Err(error)) => (None, Some(Error::to_json(&error))),
    };
    serde_json::json!({
        "stalledMs": milliseconds(report.stalled),
        "waitedMs": report.waited.map(milliseconds),
        "startPauseMs": milliseconds(report.pause),
        "profile": profile,
        "error": error,
    })
    .to_string()
}

#[napi]
impl NativeEnvironment {
    /// Begins to watch the event loop, which must call `stallBeat` every `beatMs`.
    #[napi(catch_unwind)]
    pub fn watch_stalls(&self, request: StallRequest) -> Result<()> {
        let duration = |ms: u32| Duration::from_millis(ms.max(1).into());
        Ok(self.environment().watch_stalls(StallOptions {
            beat: duration(request.beat_ms),
            delay: duration(request.delay_ms),
            longest: duration(request.longest_ms),
            interval_us: request.interval_us,
            folder: request.folder.map(PathBuf::from),
            file_urls: if request.caret_kept {
                FileUrlStyle::CaretKept
            } else {
                FileUrlStyle::CaretEncoded
            },
        })?)
    }

    /// The loop turns. JSON of a stall that is over, once its profile is written.
    #[napi(catch_unwind)]
    pub fn stall_beat(&self) -> Option<String> {
        self.environment().stall_beat().map(to_json)
    }

    /// Whether a stall from now on is to be recorded.
    #[napi(catch_unwind)]
    pub fn arm_stalls(&self, armed: bool) {
        self.environment().arm_stalls(armed);
    }

    #[napi(catch_unwind)]
    pub fn stop_stalls(&self) {
        self.environment().stop_stalls();
    }
}
