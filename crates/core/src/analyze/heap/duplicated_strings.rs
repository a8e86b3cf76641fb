//! Equal strings that are on the heap more than once.

use std::collections::hash_map::Entry;
use std::collections::HashMap;

use super::duplicates::{shown, DuplicatedString};
use super::stop::AnalysisOptions;
use super::HeapAnalysis;
use crate::model::heap::{EdgeKind, HeapGraph, NodeIndex, NodeKind, StringIndex};
use crate::Result;

/// Concatenated strings are compared by this many UTF-16 units, as V8 cuts other strings in a snapshot.
const LONGEST: usize = 1024;

impl HeapAnalysis {
    /// What [`Asking::duplicated_strings`](super::Asking::duplicated_strings) answers.
    pub(super) fn find_duplicated_strings(&self, options: &AnalysisOptions<'_>) -> Result<Vec<DuplicatedString>> {
        if let Some(found) = self.later.duplicates.get() {
            return found.rows(&self.graph, options);
        }
        let graph = &self.graph;
        let mut by_text: HashMap<&[u8], Vec<NodeIndex>> = HashMap::new();
        let (built, ropes) = self.concatenated(options);
        let counts = self.flat_counts();
        for &node in &built {
            by_text.entry(ropes.text(node)).or_default();
        }
        options.check()?;
        for node in options.wanted(graph.nodes()).filter(|&node| is_counted(graph, node)) {
            if graph.kind(node) != NodeKind::STRING {
                continue;
            }
            let name = graph.name_index(node);
            let text = graph.strings().bytes(name);
            let repeated = counts.get(name.0 as usize).is_some_and(|&count| count > 1);
            if repeated {
                by_text.entry(text).or_default().push(node);
            } else if let Some(nodes) = by_text.get_mut(text) {
                nodes.push(node);
            }
        }
        for &node in &built {
            by_text.entry(ropes.text(node)).or_default().push(node);
        }
        let mut rows: Vec<DuplicatedString> = options
            .wanted(by_text.into_iter())
            .filter(|(_, nodes)| nodes.len() > 1)
            .map(|(text, nodes)| self.duplicate(text, nodes))
            .collect();
        options.check()?;
        rows.sort_by(|a, b| b.shallow_size.cmp(&a.shallow_size).then_with(|| a.text.cmp(&b.text)));
        Ok(rows)
    }

    fn duplicate(&self, text: &[u8], mut nodes: Vec<NodeIndex>) -> DuplicatedString {
        nodes.sort_unstable();
        DuplicatedString {
            text: shown(text),
            shallow_size: nodes.iter().map(|&node| self.graph.self_size(node)).sum(),
            retained_size: nodes.iter().map(|&node| self.retained_size(node)).sum(),
            nodes,
        }
    }

    /// How often each text is the name of a flat string.
    fn flat_counts(&self) -> Vec<u32> {
        let graph = &self.graph;
        let mut counts = vec![0; graph.strings().len()];
        for node in graph.nodes().filter(|&node| is_counted(graph, node)) {
            if graph.kind(node) == NodeKind::STRING
                && let Some(count) = counts.get_mut(graph.name_index(node).0 as usize)
            {
                *count += 1;
            }
        }
        counts
    }

    /// Concatenated strings that are not flat, and their texts.
    fn concatenated(&self, options: &AnalysisOptions<'_>) -> (Vec<NodeIndex>, Ropes) {
        let graph = &self.graph;
        let names = HalfNames::find(graph);
        let nodes = options.wanted(graph.nodes());
        let built: Vec<NodeIndex> = nodes
            .filter(|&node| graph.kind(node) == NodeKind::CONS_STRING && is_counted(graph, node))
            .filter(|&node| !names.is_flat(graph, node))
            .collect();
        let mut ropes = Ropes::default();
        for &node in options.wanted(built.iter()) {
            ropes.build(graph, &names, node);
        }
        (built, ropes)
    }
}

fn is_counted(graph: &HeapGraph, node: NodeIndex) -> bool {
    graph.self_size(node) > 0
}

/// The numbers of the names of the two halves of a concatenated string.
struct HalfNames {
    first: Option<u32>,
    second: Option<u32>,
}

impl HalfNames {
    fn find(graph: &HeapGraph) -> HalfNames {
        let strings = graph.strings();
        let find = |text: &[u8]| {
            let mut all = 0..strings.len() as u32;
            all.find(|&index| strings.bytes(StringIndex(index)) == text)
        };
        HalfNames {
            first: find(b"first"),
            second: find(b"second"),
        }
    }

    fn half(&self, graph: &HeapGraph, node: NodeIndex, name: Option<u32>) -> Option<NodeIndex> {
        let mut edges = graph.edges_of(node.at()).iter();
        let edge = edges.find(|edge| edge.kind() == EdgeKind::Internal && Some(edge.packed_name()) == name)?;
        Some(NodeIndex(edge.to))
    }

    /// Whether one half is empty, which is how V8 leaves a concatenated string that it has flattened.
    fn is_flat(&self, graph: &HeapGraph, node: NodeIndex) -> bool {
        [self.first, self.second]
            .into_iter()
            .filter_map(|name| self.half(graph, node, name))
            .any(|half| graph.name_bytes(half).is_empty())
    }
}

/// The texts of concatenated strings, each made once of those of its halves, however deep they lie.
#[derive(Default)]
struct Ropes {
    /// Which text a string has.
    of: HashMap<u32, usize>,
    ropes: Vec<Rope>,
}

/// A text up to the limit.
#[derive(Default)]
struct Rope {
    text: Vec<u8>,
    /// The flat strings that it is made of, without empty ones.
    leaves: Vec<NodeIndex>,
    units: usize,
}

/// Stands for the text of a string that is still being made: one that leads back to itself, as only a damaged file has it.
const UNDER_WAY: usize = usize::MAX;

impl Ropes {
    fn text(&self, node: NodeIndex) -> &[u8] {
        let rope = self.of.get(&node.0).and_then(|&rope| self.ropes.get(rope));
        rope.map_or(&[], |rope| &rope.text)
    }

    /// Makes the text of `node` and of all concatenated strings below it.
    fn build(&mut self, graph: &HeapGraph, names: &HalfNames, node: NodeIndex) {
        let mut open = vec![(node, false)];
        while let Some((at, halves_done)) = open.pop() {
            let halves = [names.first, names.second].map(|name| names.half(graph, at, name));
            if halves_done {
                let rope = self.join(graph, halves);
                self.of.insert(at.0, rope);
            } else if let Entry::Vacant(new) = self.of.entry(at.0) {
                new.insert(UNDER_WAY);
                open.push((at, true));
                let cons = |half: &NodeIndex| graph.kind(*half) == NodeKind::CONS_STRING;
                open.extend(halves.into_iter().flatten().filter(cons).map(|half| (half, false)));
            }
        }
    }

    /// First half before second, up to the limit. A first half that is as long as that is the text itself.
    fn join(&mut self, graph: &HeapGraph, halves: [Option<NodeIndex>; 2]) -> usize {
        if let Some(&first) = halves[0].and_then(|half| self.of.get(&half.0))
            && self.ropes.get(first).is_some_and(|rope| rope.units >= LONGEST)
        {
            return first;
        }
        let mut joined = Rope::default();
        for half in halves.into_iter().flatten() {
            match (graph.kind(half), self.of.get(&half.0)) {
                (NodeKind::CONS_STRING, known) => {
                    let rope = known.and_then(|&rope| self.ropes.get(rope));
                    for &leaf in rope.map_or(&[][..], |rope| &rope.leaves) {
                        joined.push(graph, leaf);
                    }
                }
                _ => joined.push(graph, half),
            }
        }
        self.ropes.push(joined);
        self.ropes.len() - 1
    }
}

impl Rope {
    fn push(&mut self, graph: &HeapGraph, leaf: NodeIndex) {
        let text = graph.name_bytes(leaf);
        if self.units < LONGEST && !text.is_empty() {
            self.units += graph.name(leaf).encode_utf16().count();
            self.text.extend_from_slice(text);
            self.leaves.push(leaf);
        }
    }
}
