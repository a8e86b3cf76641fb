//! Names for plain objects: `{id, name, mail}`, inferred from the properties that many of them share.

use std::collections::{HashMap, HashSet};

use super::known::Known;
use crate::model::heap::{EdgeKind, HeapGraph, HeapStrings, NodeIndex, NodeKind, StringIndex};

/// Longest definition, in UTF-16 units.
const LONGEST: usize = 120;
/// A definition is kept if this part of all plain objects gave rise to it.
const RARE: u64 = 1000;
/// Sequences of properties that are remembered.
const REMEMBERED: usize = 1 << 16;

/// An inferred interface.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Interface {
    /// `{a, b}`, as shown.
    pub(super) name: String,
    /// How many plain objects gave rise to it.
    pub(super) count: u64,
    /// Its properties.
    pub(super) properties: Vec<StringIndex>,
}

/// The interfaces of a snapshot, the frequent first.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Interfaces {
    pub(super) definitions: Vec<Interface>,
}

/// Whether a node is a plain object.
fn is_plain(graph: &HeapGraph, known: &Known, node: NodeIndex) -> bool {
    graph.kind(node) == NodeKind::OBJECT && known.object.contains(&graph.name_index(node).0)
}

/// The names of the properties of `node`, `__proto__` included, into `into`.
fn properties(graph: &HeapGraph, node: NodeIndex, into: &mut Vec<u32>) {
    into.clear();
    let edges = graph.edges_of(node.at()).iter();
    into.extend(
        edges
            .filter(|edge| edge.kind() == EdgeKind::Property)
            .map(|edge| edge.packed_name()),
    );
}

/// How a property shows in a definition.
fn shown(strings: &HeapStrings, name: u32) -> String {
    let text = strings.text(StringIndex(name));
    if text.contains([',', '\'', '"', '{', '}']) {
        serde_json::to_string(&*text).unwrap_or_else(|_| text.into_owned())
    } else {
        text.into_owned()
    }
}

/// Properties such that the second of a name is another one than the first: two symbols may have one description.
fn told_apart(names: &mut [u32]) -> impl Iterator<Item = u64> + '_ {
    names.sort_unstable();
    let (mut last, mut before) = (None, 0);
    names.iter().map(move |&name| {
        before = if last == Some(name) { before + 1 } else { 0 };
        last = Some(name);
        before << 32 | u64::from(name)
    })
}

/// The text of a definition: `{a, b}`. After an empty name that comes first there is no comma, which is DevTools' way.
fn definition(strings: &HeapStrings, names: &[u32]) -> String {
    let mut text = String::from("{");
    for &name in names {
        if text.len() > 1 {
            text.push_str(", ");
        }
        text.push_str(&shown(strings, name));
    }
    text.push('}');
    text
}

#[derive(Default)]
struct Candidate {
    count: u64,
    first: u64,
    properties: Vec<u32>,
}

impl Interfaces {
    /// Infers the interfaces of the plain objects. Linear in their edges.
    pub(super) fn infer(graph: &HeapGraph, known: &Known) -> Interfaces {
        let mut widths: HashMap<u32, usize> = HashMap::new();
        let mut candidates: HashMap<Box<[u32]>, Candidate> = HashMap::new();
        let mut total = 0u64;
        let mut names = Vec::new();
        let mut kept = Vec::new();
        for node in graph.nodes().filter(|&node| is_plain(graph, known, node)) {
            total += 1;
            properties(graph, node, &mut names);
            kept.clear();
            let mut length = 1;
            for &name in &names {
                if known.proto.contains(&name) {
                    continue;
                }
                let width = *widths
                    .entry(name)
                    .or_insert_with(|| shown(graph.strings(), name).encode_utf16().count());
                if length > 1 && length + width > LONGEST {
                    break;
                }
                // The comma and space before are counted, but not weighed.
                length += width + if length > 1 { 2 } else { 0 };
                kept.push(name);
            }
            if kept.is_empty() {
                continue;
            }
            if let Some(candidate) = candidates.get_mut(&kept[..]) {
                candidate.count += 1;
            } else {
                let candidate = Candidate {
                    count: 1,
                    first: total,
                    properties: kept.clone(),
                };
                candidates.insert(kept.as_slice().into(), candidate);
            }
        }
        let strings = graph.strings();
        // Names are told apart by their text.
        let mut by_text: HashMap<String, Candidate> = HashMap::new();
        let threshold = total.div_ceil(RARE).max(2);
        let begins_empty = |names: &[u32]| {
            names
                .first()
                .is_some_and(|&name| strings.bytes(StringIndex(name)).is_empty())
        };
        // Whether different sequences may have one text.
        let repeats = known.object.len() > 1 || candidates.keys().any(|names| begins_empty(names));
        for candidate in candidates.into_values() {
            if candidate.count < threshold && !repeats {
                continue;
            }
            let text = definition(strings, &candidate.properties);
            let entry = by_text.entry(text).or_default();
            if entry.count == 0 || candidate.first < entry.first {
                entry.first = candidate.first;
                entry.properties = candidate.properties;
            }
            entry.count += candidate.count;
        }
        let mut sorted: Vec<(String, Candidate)> = by_text.into_iter().collect();
        sorted.retain(|(_, candidate)| candidate.count >= threshold);
        sorted.sort_by_key(|(_, candidate)| (std::cmp::Reverse(candidate.count), candidate.first));
        let definitions = sorted.into_iter().map(|(name, candidate)| Interface {
            name,
            count: candidate.count,
            properties: candidate.properties.into_iter().map(StringIndex).collect(),
        });
        Interfaces {
            definitions: definitions.collect(),
        }
    }

    /// A matcher to be asked for node after node.
    pub(super) fn matching<'a>(&'a self, graph: &'a HeapGraph, known: &'a Known) -> Matching<'a> {
        let mut postings: HashMap<u64, Vec<u32>> = HashMap::new();
        let mut sizes = Vec::new();
        let mut seen = HashSet::new();
        for (rank, definition) in (0..).zip(&self.definitions) {
            let mut names: Vec<u32> = definition.properties.iter().map(|name| name.0).collect();
            let set: Vec<u64> = told_apart(&mut names).collect();
            sizes.push(set.len() as u32);
            // Of definitions with the same properties the first counts.
            if !seen.insert(set.clone()) {
                continue;
            }
            for name in set {
                postings.entry(name).or_default().push(rank);
            }
        }
        Matching {
            graph,
            known,
            sizes,
            postings,
            hits: vec![0; self.definitions.len()],
            names: Vec::new(),
            touched: Vec::new(),
            remembered: HashMap::new(),
        }
    }
}

/// Finds the interface of plain objects.
pub(super) struct Matching<'a> {
    graph: &'a HeapGraph,
    known: &'a Known,
    /// How many properties each definition has.
    sizes: Vec<u32>,
    /// Definitions by property, as `told_apart` has it.
    postings: HashMap<u64, Vec<u32>>,
    hits: Vec<u32>,
    names: Vec<u32>,
    touched: Vec<u32>,
    remembered: HashMap<Box<[u32]>, Option<u32>>,
}

impl Matching<'_> {
    /// The interface of `node`: of those whose properties it has all, the one with the most, then the frequent.
    pub(super) fn next_class(&mut self, node: NodeIndex) -> Option<u32> {
        if !is_plain(self.graph, self.known, node) || self.sizes.is_empty() {
            return None;
        }
        let mut names = std::mem::take(&mut self.names);
        properties(self.graph, node, &mut names);
        let known = self.remembered.get(&names[..]).copied();
        let found = known.unwrap_or_else(|| {
            let sequence: Box<[u32]> = names.as_slice().into();
            let found = self.best(&mut names);
            if self.remembered.len() < REMEMBERED && sequence.len() <= 64 {
                self.remembered.insert(sequence, found);
            }
            found
        });
        self.names = names;
        found
    }

    fn best(&mut self, names: &mut [u32]) -> Option<u32> {
        let mut best: Option<(u32, u32)> = None;
        for name in told_apart(names) {
            for &rank in self.postings.get(&name).map_or(&[][..], Vec::as_slice) {
                let hits = &mut self.hits[rank as usize];
                if *hits == 0 {
                    self.touched.push(rank);
                }
                *hits += 1;
                let size = self.sizes[rank as usize];
                let better = best.is_none_or(|(most, lowest)| size > most || (size == most && rank < lowest));
                if *hits == size && better {
                    best = Some((size, rank));
                }
            }
        }
        for rank in self.touched.drain(..) {
            self.hits[rank as usize] = 0;
        }
        best.map(|(_, rank)| rank)
    }
}
