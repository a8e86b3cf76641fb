//! Whether two snapshots are of one process, so that ids tell which object is which.

use std::collections::HashMap;

use super::stop::AnalysisOptions;
use crate::model::heap::{HeapGraph, NodeIndex, NodeKind};

/// Ids that are compared.
const SAMPLE: usize = 50_000;

/// Whether ids mean the same in both: the objects that share an id nearly all have the same type, and name. Those of a child
/// that is gone mean nothing later, however many look the same.
pub(super) fn is_same_process(base: &HeapGraph, later: &HeapGraph, options: &AnalysisOptions<'_>) -> bool {
    if base.has_passing_ids() {
        return false;
    }
    // V8's own ids are odd; those of the embedder may be reused.
    let is_fit = |graph: &HeapGraph, node: NodeIndex| {
        let kind = graph.kind(node);
        graph.id(node).0 % 2 == 1 && kind != NodeKind::SYNTHETIC && kind != NodeKind::HIDDEN
    };
    let step = (base.node_count() as usize).div_ceil(SAMPLE).max(1);
    let sampled = base.nodes().filter(|&node| is_fit(base, node)).step_by(step);
    let sample: HashMap<u32, NodeIndex> = sampled.map(|node| (base.id(node).0, node)).collect();
    let (mut shared, mut equal) = (0u64, 0u64);
    for node in options.wanted(later.nodes()) {
        if let Some(&old) = sample.get(&later.id(node).0) {
            shared += 1;
            let same = base.kind(old) == later.kind(node) && base.name_bytes(old) == later.name_bytes(node);
            equal += u64::from(same);
        }
    }
    shared > 0 && equal * 100 >= shared * 97
}
