//! The nested tree of v8-profiler, and v8-profiler-next's type 0.
//!
//! Oddities: lines and columns start at 1, times are whole seconds while `timestamps` are microseconds, and `lineTicks`
//! comes after `children`, so a node is closed only when its whole subtree is written. `columnNumber` is
//! v8-profiler-next's, `callUID` is v8-profiler's; ours has both.

use std::io::Write;

use super::super::json::JsonWriter;
use super::function_uid::function_uid;
use super::{line_hits, timeline, ProfileHeader, Written};
use crate::model::{CpuProfileSource, Step, TreeWalk};
use crate::Result;

/// Writes the whole text: `typeId, uid, title, head, startTime, endTime, samples, timestamps`.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::{tree, ProfileHeader}, model::CpuProfile};
/// let profile = CpuProfile::empty(4, 5)?;
/// let mut text = Vec::new();
/// tree::write(&profile, &ProfileHeader::for_tree("0", "mine", &profile, (70, 80)), &mut text)?;
/// assert!(text.ends_with(br#""children":[]},"startTime":70,"endTime":80,"samples":[],"timestamps":[]}"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(source: &impl CpuProfileSource, header: &ProfileHeader<'_>, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    json.begin_object();
    header.write_names(&mut json);
    json.key("head");
    let nodes = head(source, &mut json)?;
    header.write_times(&mut json);
    json.key("samples");
    timeline::samples(source, &mut json)?;
    json.key("timestamps");
    timeline::timestamps(source, &mut json)?;
    json.end_object();
    Ok(Written {
        bytes: json.finish()?,
        nodes,
        samples: source.sample_count() as u64,
    })
}

/// Writes the value of `head` alone.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::tree, model::CpuProfile};
/// let mut text = Vec::new();
/// tree::write_head(&CpuProfile::empty(4, 5)?, &mut text)?;
/// assert!(text.starts_with(br#"{"functionName":"(root)","url":"","lineNumber":0,"columnNumber":0,"callUID":"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write_head(source: &impl CpuProfileSource, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let nodes = head(source, &mut json)?;
    Ok(Written {
        bytes: json.finish()?,
        nodes,
        samples: 0,
    })
}

fn head<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<u64> {
    let mut ticks = Vec::new();
    let mut count = 0;
    for step in TreeWalk::new(source) {
        match step {
            Step::Enter(node) => {
                begin_node(source, node, json);
                count += 1;
            }
            Step::Leave(node) => {
                json.end_array();
                source.line_ticks(node, &mut ticks);
                line_hits::write_if_any(&ticks, json);
                json.end_object();
            }
        }
        json.spill()?;
    }
    Ok(count)
}

/// Writes a node up to the opening bracket of `children`.
fn begin_node<S: CpuProfileSource, W: Write>(source: &S, node: S::Node, json: &mut JsonWriter<W>) {
    let frame = source.frame(node);
    json.begin_object();
    json.key("functionName");
    json.string(&frame.function_name);
    json.key("url");
    json.string(&frame.url);
    json.key("lineNumber");
    json.integer(frame.line);
    json.key("columnNumber");
    json.integer(frame.column);
    json.key("callUID");
    json.integer(function_uid(&frame));
    json.key("bailoutReason");
    json.string(&frame.bailout_reason);
    json.key("id");
    json.integer(source.node_id(node));
    json.key("scriptId");
    json.integer(frame.script_id);
    json.key("hitCount");
    json.integer(source.hit_count(node));
    json.key("children");
    json.begin_array();
}
