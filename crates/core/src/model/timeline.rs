//! The samples of a profile: eight bytes each, found in constant time.
//!
//! Times are offsets from the earliest time of their block of 256 samples. A block would have to span more than 71
//! minutes for an offset not to fit in 32 bits; then, and only then, the whole row is kept in 64 bits.

use super::{CpuProfileSource, Sample};

const BLOCK: usize = 256;

/// Node ids and times of all samples.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    node_ids: Box<[u32]>,
    times: Times,
}

#[derive(Debug, Clone)]
enum Times {
    Packed { bases: Box<[i64]>, offsets: Box<[u32]> },
    Wide(Box<[i64]>),
}

impl Timeline {
    /// Copies the samples of `source`.
    pub(super) fn copy_of(source: &impl CpuProfileSource) -> Self {
        let count = source.sample_count();
        Timeline {
            node_ids: (0..count).map(|index| source.sample(index).node_id).collect(),
            times: packed_times(source, count)
                .unwrap_or_else(|| Times::Wide((0..count).map(|index| source.sample(index).timestamp_us).collect())),
        }
    }

    /// How many samples there are.
    pub(super) fn len(&self) -> usize {
        self.node_ids.len()
    }

    /// Sample number `index`; a sample of node 0 at time 0 when there is none.
    pub(super) fn get(&self, index: usize) -> Sample {
        let time = match &self.times {
            Times::Packed { bases, offsets } => bases
                .get(index / BLOCK)
                .zip(offsets.get(index))
                .map(|(base, &offset)| base + i64::from(offset)),
            Times::Wide(times) => times.get(index).copied(),
        };
        Sample {
            node_id: self.node_ids.get(index).copied().unwrap_or(0),
            timestamp_us: time.unwrap_or(0),
        }
    }

    /// Bytes on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        std::mem::size_of_val(&*self.node_ids)
            + match &self.times {
                Times::Packed { bases, offsets } => std::mem::size_of_val(&**bases) + std::mem::size_of_val(&**offsets),
                Times::Wide(times) => std::mem::size_of_val(&**times),
            }
    }
}

/// The packed times, or nothing when a block spans too much time.
fn packed_times(source: &impl CpuProfileSource, count: usize) -> Option<Times> {
    let mut bases = Vec::with_capacity(count.div_ceil(BLOCK));
    let mut offsets = Vec::with_capacity(count);
    for start in (0..count).step_by(BLOCK) {
        let block = start..count.min(start + BLOCK);
        let base = block.clone().map(|index| source.sample(index).timestamp_us).min()?;
        bases.push(base);
        for index in block {
            offsets.push(u32::try_from(source.sample(index).timestamp_us.checked_sub(base)?).ok()?);
        }
    }
    Some(Times::Packed {
        bases: bases.into_boxed_slice(),
        offsets: offsets.into_boxed_slice(),
    })
}
