//! What `HeapProfiler.stopSampling` of `node:inspector` gives.
//!
//! Oddities: `scriptId` is text, lines and columns start at 0 with -1 for unknown; unlike in a CPU profile paths stay
//! paths and `children` is always there. A sample's `size` is that of all the objects it stands for.

use std::io::Write;

use super::super::json::JsonWriter;
use super::heap_walk::write_tree;
use crate::model::SamplingHeapProfile;
use crate::Result;

/// Writes the whole text, `{ head, samples }`. Returns its length.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::heapprofile::inspector, model::{CallFrame, SamplingHeapProfile}};
/// let mut builder = SamplingHeapProfile::builder();
/// builder.add_root(1, &CallFrame::root(), &[])?;
/// let mut text = Vec::new();
/// inspector::write(&builder.finish(), &mut text)?;
/// assert!(text.ends_with(br#""columnNumber":-1},"selfSize":0,"id":1,"children":[]},"samples":[]}"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(profile: &SamplingHeapProfile, sink: impl Write) -> Result<u64> {
    let mut json = JsonWriter::new(sink);
    json.begin_object();
    json.key("head");
    head(profile, &mut json)?;
    json.key("samples");
    json.begin_array();
    for sample in profile.samples() {
        json.begin_object();
        json.key("size");
        json.integer(sample.total_size());
        json.key("nodeId");
        json.integer(sample.node_id);
        json.key("ordinal");
        json.integer(sample.sample_id);
        json.end_object();
        json.spill()?;
    }
    json.end_array();
    json.end_object();
    json.finish()
}

fn head<W: Write>(profile: &SamplingHeapProfile, json: &mut JsonWriter<W>) -> Result<()> {
    write_tree(profile, json, |node, json| {
        let frame = profile.frame(node);
        json.begin_object();
        json.key("callFrame");
        json.begin_object();
        json.key("functionName");
        json.string(&frame.function_name);
        json.key("scriptId");
        json.quoted_integer(frame.script_id);
        json.key("url");
        json.string(&frame.url);
        json.key("lineNumber");
        json.integer(frame.line.wrapping_sub(1));
        json.key("columnNumber");
        json.integer(frame.column.wrapping_sub(1));
        json.end_object();
        json.key("selfSize");
        json.integer(profile.self_size(node));
        json.key("id");
        json.integer(profile.node_id(node));
        json.key("children");
        json.begin_array();
    })
}
