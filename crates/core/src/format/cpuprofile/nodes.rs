//! v8-profiler-next's type 1: a list of nodes, as the inspector has it but not quite.
//!
//! Oddities: lines and columns start at 1, paths stay paths, `bailoutReason` and line hits stand inside `callFrame`.

use std::io::Write;

use super::super::json::JsonWriter;
use super::{line_hits, timeline, ProfileHeader, Written};
use crate::model::{CpuProfileSource, Step, TreeWalk};
use crate::Result;

/// Writes the whole text: `typeId, uid, title, nodes, startTime, endTime, samples, timeDeltas`.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::{nodes, ProfileHeader}, model::CpuProfile};
/// let profile = CpuProfile::empty(4, 5)?;
/// let mut text = Vec::new();
/// nodes::write(&profile, &ProfileHeader::for_nodes("0", "mine", &profile), &mut text)?;
/// assert!(text.starts_with(br#"{"typeId":"CPU","uid":"0","title":"mine","nodes":[{"id":1,"hitCount":0,"callFrame":"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(source: &impl CpuProfileSource, header: &ProfileHeader<'_>, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    json.begin_object();
    header.write_names(&mut json);
    json.key("nodes");
    let nodes = nodes(source, &mut json)?;
    header.write_times(&mut json);
    json.key("samples");
    timeline::samples(source, &mut json)?;
    json.key("timeDeltas");
    timeline::time_deltas(source, &mut json)?;
    json.end_object();
    Ok(Written {
        bytes: json.finish()?,
        nodes,
        samples: source.sample_count() as u64,
    })
}

/// Writes the value of `nodes` alone.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::nodes, model::CpuProfile};
/// let mut text = Vec::new();
/// nodes::write_nodes(&CpuProfile::empty(4, 5)?, &mut text)?;
/// assert!(text.ends_with(br#""lineNumber":0,"columnNumber":0},"children":[]}]"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write_nodes(source: &impl CpuProfileSource, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let nodes = nodes(source, &mut json)?;
    Ok(Written {
        bytes: json.finish()?,
        nodes,
        samples: 0,
    })
}

fn nodes<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<u64> {
    let mut ticks = Vec::new();
    let mut count = 0;
    json.begin_array();
    for step in TreeWalk::new(source) {
        let Step::Enter(node) = step else { continue };
        let frame = source.frame(node);
        json.begin_object();
        json.key("id");
        json.integer(source.node_id(node));
        json.key("hitCount");
        json.integer(source.hit_count(node));
        json.key("callFrame");
        json.begin_object();
        json.key("functionName");
        json.string(&frame.function_name);
        json.key("scriptId");
        json.integer(frame.script_id);
        json.key("bailoutReason");
        json.string(&frame.bailout_reason);
        json.key("url");
        json.string(&frame.url);
        json.key("lineNumber");
        json.integer(frame.line);
        json.key("columnNumber");
        json.integer(frame.column);
        source.line_ticks(node, &mut ticks);
        line_hits::write_if_any(&ticks, json);
        json.end_object();
        json.key("children");
        json.begin_array();
        for child in source.children(node) {
            json.integer(source.node_id(child));
            json.spill()?;
        }
        json.end_array();
        json.end_object();
        json.spill()?;
        count += 1;
    }
    json.end_array();
    Ok(count)
}
