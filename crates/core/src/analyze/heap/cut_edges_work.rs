//! The search for nodes that rule 4b cuts off takes work linear in the graph, however many there are.

use super::depth_first::DepthFirst;
use super::known::Known;
use super::{roots, AnalysisOptions};
use crate::model::heap::work::lists_read;
use crate::model::heap::*;

/// `count` nodes of the page to which one essential edge leads, from a node outside: rule 4b cuts each of them off.
fn cut_off(count: u32) -> HeapGraph {
    let mut strings = HeapStrings::default();
    strings.push(b"");
    let mut builder = HeapGraphBuilder::default();
    let kinds = [NodeKind::SYNTHETIC, NodeKind::OBJECT, NodeKind::SYNTHETIC];
    let edges = [2, count, count];
    let all = kinds
        .into_iter()
        .zip(edges)
        .chain((0..count).map(|_| (NodeKind::OBJECT, 0)));
    for (id, (kind, edge_count)) in (0..).zip(all) {
        let record = NodeRecord {
            kind,
            name: 0,
            id: id * 2 + 1,
            self_size: 8,
            edge_count,
            detachedness: Detachedness::Unknown,
        };
        builder.push_node(record).unwrap();
    }
    // The root holds the page's root and the node outside.
    builder.push_edge(EdgeKind::Shortcut, 0, 1).unwrap();
    builder.push_edge(EdgeKind::Element, 0, 2).unwrap();
    for kind in [EdgeKind::Shortcut, EdgeKind::Property] {
        for node in 0..count {
            builder.push_edge(kind, 0, 3 + node).unwrap();
        }
    }
    builder.finish(strings, false).unwrap()
}

/// Lists of edges that the walk looks at.
fn work(count: u32) -> u64 {
    let graph = cut_off(count);
    let options = AnalysisOptions::default();
    let page_roots = roots::page_roots(&graph, &Known::find(&graph));
    lists_read(|| {
        let tree = DepthFirst::walk(&graph, &page_roots, &options).unwrap();
        assert!((3..3 + count).all(|node| tree.page.has(node) && tree.parent[tree.number[node as usize] as usize] == 0));
    })
}

#[test]
fn twice_as_many_cut_off_nodes_are_twice_the_work() {
    let [few, many] = [1_000, 2_000].map(work);
    assert!(few >= 1_000, "nothing is counted: {few}");
    assert!(many <= 2 * few, "{few} lists of edges become {many}");
}
