//! The statistics view: what kind of thing the bytes are.

use super::classes::is_counted;
use super::known::Known;
use crate::model::heap::{EdgeKind, HeapGraph, NodeIndex, NodeKind};

/// Bytes by kind, as DevTools' statistics show them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HeapStatistics {
    /// Everything: what the root retains, and bytes off the heap that V8 only counts.
    pub total: u64,
    /// Bytes off the JavaScript heap.
    pub native_total: u64,
    /// Of those: data of ArrayBuffers.
    pub typed_arrays: u64,
    /// Bytes of the JavaScript heap: `total - native_total`.
    pub v8_heap_total: u64,
    /// Of those: code, bytecode and what describes functions.
    pub code: u64,
    /// Of those: arrays with their elements.
    pub js_arrays: u64,
    /// Of those: strings of all kinds.
    pub strings: u64,
    /// Of those: V8's own objects.
    pub system: u64,
}

/// Native nodes, and what V8 only counts. Linear in nodes.
fn native_size(graph: &HeapGraph) -> u64 {
    let native = graph.nodes().filter(|&node| graph.kind(node) == NodeKind::NATIVE);
    graph.extra_native_bytes() + native.map(|node| graph.self_size(node)).sum::<u64>()
}

/// Sums up. `total` is what the root retains and the bytes that V8 only counts. Linear in nodes; arrays cost a look at
/// who else keeps their elements.
pub(super) fn statistics(graph: &HeapGraph, known: &Known, total: u64) -> HeapStatistics {
    let mut found = HeapStatistics {
        total,
        native_total: native_size(graph),
        ..HeapStatistics::default()
    };
    let mut elements = Vec::new();
    for node in graph.nodes() {
        let size = graph.self_size(node);
        match graph.kind(node) {
            NodeKind::NATIVE if known.array_buffer_data.contains(&graph.name_index(node).0) => {
                found.typed_arrays += size
            }
            NodeKind::NATIVE => {}
            NodeKind::HIDDEN => found.system += size,
            NodeKind::CODE => found.code += size,
            NodeKind::STRING | NodeKind::CONS_STRING | NodeKind::SLICED_STRING => found.strings += size,
            _ if known.array.contains(&graph.name_index(node).0) => {
                found.js_arrays += size;
                elements.extend(first_elements(graph, known, node));
            }
            _ => {}
        }
    }
    found.js_arrays += unshared(graph, elements);
    found.v8_heap_total = found.total.saturating_sub(found.native_total);
    found
}

fn first_elements(graph: &HeapGraph, known: &Known, node: NodeIndex) -> Option<u32> {
    let edges = graph.edges_of(node.at()).iter();
    edges
        .filter(|edge| edge.kind() == EdgeKind::Internal && !edge.is_weak_pair())
        .find(|edge| known.elements.contains(&edge.packed_name()))
        .map(|edge| edge.to)
}

/// Bytes of those that exactly one edge leads to. One pass over the edges, if any of them has bytes at all: owned
/// elements have none.
fn unshared(graph: &HeapGraph, mut elements: Vec<u32>) -> u64 {
    elements.retain(|&node| is_counted(graph, NodeIndex(node)));
    elements.sort_unstable();
    if elements.is_empty() {
        return 0;
    }
    let mut edges = vec![0u8; elements.len()];
    let mut wanted = super::bits::Bits::new(graph.node_count() as usize);
    for &node in &elements {
        wanted.add(node);
    }
    for edge in graph.all_edges() {
        if wanted.has(edge.to) {
            let start = elements.partition_point(|&node| node < edge.to);
            edges[start] = edges[start].saturating_add(1);
        }
    }
    let mut sum = 0;
    for (place, &node) in elements.iter().enumerate() {
        // Where an array of two is looked up, the count is with the first.
        let first = elements.partition_point(|&other| other < node);
        if edges[first] == 1 && place == first {
            sum += graph.self_size(NodeIndex(node));
        }
    }
    sum
}
