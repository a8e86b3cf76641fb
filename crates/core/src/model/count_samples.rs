//! Hits counted from samples, for texts that have samples only.

use super::count::as_u32;
use super::{CpuProfileBuilder, LineTick, Sample};
use crate::Result;

impl CpuProfileBuilder {
    /// Replaces all hits by a count of the samples, and with `lines` (one per sample, from 1; 0 is unknown) all line
    /// hits as well.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`](crate::Error::TooLarge) when there are more than `u32::MAX` samples.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallFrame, CpuProfileBuilder, CpuProfileSource, Sample};
    /// let mut builder = CpuProfileBuilder::new();
    /// let root = builder.open_node()?;
    /// builder.fill_node(root, 1, &CallFrame::root(), 0, &[])?;
    /// builder.add_sample(Sample { node_id: 1, timestamp_us: 0 });
    /// builder.count_samples(&[])?;
    /// let profile = builder.finish(0, 1)?;
    /// assert_eq!(profile.hit_count(profile.root()), 1);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn count_samples(&mut self, lines: &[u32]) -> Result<()> {
        as_u32(self.samples.len(), "samples")?;
        for node in &mut self.nodes {
            node.hits = 0;
        }
        let numbers = &self.numbers;
        let number_of = |sample: &Sample| numbers.get(&sample.node_id).copied();
        for number in self.samples.iter().filter_map(number_of) {
            self.nodes[number as usize].hits += 1;
        }
        if lines.is_empty() {
            return Ok(());
        }
        let mut places: Vec<(u32, u32)> = std::iter::zip(&self.samples, lines)
            .filter(|(_, &line)| line > 0)
            .filter_map(|(sample, &line)| Some((number_of(sample)?, line)))
            .collect();
        places.sort_unstable();
        self.ticks.clear();
        for node in &mut self.nodes {
            (node.first_tick, node.ticks) = (0, 0);
        }
        for of_node in places.chunk_by(|a, b| a.0 == b.0) {
            let node = &mut self.nodes[of_node[0].0 as usize];
            node.first_tick = self.ticks.len() as u32;
            self.ticks
                .extend(of_node.chunk_by(|a, b| a.1 == b.1).map(|hits| LineTick {
                    line: hits[0].1,
                    ticks: hits.len() as u32,
                }));
            node.ticks = self.ticks.len() as u32 - node.first_tick;
        }
        Ok(())
    }
}
