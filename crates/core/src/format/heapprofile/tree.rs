//! v8-profiler-next's form: the tree alone. Lines and columns start at 1; `scriptId` is a number.

use std::io::Write;

use super::super::json::JsonWriter;
use super::heap_walk::write_tree;
use crate::model::SamplingHeapProfile;
use crate::Result;

/// Writes the whole text, `{ head }`. Returns its length.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::heapprofile::tree, model::SamplingHeapProfile};
/// let mut text = Vec::new();
/// tree::write(&SamplingHeapProfile::default(), &mut text)?;
/// assert_eq!(text, br#"{"head":{}}"#);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(profile: &SamplingHeapProfile, sink: impl Write) -> Result<u64> {
    let mut json = JsonWriter::new(sink);
    json.begin_object();
    json.key("head");
    head(profile, &mut json)?;
    json.end_object();
    json.finish()
}

/// Writes the value of `head` alone. Returns its length.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::heapprofile::tree, model::{CallFrame, SamplingHeapProfile}};
/// let mut builder = SamplingHeapProfile::builder();
/// builder.add_root(1, &CallFrame::root(), &[])?;
/// let mut text = Vec::new();
/// tree::write_head(&builder.finish(), &mut text)?;
/// assert!(text.ends_with(br#""lineNumber":0,"columnNumber":0},"selfSize":0,"children":[]}"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write_head(profile: &SamplingHeapProfile, sink: impl Write) -> Result<u64> {
    let mut json = JsonWriter::new(sink);
    head(profile, &mut json)?;
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
        json.integer(frame.script_id);
        json.key("url");
        json.string(&frame.url);
        json.key("lineNumber");
        json.integer(frame.line);
        json.key("columnNumber");
        json.integer(frame.column);
        json.end_object();
        json.key("selfSize");
        json.integer(profile.self_size(node));
        json.key("children");
        json.begin_array();
    })
}
