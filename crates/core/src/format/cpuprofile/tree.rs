//! The nested tree of v8-profiler, and v8-profiler-next's type 0.
//!
//! Oddities: lines and columns start at 1, times are whole seconds while `timestamps` are microseconds, and `lineTicks`
//! comes after `children`, so a node is closed only when its whole subtree is written. `columnNumber` is
//! v8-profiler-next's, `callUID` is v8-profiler's; ours has both.

use std::io::Write;

use super::super::call_frame::{self, Dialect};
use super::super::json::JsonWriter;
use super::super::{nested, Written};
use super::function_uid::function_uid;
use super::{line_hits, timeline, ProfileHeader};
use crate::model::{CpuProfileSource, Micros};
use crate::Result;

/// Writes the whole text: `typeId, uid, title, head, startTime, endTime, samples, timestamps`.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::{tree, ProfileHeader}, model::{CpuProfile, Micros}};
/// let profile = CpuProfile::empty(Micros::from_micros(4), Micros::from_micros(5))?;
/// let header = ProfileHeader { type_id: "CPU", uid: "0", title: "mine", start_time: 70, end_time: 80 };
/// let mut text = Vec::new();
/// tree::write(&profile, &header, &mut text)?;
/// assert!(text.ends_with(br#""children":[]},"startTime":70,"endTime":80,"samples":[],"timestamps":[]}"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(source: &impl CpuProfileSource, header: &ProfileHeader<'_>, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let written = json.object(|json| {
        header.write_names(json);
        json.key("head");
        let nodes = head(source, json)?;
        header.write_times(json);
        json.key("samples");
        let samples = timeline::samples(source, json)?;
        json.key("timestamps");
        timeline::timestamps(source, json)?;
        Ok(Written { nodes, samples })
    })?;
    json.finish()?;
    Ok(written)
}

/// `startTime` and `endTime` of this form: whole seconds; a time that is 0 then gives way to its wall-clock time in milliseconds
/// (start, end), as in v8-profiler.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::tree, model::{CpuProfile, Micros}};
/// let profile = CpuProfile::empty(Micros::from_micros(999_999), Micros::from_micros(2_000_001))?;
/// assert_eq!(tree::times(&profile, (17, 18)), (17, 2));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn times(source: &impl CpuProfileSource, wall_clock_ms: (i64, i64)) -> (i64, i64) {
    let seconds_or = |time: Micros, wall_clock_ms| match time.as_micros() / 1_000_000 {
        0 => wall_clock_ms,
        seconds => seconds,
    };
    (
        seconds_or(source.start_time(), wall_clock_ms.0),
        seconds_or(source.end_time(), wall_clock_ms.1),
    )
}

/// Writes the value of `head` alone.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
pub fn write_head(source: &impl CpuProfileSource, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let nodes = head(source, &mut json)?;
    json.finish()?;
    Ok(Written { nodes, samples: 0 })
}

fn head<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<u64> {
    let mut ticks = Vec::new();
    nested::write(
        source,
        json,
        |node, json| {
            let frame = source.frame(node);
            json.key("functionName").string(&frame.function_name);
            call_frame::place(&frame, &frame.url, Dialect::Profiler, json);
            json.key("callUID").integer(function_uid(&frame));
            json.key("bailoutReason").string(&frame.bailout_reason);
            json.key("id").integer(source.node_id(node).get());
            json.key("scriptId").integer(frame.script_id.get());
            json.key("hitCount").integer(source.hit_count(node));
        },
        |node, json| {
            source.line_ticks(node, &mut ticks);
            line_hits::write_line_ticks(&ticks, json);
        },
    )
}
