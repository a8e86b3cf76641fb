//! What `Profiler.stop` of `node:inspector` gives, and `--cpu-prof` and Chrome DevTools save.
//!
//! Oddities: `scriptId` is text, lines and columns start at 0 with -1 for unknown (but `positionTicks` at 1), absolute
//! paths become file URLs, and `children`, `deoptReason` and `positionTicks` are there only when there is something.

use std::io::Write;

use super::super::json::JsonWriter;
use super::{timeline, FileUrlStyle, FileUrls, Written};
use crate::model::{CpuProfileSource, LineTick, Step, TreeWalk};
use crate::Result;

/// What differs between the inspectors of different Node versions.
///
/// ```
/// use rs_profiler_core::format::cpuprofile::{inspector::Options, FileUrlStyle};
/// assert_eq!(Options::default().file_urls, FileUrlStyle::CaretEncoded);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How absolute paths become URLs. Default is that of Node 24 and newer.
    pub file_urls: FileUrlStyle,
}

impl Options {
    /// Default options but for the style of file URLs.
    ///
    /// ```
    /// use rs_profiler_core::format::cpuprofile::{inspector::Options, FileUrlStyle};
    /// assert_eq!(Options::with_file_urls(FileUrlStyle::CaretKept).file_urls, FileUrlStyle::CaretKept);
    /// ```
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
/// use rs_profiler_core::{format::cpuprofile::inspector, model::CpuProfile};
/// let mut text = Vec::new();
/// inspector::write(&CpuProfile::empty(4, 5)?, inspector::Options::default(), &mut text)?;
/// assert!(text.ends_with(br#""startTime":4,"endTime":5,"samples":[],"timeDeltas":[]}"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(source: &impl CpuProfileSource, options: Options, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    json.begin_object();
    json.key("nodes");
    let nodes = nodes(source, options, &mut json)?;
    json.key("startTime");
    json.integer(source.start_time_us());
    json.key("endTime");
    json.integer(source.end_time_us());
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
/// use rs_profiler_core::{format::cpuprofile::inspector, model::CpuProfile};
/// let mut text = Vec::new();
/// inspector::write_nodes(&CpuProfile::empty(4, 5)?, inspector::Options::default(), &mut text)?;
/// assert!(text.ends_with(br#""columnNumber":-1},"hitCount":0}]"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write_nodes(source: &impl CpuProfileSource, options: Options, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let nodes = nodes(source, options, &mut json)?;
    Ok(Written {
        bytes: json.finish()?,
        nodes,
        samples: 0,
    })
}

fn nodes<W: Write>(source: &impl CpuProfileSource, options: Options, json: &mut JsonWriter<W>) -> Result<u64> {
    let mut urls = FileUrls::new(options.file_urls);
    let mut ticks = Vec::new();
    let mut count = 0;
    json.begin_array();
    for step in TreeWalk::new(source) {
        if let Step::Enter(node) = step {
            source.line_ticks(node, &mut ticks);
            write_node(source, node, &ticks, &mut urls, json)?;
            count += 1;
        }
    }
    json.end_array();
    Ok(count)
}

fn write_node<S: CpuProfileSource, W: Write>(
    source: &S,
    node: S::Node,
    ticks: &[LineTick],
    urls: &mut FileUrls,
    json: &mut JsonWriter<W>,
) -> Result<()> {
    let frame = source.frame(node);
    json.begin_object();
    json.key("id");
    json.integer(source.node_id(node));
    json.key("callFrame");
    json.begin_object();
    json.key("functionName");
    json.string(&frame.function_name);
    json.key("scriptId");
    json.quoted_integer(frame.script_id);
    json.key("url");
    json.string(urls.url_of(&frame.url));
    json.key("lineNumber");
    json.integer(frame.line.wrapping_sub(1));
    json.key("columnNumber");
    json.integer(frame.column.wrapping_sub(1));
    json.end_object();
    json.key("hitCount");
    json.integer(source.hit_count(node));
    if source.child_count(node) > 0 {
        json.key("children");
        json.begin_array();
        for child in source.children(node) {
            json.integer(source.node_id(child));
            json.spill()?;
        }
        json.end_array();
    }
    if !matches!(&*frame.bailout_reason, "" | "no reason") {
        json.key("deoptReason");
        json.string(&frame.bailout_reason);
    }
    if !ticks.is_empty() {
        json.key("positionTicks");
        json.begin_array();
        for tick in ticks {
            json.begin_object();
            json.key("line");
            json.integer(tick.line);
            json.key("ticks");
            json.integer(tick.ticks);
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
    json.spill()
}
