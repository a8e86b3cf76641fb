//! The arrays of samples, alone or inside the three forms.

use std::io::Write;

use super::super::json::JsonWriter;
use super::super::Written;
use crate::model::{CpuProfileSource, Sample};
use crate::Result;

/// Writes `samples`: the node ids.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::{format::cpuprofile::timeline, model::{CpuProfile, Micros}};
/// let profile = CpuProfile::empty(Micros::from_micros(0), Micros::from_micros(0))?;
/// let mut text = Vec::new();
/// timeline::write_samples(&profile, &mut text)?;
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
pub fn write_time_deltas(source: &impl CpuProfileSource, sink: impl Write) -> Result<Written> {
    alone(source, sink, time_deltas)
}

/// Writes `timestamps`: microseconds on V8's monotonic clock.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
pub fn write_timestamps(source: &impl CpuProfileSource, sink: impl Write) -> Result<Written> {
    alone(source, sink, timestamps)
}

fn alone<S: CpuProfileSource, W: Write>(
    source: &S,
    sink: W,
    write: impl FnOnce(&S, &mut JsonWriter<W>) -> Result<u64>,
) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let samples = write(source, &mut json)?;
    json.finish()?;
    Ok(Written { nodes: 0, samples })
}

pub(super) fn samples<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<u64> {
    array(source, json, |sample| sample.node_id.get())
}

pub(super) fn time_deltas<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<u64> {
    let mut last = source.start_time();
    array(source, json, |sample| {
        sample.time.since(std::mem::replace(&mut last, sample.time)).as_micros()
    })
}

pub(super) fn timestamps<W: Write>(source: &impl CpuProfileSource, json: &mut JsonWriter<W>) -> Result<u64> {
    array(source, json, |sample| sample.time.as_micros())
}

/// Writes one value per sample. Returns the number of samples.
fn array<W: Write, T: itoa::Integer>(
    source: &impl CpuProfileSource,
    json: &mut JsonWriter<W>,
    mut value: impl FnMut(Sample) -> T,
) -> Result<u64> {
    json.array(|json| {
        for sample in source.samples() {
            json.integer(value(sample));
            json.spill()?;
        }
        Ok(source.sample_count() as u64)
    })
}
