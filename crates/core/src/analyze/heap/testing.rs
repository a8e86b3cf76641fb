//! Small random graphs for the tests of this folder.

use crate::model::heap::*;

/// A graph of `nodes` nodes with up to `edges` edges of all kinds; node 0 is the root. The same seed, the same graph.
pub(super) fn random_graph(seed: u64, nodes: u32, edges: u32) -> HeapGraph {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut random = move |below: u32| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as u32 % below.max(1)
    };
    let kinds = [
        NodeKind::OBJECT,
        NodeKind::OBJECT,
        NodeKind::HIDDEN,
        NodeKind::ARRAY,
        NodeKind::SYNTHETIC,
        NodeKind::STRING,
        NodeKind::CLOSURE,
        NodeKind::NATIVE,
    ];
    let edge_kinds = [
        EdgeKind::Property,
        EdgeKind::Property,
        EdgeKind::Property,
        EdgeKind::Element,
        EdgeKind::Internal,
        EdgeKind::Internal,
        EdgeKind::Context,
        EdgeKind::Hidden,
        EdgeKind::Shortcut,
        EdgeKind::Weak,
    ];
    let mut strings = HeapStrings::default();
    let names = ["", "Object", "a", "b", "system / ExternalStringData", "Array"];
    for name in names {
        strings.push(name.as_bytes());
    }
    // Names of WeakMap entries with each of the first ids as table.
    for table in 0..4 {
        let name = format!(
            "{table} / part of key (K @1) -> value (V @2) pair in WeakMap (table @{})",
            table * 2 + 1
        );
        strings.push(name.as_bytes());
    }
    let texts = strings.len() as u32;
    let mut counts = vec![0u32; nodes as usize];
    for _ in 0..edges {
        counts[random(nodes) as usize] += 1;
    }
    let mut builder = HeapGraphBuilder::default();
    for node in 0..nodes {
        let kind = if node == 0 {
            NodeKind::SYNTHETIC
        } else {
            kinds[random(kinds.len() as u32) as usize]
        };
        let record = NodeRecord {
            kind,
            name: random(names.len() as u32),
            id: node * 2 + 1,
            self_size: u64::from(random(100)),
            edge_count: counts[node as usize],
            detachedness: Detachedness::Unknown,
        };
        builder.push_node(record).unwrap();
    }
    for _ in 0..counts.iter().sum() {
        let kind = edge_kinds[random(edge_kinds.len() as u32) as usize];
        let name = if kind.is_numbered() { random(9) } else { random(texts) };
        builder.push_edge(kind, name, random(nodes)).unwrap();
    }
    builder.finish(strings, false).unwrap()
}
