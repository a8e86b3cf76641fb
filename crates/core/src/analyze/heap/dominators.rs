//! Dominators: of two objects, whether every way from the root to one leads through the other.
//!
//! Semi-NCA (Georgiadis, Tarjan, Werneck: Finding Dominators in Practice, 2006): Lengauer and Tarjan's semidominators
//! with path compression, then each dominator as the nearest common ancestor of parent and semidominator. O(m log n) for
//! the first part; the second is quadratic at worst and linear on every heap seen. Chosen because it makes one pass over
//! the predecessors and needs few arrays. Most nodes have their parent for semidominator; the others' wait on a stack.

use super::bits::Bits;
use super::depth_first::{is_cut, DepthFirst};
use super::predecessors::Predecessors;
use super::stop::AnalysisOptions;
use crate::model::heap::HeapGraph;
use crate::Result;

/// The immediate dominator of each node, both by number in depth-first order, and the nodes by number. The root's is
/// itself.
pub(super) fn dominators(
    graph: &HeapGraph,
    depth_first: DepthFirst,
    mut predecessors: Predecessors,
    options: &AnalysisOptions<'_>,
) -> Result<DominatorsByNumber> {
    let DepthFirst {
        vertex,
        number,
        parent,
        page,
    } = depth_first;
    let root = graph.root().0;
    // From here on all is in numbers. An edge that rule 4b cuts becomes a loop, which says nothing.
    predecessors.renumber(|source, target| match is_cut(&page, root, source, target) {
        true => number[target as usize],
        false => number[source as usize],
    });
    drop((number, page));
    let mut forest = Forest::new(&parent);
    // Semidominators that are not the parent, from the last node to the first, and whose they are.
    let mut semis = Vec::new();
    let mut has_semi = Bits::new(vertex.len());
    for current in (1..vertex.len() as u32).rev() {
        if current.is_multiple_of(1 << 16) {
            options.check()?;
        }
        let mut lowest = parent[current as usize];
        for &source in predecessors.of(vertex[current as usize]) {
            let candidate = if source <= current {
                source
            } else {
                forest.lowest_semi(source, current)
            };
            lowest = lowest.min(candidate);
        }
        if lowest != parent[current as usize] {
            semis.push(lowest);
            has_semi.add(current);
        }
        forest.links[current as usize].lowest = lowest;
    }
    drop((predecessors, forest));
    let mut dominator = parent;
    // From the first to the last, so that each finds its own on top of the stack.
    for current in has_semi.members() {
        if current.is_multiple_of(1 << 16) {
            options.check()?;
        }
        let semi = semis.pop().unwrap_or(0);
        let mut candidate = dominator[current as usize];
        while candidate > semi {
            candidate = dominator[candidate as usize];
        }
        dominator[current as usize] = candidate;
    }
    Ok(DominatorsByNumber { vertex, dominator })
}

/// The dominator tree in depth-first numbers.
pub(super) struct DominatorsByNumber {
    /// Nodes by number.
    pub(super) vertex: Vec<u32>,
    /// The number of the immediate dominator, by number: always a lower one.
    pub(super) dominator: Vec<u32>,
}

/// The nodes that were numbered so far, from the last down, as a forest with compressed paths.
struct Forest {
    links: Vec<Link>,
    path: Vec<u32>,
}

/// Both halves are asked for together, so they lie together.
#[derive(Clone, Copy)]
struct Link {
    ancestor: u32,
    /// The lowest semidominator on the compressed part of the path.
    lowest: u32,
}

impl Forest {
    fn new(parent: &[u32]) -> Forest {
        let links = parent.iter().map(|&ancestor| Link { ancestor, lowest: 0 });
        Forest {
            links: links.collect(),
            path: Vec::new(),
        }
    }

    /// The lowest semidominator among `start` and its ancestors above `current`.
    #[inline]
    fn lowest_semi(&mut self, start: u32, current: u32) -> u32 {
        let Link { ancestor, lowest } = self.links[start as usize];
        match ancestor > current {
            true => self.compress(start, current),
            false => lowest,
        }
    }

    fn compress(&mut self, start: u32, current: u32) -> u32 {
        self.path.clear();
        let mut at = start;
        let top = loop {
            let link = self.links[at as usize];
            if link.ancestor <= current {
                break link;
            }
            self.path.push(at);
            at = link.ancestor;
        };
        // `top` is of the topmost; its own is complete.
        let mut lowest = top.lowest;
        while let Some(node) = self.path.pop() {
            let link = &mut self.links[node as usize];
            lowest = lowest.min(link.lowest);
            *link = Link {
                ancestor: top.ancestor,
                lowest,
            };
        }
        lowest
    }
}
