//! What JavaScript asks for: objects of options and words. A word that there is not is an error (`lib/native/errors.js`).

use napi::bindgen_prelude::{ClassInstance, Function};
use napi_derive::napi;

use super::target::NativeTarget;
use crate::capture::{CpuOptions, SamplingOptions, SnapshotOptions};

/// The shim to load, and what it cannot tell of V8.
#[napi(object)]
pub struct ShimOptions {
    pub path: String,
    /// `process.versions.modules`.
    pub abi: u32,
    /// V8 may have been told to keep long strings in snapshots.
    pub long_strings: bool,
}

/// What a snapshot shall show.
#[napi(object, object_to_js = false)]
pub struct NativeSnapshotOptions {
    /// Default is false.
    pub expose_internals: Option<bool>,
    /// Default is false.
    pub expose_numeric_values: Option<bool>,
}

impl From<NativeSnapshotOptions> for SnapshotOptions {
    fn from(options: NativeSnapshotOptions) -> SnapshotOptions {
        SnapshotOptions {
            expose_internals: options.expose_internals.unwrap_or(false),
            expose_numeric_values: options.expose_numeric_values.unwrap_or(false),
        }
    }
}

/// By what nodes of a CPU profile are told apart.
#[napi(string_enum = "camelCase")]
pub enum CpuMode {
    LeafNodeLineNumbers,
    CallerLineNumbers,
}

/// How to record a CPU profile.
#[napi(object, object_to_js = false)]
pub struct NativeCpuOptions {
    pub sampling_interval_us: i32,
    /// Default is true.
    pub record_samples: Option<bool>,
    /// Default is `leafNodeLineNumbers`.
    pub mode: Option<CpuMode>,
    /// Default is false.
    pub eager_logging: Option<bool>,
}

impl From<NativeCpuOptions> for CpuOptions {
    fn from(options: NativeCpuOptions) -> CpuOptions {
        CpuOptions {
            interval_us: options.sampling_interval_us,
            record_samples: options.record_samples.unwrap_or(true),
            caller_line_numbers: matches!(options.mode, Some(CpuMode::CallerLineNumbers)),
            eager_logging: options.eager_logging.unwrap_or(false),
        }
    }
}

/// How to sample allocations.
#[napi(object, object_to_js = false)]
pub struct NativeSamplingOptions {
    /// A non-negative integer.
    pub interval_bytes: f64,
    pub stack_depth: i32,
    /// Whether a profile that runs already is in the way. Default is false.
    pub exclusive: Option<bool>,
}

impl From<NativeSamplingOptions> for SamplingOptions {
    fn from(options: NativeSamplingOptions) -> SamplingOptions {
        SamplingOptions {
            // The cast saturates.
            interval_bytes: options.interval_bytes as u64,
            stack_depth: options.stack_depth,
            exclusive: options.exclusive.unwrap_or(false),
        }
    }
}

/// The forms of a CPU profile.
#[napi(string_enum = "camelCase")]
#[derive(Clone, Copy)]
pub enum CpuFormat {
    Inspector,
    Nodes,
    Tree,
}

/// The properties of a CPU profile that are made one by one.
#[napi(string_enum = "camelCase")]
#[derive(Clone, Copy)]
pub enum CpuPart {
    Head,
    Nodes,
    InspectorNodes,
    Samples,
    TimeDeltas,
    Timestamps,
}

/// The forms of a sampling heap profile: the inspector's, and v8-profiler-next's.
#[napi(string_enum = "camelCase")]
#[derive(Clone, Copy)]
pub enum SamplingFormat {
    Inspector,
    Tree,
}

/// Which property of a CPU profile to write.
#[napi(object, object_to_js = false)]
pub struct CpuPartOptions {
    pub part: CpuPart,
    /// Whether this Node writes `^` into file URLs as it is (Node 18 to 22).
    pub caret_kept: bool,
}

/// In which form to give the times of a CPU profile.
#[napi(object, object_to_js = false)]
pub struct CpuTimesOptions {
    pub format: CpuFormat,
    pub wall_clock: WallClock,
}

/// Milliseconds since 1970 of a start and an end.
#[napi(object, object_to_js = false)]
pub struct WallClock {
    pub start_time: i64,
    pub end_time: i64,
}

/// How to write a CPU profile.
#[napi(object, object_to_js = false)]
pub struct CpuTextOptions {
    pub format: CpuFormat,
    /// Whether this Node writes `^` into file URLs as it is (Node 18 to 22).
    pub caret_kept: bool,
    pub header: CpuTextHeader,
}

/// The names and times that `tree` and `nodes` texts begin and end with. `inspector` texts have none.
#[napi(object, object_to_js = false)]
pub struct CpuTextHeader {
    pub type_id: String,
    pub uid: String,
    pub title: String,
    pub start_time: i64,
    pub end_time: i64,
}

/// How to write a sampling heap profile.
#[napi(object, object_to_js = false)]
pub struct SamplingTextOptions {
    pub format: SamplingFormat,
}

/// Where a text goes.
#[napi(object, object_to_js = false)]
pub struct WriteOptions<'env> {
    pub target: ClassInstance<'env, NativeTarget>,
    /// Called with the bytes written so far.
    pub on_bytes: Option<Function<'env, f64, ()>>,
}

/// How to read a text.
#[napi(object, object_to_js = false)]
pub struct ReadOptions {
    /// Whether the next about twenty chunks come as one.
    pub joined: bool,
}

/// What V8 has of object tracking in this thread.
#[napi(object, object_to_js = false)]
pub struct TrackingState {
    pub samples: bool,
}
