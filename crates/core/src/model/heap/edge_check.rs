//! The pass over all edges when the texts are known: are their names there, and which are halves of WeakMap entries.

use super::weak_pair::WeakPairName;
use super::{Edge, EdgeKind, GraphFault, HeapStrings, StringIndex};

/// Checks the names of all edges and marks those that are halves of WeakMap entries.
pub(super) fn mark_weak_pairs(edges: &mut [Edge], strings: &HeapStrings, partial: bool) -> Result<(), GraphFault> {
    let mut pairs = vec![0u64; strings.len().div_ceil(64)];
    for index in 0..strings.len() {
        if WeakPairName::parse(strings.bytes(StringIndex(index as u32))).is_some() {
            pairs[index / 64] |= 1 << (index % 64);
        }
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let piece = edges.len().div_ceil(threads).max(1 << 16);
    let (pairs, count) = (&pairs, strings.len());
    std::thread::scope(|scope| {
        let workers: Vec<_> = edges
            .chunks_mut(piece)
            .enumerate()
            .map(|(number, edges)| scope.spawn(move || mark_piece(edges, number * piece, pairs, count, partial)))
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn mark_piece(edges: &mut [Edge], first: usize, pairs: &[u64], count: usize, partial: bool) -> Result<(), GraphFault> {
    for (index, edge) in edges.iter_mut().enumerate() {
        let kind = edge.kind();
        if kind.is_numbered() {
            continue;
        }
        let name = edge.packed_name() as usize;
        if name >= count {
            if partial {
                continue;
            }
            return Err(GraphFault::UnknownEdgeName {
                edge: (first + index) as u64,
                name: edge.packed_name(),
                strings: count as u64,
            });
        }
        if kind == EdgeKind::Internal && pairs[name / 64] & (1 << (name % 64)) != 0 {
            edge.mark_weak_pair();
        }
    }
    Ok(())
}
