//! Profiles in, other formats out: chooses the core's reader and writer.

use std::io::Write;
use std::path::Path;

use serde_json::Value;

use rs_profiler_core::format::collapsed::{self, Value as StackValue};
use rs_profiler_core::format::cpuprofile::{self, inspector, FileUrlStyle, ReadOptions};
use rs_profiler_core::format::flame_graph::{self, FlameGraphOptions};
use rs_profiler_core::format::{heapprofile, pprof, speedscope};
use rs_profiler_core::model::{CallTree, CpuProfile, HeapCounts, MetaFilter, SamplingHeapProfile};

use crate::error::{Error, Result};
use crate::input::Input;

/// A profile of either kind, told by what stands in it.
pub enum Profile {
    Cpu(CpuProfile),
    Heap(SamplingHeapProfile),
}

impl Profile {
    /// Reads a CPU profile, or else a sampling heap profile. When it is neither, the error is about the former.
    pub fn read(input: &Input) -> Result<Self> {
        let cpu = input.read_profile(|source| cpuprofile::read(source, ReadOptions::default()));
        match cpu {
            Ok(read) => Ok(Profile::Cpu(read.profile)),
            Err(Error::Profile(message)) => match input.read_profile(|source| heapprofile::read(source)) {
                Ok(read) => Ok(Profile::Heap(read.profile)),
                Err(Error::Aborted) => Err(Error::Aborted),
                Err(_) => Err(Error::Profile(message)),
            },
            Err(error) => Err(error),
        }
    }

    /// `cpu` or `heap`.
    pub fn kind(&self) -> &'static str {
        match self {
            Profile::Cpu(_) => "cpu",
            Profile::Heap(_) => "heap",
        }
    }

    fn tree(&self) -> rs_profiler_core::Result<CallTree> {
        match self {
            Profile::Cpu(profile) => CallTree::of_cpu_profile(profile),
            Profile::Heap(profile) => CallTree::of_heap_profile(profile, HeapCounts::Samples),
        }
    }
}

/// Writes `profile` in the format `options.to` to `sink`, which is the file at `path`. Returns the length.
pub fn write_as(profile: &Profile, options: &Value, path: &Path, sink: impl Write) -> Result<u64> {
    let text = |key: &str| options[key].as_str().unwrap_or("");
    let flag = |key: &str| options[key].as_bool().unwrap_or(false);
    let mut meta = MetaFilter::default();
    meta.idle = flag("idle");
    let value = match text("value") {
        "count" => StackValue::Count,
        _ => StackValue::Amount,
    };
    let done = match (text("to"), profile) {
        ("inspector", Profile::Cpu(profile)) => {
            let style = match flag("caretKept") {
                true => FileUrlStyle::CaretKept,
                false => FileUrlStyle::CaretEncoded,
            };
            inspector::write(profile, inspector::Options::with_file_urls(style), sink).map(|written| written.bytes)
        }
        ("inspector", Profile::Heap(profile)) => heapprofile::inspector::write(profile, sink),
        ("speedscope", Profile::Cpu(profile)) => speedscope::write_cpu_profile(profile, text("name"), sink),
        ("speedscope", Profile::Heap(_)) => profile
            .tree()
            .and_then(|tree| speedscope::write_heap_profile(&tree, text("name"), sink)),
        ("collapsed", _) => profile
            .tree()
            .and_then(|tree| collapsed::write(&tree, value, meta, sink)),
        ("pprof", _) => profile.tree().and_then(|tree| pprof::write(&tree, meta, sink)),
        ("svg", _) => {
            let mut look = FlameGraphOptions::titled(text("name"));
            (look.value, look.stacks, look.inverted) = (value, meta, flag("inverted"));
            profile.tree().and_then(|tree| flame_graph::write(&tree, &look, sink))
        }
        (other, _) => {
            return Err(Error::InvalidArgument(format!(
                "There is no format {other:?} to convert to."
            )))
        }
    };
    done.map_err(|error| match error {
        rs_profiler_core::Error::Sink { source, .. } => Error::io("write", path, source),
        other => Error::Profile(other.to_string()),
    })
}
