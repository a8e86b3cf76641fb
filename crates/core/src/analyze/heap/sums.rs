//! Sums over the whole heap.

use super::statistics::{statistics, HeapStatistics};
use super::HeapAnalysis;

impl HeapAnalysis {
    /// Bytes of everything: what the root retains, and bytes off the heap that V8 only counts.
    pub fn total_size(&self) -> u64 {
        let retained = self.retained_size(self.graph.root());
        retained.saturating_add(self.graph.extra_native_bytes())
    }

    /// Of those, the ones off the JavaScript heap. The first call takes time linear in nodes.
    pub fn native_size(&self) -> u64 {
        self.statistics().native_total
    }

    /// Bytes by kind. The first call takes time linear in nodes.
    pub fn statistics(&self) -> HeapStatistics {
        let found = || statistics(&self.graph, &self.known, self.total_size());
        *self.later.statistics.get_or_init(found)
    }
}
