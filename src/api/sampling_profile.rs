//! `NativeSamplingProfile`: a stopped sampling heap profile.

use std::rc::Rc;
use std::sync::Arc;

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use rs_profiler_core::format::heapprofile::{inspector, tree};
use rs_profiler_core::model::SamplingHeapProfile;

use super::export::NativeExport;
use super::options::{SamplingFormat, SamplingTextOptions};
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

fn write(profile: &SamplingHeapProfile, format: SamplingFormat, out: impl std::io::Write) -> Result<(), Error> {
    let written = match format {
        SamplingFormat::Inspector => inspector::write(profile, out),
        SamplingFormat::Tree => tree::write(profile, out),
    };
    written.map(drop).map_err(|error| Error::Internal(error.to_string()))
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

    /// The whole text.
    #[napi(catch_unwind)]
    pub fn text(&self, options: SamplingTextOptions) -> napi::Result<Buffer> {
        let mut out = Vec::new();
        write(&self.profile, options.format, &mut out)?;
        Ok(out.into())
    }

    /// Starts to write the text.
    #[napi(catch_unwind)]
    pub fn export(&self, options: SamplingTextOptions) -> NativeExport {
        let profile = Arc::clone(&self.profile);
        let produce: Produce = Box::new(move |out| {
            write(&profile, options.format, out)?;
            Ok(Counts::default())
        });
        NativeExport::new(self.sampling.export(produce))
    }
}
