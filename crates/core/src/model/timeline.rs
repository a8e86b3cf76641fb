//! The samples of a profile: eight bytes each, found in constant time.
//!
//! Times are offsets from the earliest time of their block of 256 samples. A block would have to span more than 71
//! minutes for an offset not to fit in 32 bits; then, and only then, the whole row is kept in 64 bits.

use super::{CpuProfileSource, Micros, NodeId, Sample, SampleIndex};

const BLOCK: usize = 256;

/// Node ids and times of all samples.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    node_ids: Box<[NodeId]>,
    times: Times,
}

#[derive(Debug, Clone)]
enum Times {
    Packed { bases: Box<[i64]>, offsets: Box<[u32]> },
    Wide(Box<[Micros]>),
}

impl Timeline {
    /// Copies the samples of `source`.
    pub(super) fn copy_of(source: &impl CpuProfileSource) -> Self {
        Timeline {
            node_ids: source.samples().map(|sample| sample.node_id).collect(),
            times: packed_times(source)
                .unwrap_or_else(|| Times::Wide(source.samples().map(|sample| sample.time).collect())),
        }
    }

    /// How many samples there are.
    pub(super) fn len(&self) -> usize {
        self.node_ids.len()
    }

    /// A sample; one of node 0 at time 0 when there is none.
    pub(super) fn get(&self, index: SampleIndex) -> Sample {
        let index = index.get();
        let time = match &self.times {
            Times::Packed { bases, offsets } => bases
                .get(index / BLOCK)
                .zip(offsets.get(index))
                .map(|(base, &offset)| Micros::from_micros(base + i64::from(offset))),
            Times::Wide(times) => times.get(index).copied(),
        };
        Sample {
            node_id: self.node_ids.get(index).copied().unwrap_or(NodeId::new(0)),
            time: time.unwrap_or_default(),
        }
    }
}

/// The packed times, or nothing when a block spans too much time.
fn packed_times(source: &impl CpuProfileSource) -> Option<Times> {
    let count = source.sample_count();
    let time = |index| source.sample(SampleIndex::new(index)).time.as_micros();
    let mut bases = Vec::with_capacity(count.div_ceil(BLOCK));
    let mut offsets = Vec::with_capacity(count);
    for start in (0..count).step_by(BLOCK) {
        let block = start..count.min(start + BLOCK);
        let base = block.clone().map(time).min()?;
        bases.push(base);
        for index in block {
            offsets.push(u32::try_from(time(index).checked_sub(base)?).ok()?);
        }
    }
    Some(Times::Packed {
        bases: bases.into_boxed_slice(),
        offsets: offsets.into_boxed_slice(),
    })
}
