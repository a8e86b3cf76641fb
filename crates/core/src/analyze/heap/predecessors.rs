//! Who keeps a node alive, for nodes that more than one edge keeps: the reverse of the essential edges.
//!
//! A node with one essential edge into it is dominated by where that comes from; most nodes are such, and the lists leave
//! them out. Rule 4b (edges from outside into what the page owns) is left to the reader of the lists, since these are
//! made while that is still being found out.

use super::bits::{Bits, Ranks};
use super::stop::AnalysisOptions;
use crate::model::heap::{Edge, HeapGraph};
use crate::Result;

pub(super) struct Predecessors {
    /// Nodes that have a list: a quarter to a third of all.
    many: Bits,
    ranks: Ranks,
    /// Where each list begins, by rank of its node among those; one more than there are lists.
    first: Vec<u32>,
    sources: Vec<u32>,
}

/// Whether `edge` keeps its target alive, by all rules but 4b. `from` is the node that it belongs to.
#[inline]
pub(super) fn is_essential(graph: &HeapGraph, root: u32, from: u32, edge: Edge) -> bool {
    if edge.to == from {
        return false;
    }
    edge.is_plain() || is_special_essential(graph, root, from, edge)
}

#[cold]
fn is_special_essential(graph: &HeapGraph, root: u32, from: u32, edge: Edge) -> bool {
    if edge.is_weak() {
        return false;
    }
    if edge.is_weak_pair() {
        // The table does not keep the values of its entries; the keys do.
        let table = graph.weak_pair(edge).and_then(|name| name.table);
        return table.is_none() || table != graph.ids().get(from as usize).copied();
    }
    from == root
}

impl Predecessors {
    /// Linear in nodes and edges, twice over the edges.
    pub(super) fn find(graph: &HeapGraph, options: &AnalysisOptions<'_>) -> Result<Predecessors> {
        let nodes = graph.node_count() as usize;
        let mut counts = vec![0u32; nodes];
        each_essential(graph, options, |_, to| counts[to as usize] += 1)?;
        let mut many = Bits::new(nodes);
        for (node, _) in (0..).zip(&counts).filter(|&(_, &count)| count > 1) {
            many.add(node);
        }
        let ranks = Ranks::new(&many);
        let mut first = Vec::with_capacity(ranks.total() + 1);
        let mut sum = 0;
        for &count in counts.iter().filter(|&&count| count > 1) {
            sum += count;
            // The end of the list; filling moves it to the beginning.
            first.push(sum);
        }
        first.push(sum);
        drop(counts);
        let mut sources = vec![0u32; sum as usize];
        each_essential(graph, options, |from, to| {
            if many.has(to) {
                let place = &mut first[ranks.of(&many, to)];
                *place -= 1;
                sources[*place as usize] = from;
            }
        })?;
        Ok(Predecessors {
            many,
            ranks,
            first,
            sources,
        })
    }

    /// Replaces each source of an essential edge by `renumber(source, target)`.
    pub(super) fn renumber(&mut self, renumber: impl Fn(u32, u32) -> u32) {
        for (target, bounds) in self.many.members().zip(self.first.windows(2)) {
            let sources = self.sources.get_mut(bounds[0] as usize..bounds[1] as usize);
            for source in sources.unwrap_or_default() {
                *source = renumber(*source, target);
            }
        }
    }

    /// The sources of essential edges into `node`, if there is more than one edge.
    #[inline]
    pub(super) fn of(&self, node: u32) -> &[u32] {
        if !self.many.has(node) {
            return &[];
        }
        let rank = self.ranks.of(&self.many, node);
        match self.first.get(rank..rank + 2) {
            Some(&[start, end]) => self.sources.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

#[inline(always)]
fn each_essential(graph: &HeapGraph, options: &AnalysisOptions<'_>, mut take: impl FnMut(u32, u32)) -> Result<()> {
    let (root, edges) = (graph.root().0, graph.all_edges());
    for (from, bounds) in graph.first_edges().windows(2).enumerate() {
        let from = from as u32;
        if from.is_multiple_of(1 << 16) {
            options.check()?;
        }
        for &edge in edges.get(bounds[0] as usize..bounds[1] as usize).unwrap_or_default() {
            if is_essential(graph, root, from, edge) {
                take(from, edge.to);
            }
        }
    }
    Ok(())
}
