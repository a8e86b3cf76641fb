//! `NativeCpuRecording`: a CPU profile from before its start to its stop.

use napi::bindgen_prelude::{Env, Result};
use napi_derive::napi;

use super::cpu_profile::NativeCpuProfile;
use super::options::NativeCpuOptions;
use crate::capture::CpuRecording;

#[napi]
pub struct NativeCpuRecording {
    pub(super) recording: CpuRecording,
}

#[napi]
impl NativeCpuRecording {
    /// Starts, once. Runs no JavaScript: when it returns, what is recording has a handle.
    #[napi(catch_unwind)]
    pub fn start(&self, options: NativeCpuOptions) -> Result<()> {
        Ok(self.recording.start(options.into())?)
    }

    /// Whether there is something to stop.
    #[napi(catch_unwind)]
    pub fn is_held(&self) -> bool {
        self.recording.is_held()
    }

    /// Stops; again and again the same profile.
    #[napi(catch_unwind)]
    pub fn stop(&self, env: Env, cleanup_limit: u32) -> Result<NativeCpuProfile> {
        NativeCpuProfile::new(&env, self.recording.stop(cleanup_limit)?)
    }

    /// Stops and throws away what was recorded.
    #[napi(catch_unwind)]
    pub fn discard(&self) {
        self.recording.discard();
    }
}
