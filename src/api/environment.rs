//! `NativeEnvironment`: one per loaded copy of the JavaScript.

use std::path::Path;
use std::rc::Rc;

use napi::bindgen_prelude::{Buffer, Env, JsValue, Object, Result, Unknown};
use napi_derive::napi;

use super::cpu_recording::NativeCpuRecording;
use super::fork::{NativeForkOptions, NativeForkedSnapshot};
use super::options::{NativeSamplingOptions, NativeSnapshotOptions, ShimOptions, TrackingState};
use super::sampling_profile::NativeSamplingProfile;
use super::snapshot::NativeSnapshot;
use super::snapshot_capture::NativeSnapshotCapture;
use super::target::NativeTarget;
use crate::capture::{why_not_fork, why_rest, CpuRecording, Environment, Found, SnapshotCapture};
use crate::raw_napi;

/// What `getHeapStats` gives.
#[napi(object, object_from_js = false)]
pub struct HeapStats {
    /// Triples of fragment index, count and size in bytes.
    pub updates: Vec<u32>,
    pub last_seen_object_id: u32,
}

/// An object that has the id.
#[napi(object, object_from_js = false)]
pub struct FoundObject<'env> {
    /// None when JavaScript must not see it.
    pub value: Option<Unknown<'env>>,
}

#[napi]
pub struct NativeEnvironment {
    environment: Environment,
}

#[napi]
impl NativeEnvironment {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env) -> Result<Self> {
        let environment = Environment::new();
        // A worker that is terminated or returns runs this hook; the main thread runs it at its natural end.
        env.add_env_cleanup_hook(environment.closer(), |close| close())?;
        Ok(NativeEnvironment { environment })
    }

    /// The C library this addon was built for, on Linux.
    #[napi(catch_unwind)]
    pub fn libc() -> Option<&'static str> {
        if cfg!(target_env = "musl") {
            Some("musl")
        } else if cfg!(target_env = "gnu") {
            Some("glibc")
        } else {
            None
        }
    }

    /// Loads a shim. Returns the V8 version it was compiled for.
    #[napi(catch_unwind)]
    pub fn load_shim(&self, options: ShimOptions) -> Result<String> {
        let path = Path::new(&options.path);
        Ok(self.environment.load_shim(path, options.abi, options.long_strings)?)
    }

    /// Opens a file for an export, by a few system calls. The path is absolute, as bytes.
    #[napi(catch_unwind)]
    pub fn open_target(&self, path: Buffer) -> Result<NativeTarget> {
        NativeTarget::open(&path)
    }

    #[napi(catch_unwind)]
    pub fn take_snapshot(&self, options: NativeSnapshotOptions) -> Result<NativeSnapshot> {
        let (session, progress) = self.environment.take_snapshot(options.into())?;
        Ok(NativeSnapshot::new(session, progress))
    }

    /// Walks the heap, for a snapshot that goes to a file.
    #[napi(catch_unwind)]
    pub fn capture_snapshot(&self, options: NativeSnapshotOptions) -> Result<NativeSnapshotCapture> {
        let capture = SnapshotCapture::take(&self.environment, options.into())?;
        Ok(NativeSnapshotCapture::new(capture))
    }

    /// Why this build, or this process, cannot take snapshots in a forked child; null when it can.
    #[napi(catch_unwind)]
    pub fn fork_support() -> Option<String> {
        why_not_fork()
    }

    /// Why it should not now, though it could; null when there is no reason.
    #[napi(catch_unwind)]
    pub fn fork_rest() -> Option<String> {
        why_rest()
    }

    /// Begins a snapshot that a forked child takes, for a file or as a stream.
    #[napi(catch_unwind)]
    pub fn fork_snapshot(&self, options: NativeForkOptions<'_>) -> Result<NativeForkedSnapshot> {
        NativeForkedSnapshot::start(&self.environment, options)
    }

    #[napi(catch_unwind)]
    pub fn start_tracking(&self) -> Result<()> {
        Ok(self.environment.tracking.start()?)
    }

    #[napi(catch_unwind)]
    pub fn stop_tracking(&self) -> Result<()> {
        Ok(self.environment.tracking.stop()?)
    }

    /// The global object of Node's own realm.
    #[napi(catch_unwind)]
    pub fn main_global<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        env.get_global()?.coerce_to_object()
    }

    /// Returns when no other thread of this addon reads a snapshot of this thread's heap.
    #[napi(catch_unwind)]
    pub fn settle_texts(&self) {
        self.environment.tracking.settle_texts();
    }

    /// Says whether V8 has samples of object tracking, from whichever addon.
    #[napi(catch_unwind)]
    pub fn set_tracking(&self, state: TrackingState) {
        self.environment.tracking.set_samples(state.samples);
    }

    #[napi(catch_unwind)]
    pub fn heap_stats(&self) -> Result<HeapStats> {
        let (updates, last_seen_object_id) = self.environment.tracking.heap_stats()?;
        Ok(HeapStats {
            updates,
            last_seen_object_id,
        })
    }

    #[napi(catch_unwind)]
    pub fn object_id<'env>(&self, env: &'env Env, value: Unknown<'env>) -> Result<u32> {
        Ok(self.environment.objects()?.id_of(raw_napi::to_local(env, value)?))
    }

    /// Null when there is none.
    #[napi(catch_unwind)]
    pub fn find_object<'env>(&self, env: &'env Env, id: u32) -> Result<Option<FoundObject<'env>>> {
        Ok(match self.environment.objects()?.find(id, raw_napi::scope(env)) {
            Found::Nothing => None,
            Found::Hidden => Some(FoundObject { value: None }),
            Found::Object(value) => {
                let value = Some(raw_napi::from_local(env, value)?);
                Some(FoundObject { value })
            }
        })
    }

    /// A recording that is not started yet.
    #[napi(catch_unwind)]
    pub fn new_cpu_recording(&self) -> NativeCpuRecording {
        NativeCpuRecording {
            recording: CpuRecording::new(&self.environment.cpu),
        }
    }

    #[napi(catch_unwind)]
    pub fn collect_sample(&self) -> Result<()> {
        Ok(self.environment.cpu.collect_sample()?)
    }

    #[napi(catch_unwind)]
    pub fn warm_up(&self) -> Result<()> {
        Ok(self.environment.cpu.warm_up()?)
    }

    #[napi(catch_unwind)]
    pub fn cool_down(&self) {
        self.environment.cpu.cool_down();
    }

    #[napi(catch_unwind)]
    pub fn open_profilers(&self) -> u32 {
        u32::try_from(self.environment.cpu.open_count()).unwrap_or(u32::MAX)
    }

    #[napi(catch_unwind)]
    pub fn start_sampling(&self, options: NativeSamplingOptions) -> Result<()> {
        Ok(self.environment.sampling.start(options.into())?)
    }

    #[napi(catch_unwind)]
    pub fn stop_sampling(&self) -> Result<NativeSamplingProfile> {
        let sampling = &self.environment.sampling;
        Ok(NativeSamplingProfile::new(Rc::clone(sampling), sampling.stop()?))
    }
}
