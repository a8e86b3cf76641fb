//! `NativeCpuProfile`: a stopped CPU profile in the formats that JavaScript asks for.

use std::io::Write;
use std::rc::Rc;

use napi::bindgen_prelude::{Buffer, Env, Object, ObjectFinalize, Result};
use napi_derive::napi;

use rs_profiler_core::format::cpuprofile::{inspector, nodes, timeline, tree, FileUrlStyle, ProfileHeader};
use rs_profiler_core::format::Written;
use rs_profiler_core::model::CpuProfileSource;

use super::export::NativeExport;
use super::promise::promise;
use crate::capture::{CpuSession, ReadProfile};
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

/// The names and times that `tree` and `nodes` texts begin and end with.
#[napi(object)]
#[derive(Clone)]
pub struct TextHeader {
    pub type_id: String,
    pub uid: String,
    pub title: String,
    pub start_time: i64,
    pub end_time: i64,
    /// Whether this Node writes `^` into file URLs as it is (Node 18 to 22).
    pub caret_kept: bool,
}

impl TextHeader {
    fn inspector_options(&self) -> inspector::Options {
        inspector::Options::with_file_urls(file_urls(self.caret_kept))
    }

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

fn file_urls(caret_kept: bool) -> FileUrlStyle {
    if caret_kept {
        FileUrlStyle::CaretKept
    } else {
        FileUrlStyle::CaretEncoded
    }
}

/// Writes a whole text.
struct WriteText<'a, W> {
    format: &'a str,
    header: &'a TextHeader,
    out: W,
}

impl<W: Write> ReadProfile for WriteText<'_, W> {
    type Output = rs_profiler_core::Result<Written>;
    fn read(self, source: &impl CpuProfileSource) -> Self::Output {
        match self.format {
            "inspector" => inspector::write(source, self.header.inspector_options(), self.out),
            "nodes" => nodes::write(source, &self.header.header(), self.out),
            _ => tree::write(source, &self.header.header(), self.out),
        }
    }
}

/// Writes the value of one property.
struct WritePart<'a, W> {
    part: &'a str,
    caret_kept: bool,
    out: W,
}

impl<W: Write> ReadProfile for WritePart<'_, W> {
    type Output = rs_profiler_core::Result<Written>;
    fn read(self, source: &impl CpuProfileSource) -> Self::Output {
        let options = inspector::Options::with_file_urls(file_urls(self.caret_kept));
        match self.part {
            "head" => tree::write_head(source, self.out),
            "nodes" => nodes::write_nodes(source, self.out),
            "inspectorNodes" => inspector::write_nodes(source, options, self.out),
            "samples" => timeline::write_samples(source, self.out),
            "timeDeltas" => timeline::write_time_deltas(source, self.out),
            _ => timeline::write_timestamps(source, self.out),
        }
    }
}

struct Times;

impl ReadProfile for Times {
    type Output = (i64, i64, usize);
    fn read(self, source: &impl CpuProfileSource) -> Self::Output {
        (
            source.start_time().as_micros(),
            source.end_time().as_micros(),
            source.sample_count(),
        )
    }
}

/// Times in microseconds of V8's monotonic clock, and the number of samples.
#[napi(object)]
pub struct ProfileTimes {
    pub start_time: i64,
    pub end_time: i64,
    pub samples: u32,
}

#[napi]
impl NativeCpuProfile {
    #[napi(catch_unwind)]
    pub fn times(&self) -> Result<ProfileTimes> {
        let (start_time, end_time, samples) = self.session.data()?.read(Times)?;
        Ok(ProfileTimes {
            start_time,
            end_time,
            samples: u32::try_from(samples).unwrap_or(u32::MAX),
        })
    }

    /// Whether V8 goes on logging code for this profile although nothing is running.
    #[napi(catch_unwind)]
    pub fn keeps_logging(&self) -> bool {
        self.session.keeps_logging()
    }

    /// The JSON of one property: `head`, `nodes`, `inspectorNodes`, `samples`, `timeDeltas` or `timestamps`.
    #[napi(catch_unwind)]
    pub fn part(&self, part: String, caret_kept: bool) -> Result<Buffer> {
        let mut out = Vec::new();
        let written = self.session.data()?.read(WritePart {
            part: &part,
            caret_kept,
            out: &mut out,
        })?;
        written.map_err(|error| Error::Internal(error.to_string()))?;
        Ok(out.into())
    }

    /// Starts to write the text of a format: `inspector`, `nodes` or `tree`.
    #[napi(catch_unwind)]
    pub fn export(&self, format: String, header: TextHeader, chunk_size: u32) -> Result<NativeExport> {
        let export = self.session.export(chunk_size as usize, move |data, out| {
            let written = data.read(WriteText {
                format: &format,
                header: &header,
                out,
            })?;
            let written = written.map_err(|error| Error::Internal(error.to_string()))?;
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
        promise(env, |()| (), |settle| self.session.detach_in_background(settle))
    }

    #[napi(catch_unwind)]
    pub fn detach_finished(&self) {
        self.session.detach_finished();
    }
}
