//! The pass over all edges when the texts are known: are their names there, and which are halves of WeakMap entries.

use std::sync::{Mutex, PoisonError};

use super::weak_pair::WeakPairName;
use super::{Edge, EdgeKind, GraphFault, HeapStrings, StringIndex};
use crate::thread;

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
    let (pairs, count, threads) = (&pairs, strings.len(), threads.min(edges.len().div_ceil(piece)));
    // Pieces are taken in order: of several faults the first one is among those that are found.
    let pieces = Mutex::new(edges.chunks_mut(piece).enumerate());
    let mark = || loop {
        let next = pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some((number, edges)) = next else { return Ok(()) };
        mark_piece(edges, number * piece, pairs, count, partial)?;
    };
    std::thread::scope(|scope| {
        // Where the system gives no thread, this one does it all.
        let others: Vec<_> = (1..threads).map_while(|_| thread::spawn(scope, mark).ok()).collect();
        let mut found = vec![mark()];
        for other in others {
            found.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        let first = found.into_iter().filter_map(Result::err).min_by_key(edge_of);
        first.map_or(Ok(()), Err)
    })
}

fn edge_of(fault: &GraphFault) -> u64 {
    match fault {
        GraphFault::UnknownEdgeName { edge, .. } => *edge,
        _ => 0,
    }
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
