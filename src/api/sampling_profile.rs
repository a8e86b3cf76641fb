//! `NativeSamplingProfile`: a stopped sampling heap profile.

use std::rc::Rc;
use std::sync::Arc;

use napi::bindgen_prelude::{Buffer, Result};
use napi_derive::napi;

use rs_profiler_core::format::heapprofile::{inspector, tree};
use rs_profiler_core::model::SamplingHeapProfile;

use super::export::NativeExport;
use crate::capture::Sampling;
use crate::error::Error;
use crate::sink::{Counts, Produce};

#[napi]
pub struct NativeSamplingProfile {
    sampling: Rc<Sampling>,
    profile: Arc<SamplingHeapProfile>,
}

impl NativeSamplingProfile {
    pub fn new(sampling: Rc<Sampling>, profile: SamplingHeapProfile) -> Self {
        NativeSamplingProfile {
            sampling,
            profile: Arc::new(profile),
        }
    }
}

fn write(profile: &SamplingHeapProfile, format: &str, out: impl std::io::Write) -> rs_profiler_core::Result<u64> {
    match format {
        "inspector" => inspector::write(profile, out),
        _ => tree::write(profile, out),
    }
}

#[napi]
impl NativeSamplingProfile {
    #[napi(catch_unwind)]
    pub fn node_count(&self) -> u32 {
        u32::try_from(self.profile.node_count()).unwrap_or(u32::MAX)
    }

    #[napi(catch_unwind)]
    pub fn sample_count(&self) -> u32 {
        u32::try_from(self.profile.samples().len()).unwrap_or(u32::MAX)
    }

    /// The whole text: `tree` (v8-profiler-next) or `inspector`.
    #[napi(catch_unwind)]
    pub fn text(&self, format: String) -> Result<Buffer> {
        let mut out = Vec::new();
        write(&self.profile, &format, &mut out).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(out.into())
    }

    /// Starts to write the text of a format.
    #[napi(catch_unwind)]
    pub fn export(&self, format: String, chunk_size: u32) -> Result<NativeExport> {
        let profile = Arc::clone(&self.profile);
        let produce: Produce = Box::new(move |out| {
            write(&profile, &format, out).map_err(|error| Error::Internal(error.to_string()))?;
            Ok(Counts::default())
        });
        Ok(NativeExport::new(self.sampling.export(chunk_size as usize, produce)))
    }
}
