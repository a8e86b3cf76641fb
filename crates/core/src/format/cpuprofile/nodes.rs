//! v8-profiler-next's type 1: a list of nodes, as the inspector has it but not quite.
//!
//! Oddities: lines and columns start at 1, paths stay paths, `bailoutReason` and line hits stand inside `callFrame`.

use std::io::Write;

use super::super::call_frame::{self, Dialect};
use super::super::json::JsonWriter;
use super::super::Written;
use super::{child_ids, each_node, line_hits, timeline, ProfileHeader};
use crate::model::{CpuProfileSource, LineTick};
use crate::Result;

/// Writes the whole text: `typeId, uid, title, nodes, startTime, endTime, samples, timeDeltas`.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::{nodes, ProfileHeader}, model::{CpuProfile, Micros}};
/// let profile = CpuProfile::empty(Micros::from_micros(4), Micros::from_micros(5))?;
/// let header = ProfileHeader { type_id: "CPU", uid: "0", title: "mine", start_time: 4, end_time: 5 };
/// let mut text = Vec::new();
/// nodes::write(&profile, &header, &mut text)?;
/// assert!(text.starts_with(br#"{"typeId":"CPU","uid":"0","title":"mine","nodes":[{"id":1,"hitCount":0,"callFrame":"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(source: &impl CpuProfileSource, header: &ProfileHeader<'_>, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let written = json.object(|json| {
        header.write_names(json);
        json.key("nodes");
        let nodes = nodes(source, json)?;
        header.write_times(json);
        json.key("samples");
        let samples = timeline::samples(source, json)?;
        json.key("timeDeltas");
        timeline::time_deltas(source, json)?;
        Ok(Written { nodes, samples })
    })?;
    json.finish()?;
    Ok(written)
}

/// Writes the value of `nodes` alone.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
pub fn write_nodes(source: &impl CpuProfileSource, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let nodes = nodes(source, &mut json)?;
    json.finish()?;
    Ok(Written { nodes, samples: 0 })
}

fn nodes<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<u64> {
    each_node(source, json, |node, ticks, json| fields(source, node, ticks, json))
}

fn fields<S: CpuProfileSource, W: Write>(
    source: &S,
    node: S::Node,
    ticks: &[LineTick],
    json: &mut JsonWriter<W>,
) -> Result<()> {
    let frame = source.frame(node);
    json.key("id").integer(source.node_id(node).get());
    json.key("hitCount").integer(source.hit_count(node));
    json.key("callFrame").object(|json| {
        call_frame::write(&frame, &frame.url, Dialect::Profiler, json, |json| {
            json.key("bailoutReason").string(&frame.bailout_reason);
        });
        line_hits::write_line_ticks(ticks, json);
    });
    json.key("children");
    child_ids(source, node, json)
}
