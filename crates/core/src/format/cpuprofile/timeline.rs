//! The arrays of samples, alone or inside the three forms.

use std::io::Write;

use super::super::json::JsonWriter;
use super::Written;
use crate::model::CpuProfileSource;
use crate::Result;

/// Writes `samples`: the node ids.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::timeline, model::CpuProfile};
/// let mut text = Vec::new();
/// timeline::write_samples(&CpuProfile::empty(0, 0)?, &mut text)?;
/// assert_eq!(text, b"[]");
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write_samples(source: &impl CpuProfileSource, sink: impl Write) -> Result<Written> {
    alone(source, sink, samples)
}

/// Writes `timeDeltas`: microseconds since the sample before, the first since the start of the profile.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::timeline, model::CpuProfile};
/// let mut text = Vec::new();
/// timeline::write_time_deltas(&CpuProfile::empty(0, 0)?, &mut text)?;
/// assert_eq!(text, b"[]");
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write_time_deltas(source: &impl CpuProfileSource, sink: impl Write) -> Result<Written> {
    alone(source, sink, time_deltas)
}

/// Writes `timestamps`: microseconds on V8's monotonic clock.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::timeline, model::CpuProfile};
/// let mut text = Vec::new();
/// timeline::write_timestamps(&CpuProfile::empty(0, 0)?, &mut text)?;
/// assert_eq!(text, b"[]");
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write_timestamps(source: &impl CpuProfileSource, sink: impl Write) -> Result<Written> {
    alone(source, sink, timestamps)
}

fn alone<S: CpuProfileSource, W: Write>(
    source: &S,
    sink: W,
    write: impl FnOnce(&S, &mut JsonWriter<W>) -> Result<()>,
) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    write(source, &mut json)?;
    Ok(Written {
        bytes: json.finish()?,
        nodes: 0,
        samples: source.sample_count() as u64,
    })
}

pub(super) fn samples<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<()> {
    array(source, json, |index| source.sample(index).node_id)
}

pub(super) fn time_deltas<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<()> {
    let mut last = source.start_time_us();
    array(source, json, |index| {
        let time = source.sample(index).timestamp_us;
        time.wrapping_sub(std::mem::replace(&mut last, time))
    })
}

pub(super) fn timestamps<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<()> {
    array(source, json, |index| source.sample(index).timestamp_us)
}

fn array<W: Write, T: itoa::Integer>(
    source: &impl CpuProfileSource,
    json: &mut JsonWriter<W>,
    mut value: impl FnMut(usize) -> T,
) -> Result<()> {
    json.begin_array();
    for index in 0..source.sample_count() {
        json.integer(value(index));
        json.spill()?;
    }
    json.end_array();
    Ok(())
}
