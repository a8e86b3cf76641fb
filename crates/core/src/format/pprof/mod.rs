//! pprof's `profile.proto`, gzip-ed, as `go tool pprof` reads it.
//!
//! Values are called as DataDog's pprof-nodejs calls them: `sample` and `wall` of a CPU profile, `objects` (or `sample`)
//! and `space` of a sampling heap profile. Nodes with line hits become one sample per line, so that `list` and
//! `-lines` show where in a function the time went; other frames stand at the line of their function.

mod proto;
mod stacks;

use std::io::Write;

use flate2::write::GzEncoder;
use flate2::Compression;
use prost::Message;

use super::chunks::Chunks;
use crate::model::{CallTree, MetaFilter, Units};
use crate::Result;
use proto::{Profile, ValueType};
use stacks::Stacks;

/// Writes the whole file. Returns its length, compressed.
///
/// The message is made in memory: some 8 bytes per frame of each stack that has something itself.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::format::pprof;
/// use rs_profiler_core::model::{CallTree, CpuProfile, MetaFilter};
/// let tree = CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?;
/// let mut file = Vec::new();
/// pprof::write(&tree, MetaFilter::default(), &mut file)?;
/// assert_eq!(file[..2], [0x1f, 0x8b]);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(tree: &CallTree, options: MetaFilter, sink: impl Write) -> Result<u64> {
    let message = profile_of(tree, options).encode_to_vec();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // A Vec takes every byte, so there is no error to pass on.
    let compressed = encoder
        .write_all(&message)
        .and_then(|()| encoder.finish())
        .unwrap_or_default();
    debug_assert!(!compressed.is_empty());
    let mut file = Chunks::new(sink);
    for chunk in compressed.chunks(super::chunks::CHUNK) {
        file.buffer().extend_from_slice(chunk);
        file.spill()?;
    }
    file.finish()
}

/// Nanoseconds in a microsecond.
const NS_PER_US: u64 = 1_000;

fn profile_of(tree: &CallTree, options: MetaFilter) -> Profile {
    let (count, amount, factor) = match tree.units() {
        Units::SamplesAndMicroseconds => (("sample", "count"), ("wall", "nanoseconds"), NS_PER_US),
        Units::ObjectsAndBytes => (("objects", "count"), ("space", "bytes"), 1),
        Units::SamplesAndBytes => (("sample", "count"), ("space", "bytes"), 1),
    };
    let mut stacks = Stacks::new(tree, factor);
    let mut value_type = |(name, unit): (&str, &str)| ValueType {
        r#type: stacks.string(name),
        unit: stacks.string(unit),
    };
    let (count, amount) = (value_type(count), value_type(amount));
    stacks.add_all(options);
    let total = tree.total_weight(tree.root());
    Profile {
        default_sample_type: amount.r#type,
        period_type: Some(amount.clone()),
        period: signed(
            total
                .amount
                .saturating_mul(factor)
                .checked_div(total.count)
                .unwrap_or(0),
        ),
        duration_nanos: signed(tree.duration_us().saturating_mul(NS_PER_US)),
        sample_type: vec![count, amount],
        sample: stacks.samples,
        location: stacks.locations,
        function: stacks.functions,
        string_table: stacks.strings,
    }
}

/// pprof has signed numbers only.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
