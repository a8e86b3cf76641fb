//! The edges from below: which edges lead to each node. Made when first asked for; 4 bytes per node and per edge.

use crate::model::heap::{EdgeIndex, HeapGraph, NodeIndex};

#[derive(Debug)]
pub(super) struct Retainers {
    first: Vec<u32>,
    edges: Vec<u32>,
}

impl Retainers {
    /// Linear in nodes and edges.
    pub(super) fn new(graph: &HeapGraph) -> Retainers {
        let mut first = vec![0u32; graph.node_count() as usize + 1];
        for edge in graph.all_edges() {
            first[edge.to as usize] += 1;
        }
        let mut sum = 0;
        for slot in &mut first {
            // The end of each list; filling moves it to the beginning.
            sum += *slot;
            *slot = sum;
        }
        let mut edges = vec![0u32; graph.all_edges().len()];
        for (index, edge) in graph.all_edges().iter().enumerate().rev() {
            let place = &mut first[edge.to as usize];
            *place -= 1;
            edges[*place as usize] = index as u32;
        }
        Retainers { first, edges }
    }

    /// The edges that lead to `node`, in the order of the file.
    pub(super) fn of(&self, node: NodeIndex) -> impl Iterator<Item = EdgeIndex> + '_ {
        let list = match self.first.get(node.at()..node.at() + 2) {
            Some(&[start, end]) => self.edges.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        };
        list.iter().map(|&edge| EdgeIndex(edge))
    }
}

/// The node that an edge belongs to. Logarithmic in nodes.
pub(super) fn source(graph: &HeapGraph, edge: EdgeIndex) -> NodeIndex {
    let after = graph.first_edges().partition_point(|&first| first <= edge.0);
    NodeIndex(after.saturating_sub(1) as u32)
}

#[cfg(test)]
mod tests {
    use super::super::testing::random_graph;
    use super::*;

    #[test]
    fn lists_every_edge_once_where_it_leads() {
        for seed in 0..50 {
            let graph = random_graph(seed, 30, 80);
            let retainers = Retainers::new(&graph);
            for node in graph.nodes() {
                let naive: Vec<(NodeIndex, EdgeIndex)> = graph
                    .nodes()
                    .flat_map(|from| graph.edges(from).map(move |edge| (from, edge)))
                    .filter(|(_, edge)| edge.to == node)
                    .map(|(from, edge)| (from, edge.index))
                    .collect();
                let found: Vec<_> = retainers.of(node).map(|edge| (source(&graph, edge), edge)).collect();
                assert_eq!(found, naive);
            }
        }
    }
}
