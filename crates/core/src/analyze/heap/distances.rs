//! Distances from the roots as DevTools counts them: breadth first, from what the program holds globally, then from the
//! rest.

use std::collections::HashSet;

use super::bits::Bits;
use super::known::Known;
use super::stop::AnalysisOptions;
use crate::model::heap::{Edge, HeapGraph, NodeIndex, NodeKind, StringIndex};
use crate::Result;

/// The distance of a node that nothing leads to.
pub(super) const NONE: i32 = -5;
/// What the distances of V8's own objects begin with.
pub(super) const SYSTEM: i32 = 100_000_000;

/// The distance of each node. Linear in nodes and edges.
pub(super) fn distances(
    graph: &HeapGraph,
    known: &Known,
    user_roots: &[NodeIndex],
    options: &AnalysisOptions<'_>,
) -> Result<Vec<i32>> {
    let mut search = Search::new(graph, known, options);
    // One that several edges of the root lead to is followed as often, which shows in WeakMap entries: DevTools' way.
    for &node in user_roots {
        search.visited.add(node.0);
        search.distances[node.at()] = 1;
        search.queue.push(node.0);
    }
    search.run(1)?;
    let root = graph.root();
    let start = if user_roots.is_empty() { 0 } else { SYSTEM };
    if root.0 < graph.node_count() {
        // The root may have been reached from a user root: then it is visited a second time, at its own distance.
        search.visited.add(root.0);
        search.distances[root.at()] = start;
        search.queue.push(root.0);
        search.run(start)?;
    }
    Ok(search.distances)
}

/// Edges from the root to each node. What only `last` groups of nodes lead to comes after all else, a group after the other,
/// with distances that begin at multiples of [`SYSTEM`]. Linear in nodes and edges.
pub(super) fn distances_with_last(graph: &HeapGraph, known: &Known, last: &[Vec<NodeIndex>]) -> Vec<i32> {
    let options = AnalysisOptions::default();
    let mut search = Search::new(graph, known, &options);
    for node in last.iter().flatten() {
        search.visited.add(node.0);
    }
    search.reach(graph.root().0, 0);
    // These options have nothing that ends a search early.
    let _whole = search.run(0);
    for (start, group) in (1..).map(|number| number * SYSTEM).zip(last) {
        for node in group {
            search.distances[node.at()] = start;
            search.queue.push(node.0);
        }
        let _whole = search.run(start);
    }
    search.distances
}

struct Search<'a> {
    graph: &'a HeapGraph,
    rules: FollowRules<'a>,
    options: &'a AnalysisOptions<'a>,
    distances: Vec<i32>,
    visited: Bits,
    /// What was reached and not followed yet, in order.
    queue: Vec<u32>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a HeapGraph, known: &'a Known, options: &'a AnalysisOptions<'a>) -> Self {
        let nodes = graph.node_count() as usize;
        Search {
            graph,
            rules: FollowRules::new(graph, known),
            options,
            distances: vec![NONE; nodes],
            visited: Bits::new(nodes),
            queue: Vec::new(),
        }
    }

    #[inline]
    fn reach(&mut self, node: u32, distance: i32) {
        if self.visited.add(node) {
            self.distances[node as usize] = distance;
            self.queue.push(node);
        }
    }

    /// Level by level, so that only two levels are held. What waits has the distance `distance`.
    fn run(&mut self, mut distance: i32) -> Result<()> {
        let mut level = Vec::new();
        while !self.queue.is_empty() {
            distance += 1;
            std::mem::swap(&mut level, &mut self.queue);
            for (done, &node) in level.iter().enumerate() {
                if done.is_multiple_of(1 << 16) {
                    self.options.check()?;
                }
                self.follow(node, distance);
            }
            level.clear();
        }
        Ok(())
    }

    #[inline]
    fn follow(&mut self, node: u32, distance: i32) {
        let special = self.rules.is_special_source(node);
        for &edge in self.graph.edges_of(node as usize) {
            if self.visited.has(edge.to) || edge.is_weak() {
                continue;
            }
            let plain = !special && !edge.is_weak_pair();
            if plain || self.rules.follows(node, edge) {
                self.reach(edge.to, distance);
            }
        }
    }
}

/// Which edges that are not weak are not followed either.
pub(super) struct FollowRules<'a> {
    graph: &'a HeapGraph,
    known: &'a Known,
    /// Native contexts and descriptor arrays.
    special: Bits,
    /// WeakMap entries of which one edge was met.
    pairs: HashSet<&'a [u8]>,
}

impl<'a> FollowRules<'a> {
    pub(super) fn new(graph: &'a HeapGraph, known: &'a Known) -> Self {
        let mut special = Bits::new(graph.node_count() as usize);
        for node in graph.nodes() {
            let names = match graph.kind(node) {
                NodeKind::HIDDEN => &known.native_context,
                NodeKind::ARRAY => &known.map_descriptors,
                _ => continue,
            };
            if names.contains(&graph.name_index(node).0) {
                special.add(node.0);
            }
        }
        FollowRules {
            graph,
            known,
            special,
            pairs: HashSet::new(),
        }
    }

    #[inline]
    pub(super) fn is_special_source(&self, node: u32) -> bool {
        self.special.has(node)
    }

    /// Whether an edge to a node not met before is followed. Asked once per such edge, in the order of the search: the
    /// first edge of a WeakMap entry is not, the second is, so that the value comes after both key and table.
    pub(super) fn follows(&mut self, from: u32, edge: Edge) -> bool {
        if self.special.has(from) {
            if self.graph.kind(NodeIndex(from)) == NodeKind::HIDDEN {
                let sloppy = &self.known.sloppy_function_map;
                if !edge.kind().is_numbered() && sloppy.contains(&edge.packed_name()) {
                    return false;
                }
            } else {
                // In descriptor arrays every third entry counts, but for the first two.
                return self.number(edge).is_none_or(|index| index < 2 || index % 3 != 1);
            }
        }
        match self.graph.weak_pair(edge) {
            Some(name) => self.pairs.remove(name.pair) || !self.pairs.insert(name.pair),
            None => true,
        }
    }

    /// What JavaScript's `parseInt` makes of the name of an edge.
    fn number(&self, edge: Edge) -> Option<u64> {
        if edge.kind().is_numbered() {
            return Some(u64::from(edge.packed_name()));
        }
        let text = self.graph.strings().bytes(StringIndex(edge.packed_name()));
        let text = text.trim_ascii_start();
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        std::str::from_utf8(&text[..digits]).ok()?.parse().ok()
    }
}
