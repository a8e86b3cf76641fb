//! `NativeCpuProfile`: a stopped CPU profile in the formats that JavaScript asks for.

use std::io::Write;
use std::rc::Rc;

use napi::bindgen_prelude::{Buffer, Env, Object, ObjectFinalize, Result};
use napi_derive::napi;

use rs_profiler_core::format::cpuprofile::{inspector, nodes, timeline, tree, FileUrlStyle, ProfileHeader};
use rs_profiler_core::format::Written;
use rs_profiler_core::model::CpuProfileSource;

use super::export::NativeExport;
use super::options::{CpuFormat, CpuPart, CpuPartOptions, CpuTextHeader, CpuTextOptions, CpuTimesOptions};
use super::promise::promise;
use crate::capture::{CpuSession, ProfileSource};
use crate::error::Error;
use crate::sink::Counts;

/// What V8 is told that a profile object holds outside its heap, in bytes. V8's sampler has a buffer of half a megabyte,
/// which comes and goes with every profile; the little that an object keeps until it is collected often lies where that was,
/// so the next one cannot. Without this V8 would see no reason to collect, and the process would grow.
const FOOTPRINT: i64 = 1 << 20;

#[napi(custom_finalize)]
pub struct NativeCpuProfile {
    session: Rc<CpuSession>,
}

impl NativeCpuProfile {
    pub(super) fn new(env: &Env, session: Rc<CpuSession>) -> Result<Self> {
        env.adjust_external_memory(FOOTPRINT)?;
        Ok(NativeCpuProfile { session })
    }
}

impl ObjectFinalize for NativeCpuProfile {
    fn finalize(self, env: Env) -> Result<()> {
        // Refused while the environment is torn down; then nobody counts any more.
        let _ = env.adjust_external_memory(-FOOTPRINT);
        Ok(())
    }
}

impl CpuTextHeader {
    fn header(&self) -> ProfileHeader<'_> {
        ProfileHeader {
            type_id: &self.type_id,
            uid: &self.uid,
            title: &self.title,
            start_time: self.start_time,
            end_time: self.end_time,
        }
    }
}

fn internal(error: rs_profiler_core::Error) -> Error {
    Error::Internal(error.to_string())
}

fn inspector_options(caret_kept: bool) -> inspector::Options {
    inspector::Options::with_file_urls(if caret_kept {
        FileUrlStyle::CaretKept
    } else {
        FileUrlStyle::CaretEncoded
    })
}

/// Writes a whole text.
fn write_text(
    source: &ProfileSource<'_>,
    options: &CpuTextOptions,
    out: impl Write,
) -> rs_profiler_core::Result<Written> {
    match options.format {
        CpuFormat::Inspector => inspector::write(source, inspector_options(options.caret_kept), out),
        CpuFormat::Nodes => nodes::write(source, &options.header.header(), out),
        CpuFormat::Tree => tree::write(source, &options.header.header(), out),
    }
}

/// Writes the value of one property.
fn write_part(
    source: &ProfileSource<'_>,
    options: &CpuPartOptions,
    out: impl Write,
) -> rs_profiler_core::Result<Written> {
    match options.part {
        CpuPart::Head => tree::write_head(source, out),
        CpuPart::Nodes => nodes::write_nodes(source, out),
        CpuPart::InspectorNodes => inspector::write_nodes(source, inspector_options(options.caret_kept), out),
        CpuPart::Samples => timeline::write_samples(source, out),
        CpuPart::TimeDeltas => timeline::write_time_deltas(source, out),
        CpuPart::Timestamps => timeline::write_timestamps(source, out),
    }
}

/// Times as a form of the profile has them.
#[napi(object, object_from_js = false)]
pub struct ProfileTimes {
    pub start_time: i64,
    pub end_time: i64,
}

#[napi]
impl NativeCpuProfile {
    /// Microseconds of V8's monotonic clock; for the tree whole seconds of it, or the wall clock when those are 0.
    #[napi(catch_unwind)]
    pub fn times(&self, options: CpuTimesOptions) -> Result<ProfileTimes> {
        let data = self.session.data()?;
        let source = data.source()?;
        let wall_clock = (options.wall_clock.start_time, options.wall_clock.end_time);
        let (start_time, end_time) = match options.format {
            CpuFormat::Inspector | CpuFormat::Nodes => (source.start_time().as_micros(), source.end_time().as_micros()),
            CpuFormat::Tree => tree::times(&source, wall_clock),
        };
        Ok(ProfileTimes { start_time, end_time })
    }

    #[napi(catch_unwind)]
    pub fn sample_count(&self) -> Result<u32> {
        let data = self.session.data()?;
        let samples = data.source()?.sample_count();
        Ok(u32::try_from(samples).unwrap_or(u32::MAX))
    }

    /// Whether V8 goes on logging code for this profile although nothing is running.
    #[napi(catch_unwind)]
    pub fn keeps_logging(&self) -> bool {
        self.session.keeps_logging()
    }

    /// The JSON of one property.
    #[napi(catch_unwind)]
    pub fn part(&self, options: CpuPartOptions) -> Result<Buffer> {
        let mut out = Vec::new();
        let data = self.session.data()?;
        write_part(&data.source()?, &options, &mut out).map_err(internal)?;
        Ok(out.into())
    }

    /// Starts to write the text.
    #[napi(catch_unwind)]
    pub fn export(&self, options: CpuTextOptions) -> Result<NativeExport> {
        let export = self.session.export(move |source, out| {
            let written = write_text(source, &options, out).map_err(internal)?;
            Ok(Counts {
                nodes: Some(written.nodes),
                edges: None,
                samples: Some(written.samples),
            })
        })?;
        Ok(NativeExport::new(export))
    }

    /// Gives V8's memory back after copying what is needed. Blocks for both.
    #[napi(catch_unwind)]
    pub fn detach_sync(&self) -> Result<()> {
        Ok(self.session.detach()?)
    }

    /// The same, copying on another thread; a promise. `detachFinished` must follow.
    #[napi(catch_unwind)]
    pub fn detach<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        promise(env, |copied| copied, |settle| self.session.detach_in_background(settle))
    }

    #[napi(catch_unwind)]
    pub fn detach_finished(&self) {
        self.session.detach_finished();
    }
}
