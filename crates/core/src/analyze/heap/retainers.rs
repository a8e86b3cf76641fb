//! The edges from below: which edges lead to each node. Made when first asked for; 4 bytes per node and per edge.

use crate::model::heap::{Column, EdgeIndex, HeapGraph, Load, NodeIndex, Store};

/// Edges between two of which the nodes are known that they belong to.
const BLOCK: usize = 64;

#[derive(Debug)]
pub(super) struct Retainers {
    first: Column<u32>,
    edges: Column<u32>,
    /// For every [`BLOCK`]th edge, how many nodes begin their edges at or before it: so that the node that an edge belongs to
    /// is looked for among a few.
    begun: Column<u32>,
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
        Retainers {
            first: first.into(),
            edges: edges.into(),
            begun: begun(graph).into(),
        }
    }

    /// Brings lists longer than `short` into an order. Others are sorted soon enough when they are asked for.
    pub(super) fn sort_long_by_key<K: Ord>(&mut self, short: usize, key: impl Fn(&Retainers, EdgeIndex) -> K) {
        let mut edges = std::mem::take(self.edges.to_mut());
        for bounds in self.first.windows(2) {
            let list = edges
                .get_mut(bounds[0] as usize..bounds[1] as usize)
                .unwrap_or_default();
            if list.len() > short {
                list.sort_by_cached_key(|&edge| (key(self, EdgeIndex(edge)), edge));
            }
        }
        self.edges = edges.into();
    }

    /// The edges that lead to `node`, each once: in the order of the file, unless they were sorted.
    pub(super) fn of(&self, node: NodeIndex) -> impl Iterator<Item = EdgeIndex> + '_ {
        let list = match self.first.get(node.at()..node.at() + 2) {
            Some(&[start, end]) => self.edges.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        };
        list.iter().map(|&edge| EdgeIndex(edge))
    }

    /// The node that an edge of `graph` belongs to. Logarithmic in nodes at worst.
    pub(super) fn source(&self, graph: &HeapGraph, edge: EdgeIndex) -> NodeIndex {
        let firsts = graph.first_edges();
        let block = edge.0 as usize / BLOCK;
        let low = self.begun.get(block).map_or(0, |&begun| begun as usize);
        let high = self.begun.get(block + 1).map_or(firsts.len(), |&begun| begun as usize);
        let near = firsts.get(low..high).unwrap_or_default();
        let after = low + near.partition_point(|&first| first <= edge.0);
        NodeIndex(after.saturating_sub(1) as u32)
    }

    pub(super) fn store<'a>(&'a self, store: &mut Store<'a>) {
        store.column("into1st", &self.first);
        store.column("into", &self.edges);
        store.column("begun", &self.begun);
    }

    pub(super) fn load(load: &Load, graph: &HeapGraph) -> Option<Retainers> {
        Some(Retainers {
            first: load.column_of("into1st", graph.node_count() as usize + 1)?,
            edges: load.column_of("into", graph.edge_count() as usize)?,
            begun: load.column("begun")?,
        })
    }
}

fn begun(graph: &HeapGraph) -> Vec<u32> {
    let firsts = graph.first_edges();
    let mut begun = Vec::with_capacity(graph.all_edges().len() / BLOCK + 1);
    let mut nodes = 0;
    for edge in (0..graph.all_edges().len()).step_by(BLOCK) {
        let more = firsts.get(nodes..).unwrap_or_default();
        nodes += more.iter().take_while(|&&first| first as usize <= edge).count();
        begun.push(nodes as u32);
    }
    begun
}

#[cfg(test)]
mod tests {
    use super::super::testing::random_graph;
    use super::*;

    #[test]
    fn lists_every_edge_once_where_it_leads() {
        for seed in 0..50 {
            let (nodes, edges) = if seed % 2 == 0 { (30, 80) } else { (90, 1000) };
            let graph = random_graph(seed, nodes, edges);
            let retainers = Retainers::new(&graph);
            for node in graph.nodes() {
                let naive: Vec<(NodeIndex, EdgeIndex)> = graph
                    .nodes()
                    .flat_map(|from| graph.edges(from).map(move |edge| (from, edge)))
                    .filter(|(_, edge)| edge.to == node)
                    .map(|(from, edge)| (from, edge.index))
                    .collect();
                let found: Vec<_> = retainers
                    .of(node)
                    .map(|edge| (retainers.source(&graph, edge), edge))
                    .collect();
                assert_eq!(found, naive);
            }
        }
    }
}
