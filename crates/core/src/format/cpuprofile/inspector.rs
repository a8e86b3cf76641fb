//! What `Profiler.stop` of `node:inspector` gives, and `--cpu-prof` and Chrome DevTools save.
//!
//! Oddities: `scriptId` is text, lines and columns start at 0 with -1 for unknown (but `positionTicks` at 1), absolute
//! paths become file URLs, and `children`, `deoptReason` and `positionTicks` are there only when there is something.

use std::io::Write;

use super::super::call_frame::{self, Dialect};
use super::super::json::JsonWriter;
use super::super::Written;
use super::file_url::FileUrls;
use super::{child_ids, each_node, line_hits, timeline, FileUrlStyle};
use crate::model::{CpuProfileSource, LineTick};
use crate::Result;

/// What differs between the inspectors of different Node versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How absolute paths become URLs. Default is that of Node 24 and newer.
    pub file_urls: FileUrlStyle,
}

impl Options {
    /// Default options but for the style of file URLs.
    pub fn with_file_urls(file_urls: FileUrlStyle) -> Self {
        Options { file_urls }
    }
}

/// Writes the whole text: `nodes, startTime, endTime, samples, timeDeltas`.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::inspector, model::{CpuProfile, Micros}};
/// let profile = CpuProfile::empty(Micros::from_micros(4), Micros::from_micros(5))?;
/// let mut text = Vec::new();
/// inspector::write(&profile, inspector::Options::default(), &mut text)?;
/// assert!(text.ends_with(br#""hitCount":0}],"startTime":4,"endTime":5,"samples":[],"timeDeltas":[]}"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(source: &impl CpuProfileSource, options: Options, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let written = json.object(|json| {
        json.key("nodes");
        let nodes = nodes(source, options, json)?;
        json.key("startTime").integer(source.start_time().as_micros());
        json.key("endTime").integer(source.end_time().as_micros());
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
pub fn write_nodes(source: &impl CpuProfileSource, options: Options, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let nodes = nodes(source, options, &mut json)?;
    json.finish()?;
    Ok(Written { nodes, samples: 0 })
}

fn nodes<W: Write>(source: &impl CpuProfileSource, options: Options, json: &mut JsonWriter<W>) -> Result<u64> {
    let mut urls = FileUrls::new(options.file_urls);
    each_node(source, json, |node, ticks, json| {
        fields(source, node, ticks, &mut urls, json)
    })
}

fn fields<S: CpuProfileSource, W: Write>(
    source: &S,
    node: S::Node,
    ticks: &[LineTick],
    urls: &mut FileUrls,
    json: &mut JsonWriter<W>,
) -> Result<()> {
    let frame = source.frame(node);
    json.key("id").integer(source.node_id(node).get());
    json.key("callFrame").object(|json| {
        call_frame::write(&frame, urls.url_of(&frame.url), Dialect::Inspector, json, |_| ());
    });
    json.key("hitCount").integer(source.hit_count(node));
    if source.child_count(node) > 0 {
        json.key("children");
        child_ids(source, node, json)?;
    }
    if !matches!(&*frame.bailout_reason, "" | "no reason") {
        json.key("deoptReason").string(&frame.bailout_reason);
    }
    line_hits::write_if_any("positionTicks", "ticks", ticks, json);
    Ok(())
}
