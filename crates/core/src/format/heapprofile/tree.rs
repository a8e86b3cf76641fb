//! v8-profiler-next's form: the tree alone. Lines and columns start at 1; `scriptId` is a number.

use std::io::Write;

use super::super::call_frame::Dialect;
use super::super::json::JsonWriter;
use super::super::Written;
use super::head;
use crate::model::SamplingHeapProfile;
use crate::Result;

/// Writes the whole text, `{ head }`.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
pub fn write(profile: &SamplingHeapProfile, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let nodes = json.object(|json| {
        json.key("head");
        head::write(profile, Dialect::Profiler, json, |_, _| ())
    })?;
    json.finish()?;
    Ok(Written { nodes, samples: 0 })
}
