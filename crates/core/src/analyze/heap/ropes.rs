//! Texts of concatenated strings, up to the length by which they are compared, in constant memory for each string: a text is
//! made anew when it is asked for, which takes no longer than its length.

use std::collections::hash_map::Entry;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

use crate::model::heap::{EdgeKind, HeapGraph, NodeIndex, NodeKind, StringIndex};

/// Concatenated strings are compared by this many UTF-16 units, as V8 cuts other strings in a snapshot.
const LONGEST: usize = 1024;

/// Bytes of a text that its hash is made of, beside its length.
const HASHED: usize = 4096;

/// A UTF-16 unit is three bytes at most.
const BYTES_PER_UNIT: usize = 3;

/// The numbers of the names of the two halves of a concatenated string.
struct HalfNames([Option<u32>; 2]);

impl HalfNames {
    fn find(graph: &HeapGraph) -> HalfNames {
        let strings = graph.strings();
        let find = |text: &[u8]| {
            let mut all = 0..strings.len() as u32;
            all.find(|&index| strings.bytes(StringIndex(index)) == text)
        };
        HalfNames([find(b"first"), find(b"second")])
    }

    fn halves(&self, graph: &HeapGraph, node: NodeIndex) -> [Option<NodeIndex>; 2] {
        self.0.map(|name| {
            let mut edges = graph.edges_of(node.at()).iter();
            let edge = edges.find(|edge| edge.kind() == EdgeKind::Internal && Some(edge.packed_name()) == name)?;
            Some(NodeIndex(edge.to))
        })
    }
}

/// What a text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Nothing,
    /// A string that is not concatenated, and not empty.
    Flat(NodeIndex),
    Rope(RopeIndex),
}

/// A text, which several strings may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RopeIndex(u32);

impl RopeIndex {
    pub(super) fn at(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug, Clone, Copy)]
struct Rope {
    /// Both are there, or one that is flat, or none. The first is shorter than the limit, unless it is flat: so the way down to
    /// the beginning of a text is no longer than the limit.
    parts: [Part; 2],
    /// No more than the limit.
    units: usize,
}

/// Stands for the text of a string that is still being made: one that leads back to itself, as only a damaged file has it.
const UNDER_WAY: RopeIndex = RopeIndex(u32::MAX);

/// The texts of concatenated strings. 16 bytes and more for each string, 32 for each text.
pub(super) struct Ropes<'a> {
    graph: &'a HeapGraph,
    names: HalfNames,
    of: HashMap<u32, RopeIndex>,
    ropes: Vec<Rope>,
}

impl<'a> Ropes<'a> {
    pub(super) fn new(graph: &'a HeapGraph) -> Self {
        Ropes {
            graph,
            names: HalfNames::find(graph),
            of: HashMap::new(),
            ropes: Vec::new(),
        }
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.ropes.len()
    }

    /// Whether one half is empty, which is how V8 leaves a concatenated string that it has flattened.
    pub(super) fn is_flat(&self, node: NodeIndex) -> bool {
        let halves = self.names.halves(self.graph, node).into_iter().flatten();
        halves.into_iter().any(|half| self.graph.name_bytes(half).is_empty())
    }

    /// The text of `node`, and those of all concatenated strings below it.
    pub(super) fn add(&mut self, node: NodeIndex) -> RopeIndex {
        let mut open = vec![(node, false)];
        while let Some((at, halves_done)) = open.pop() {
            let halves = self.names.halves(self.graph, at);
            if halves_done {
                let rope = self.join(halves);
                self.of.insert(at.0, rope);
            } else if let Entry::Vacant(new) = self.of.entry(at.0) {
                new.insert(UNDER_WAY);
                open.push((at, true));
                let is_cons = |half: &NodeIndex| self.graph.kind(*half) == NodeKind::CONS_STRING;
                open.extend(halves.into_iter().flatten().filter(is_cons).map(|half| (half, false)));
            }
        }
        self.of.get(&node.0).copied().unwrap_or(UNDER_WAY)
    }

    /// First half before second, up to the limit. Where one is all of it, the text is that one's.
    fn join(&mut self, halves: [Option<NodeIndex>; 2]) -> RopeIndex {
        let parts = halves.map(|half| half.map_or(Part::Nothing, |half| self.part(half)));
        match parts {
            [Part::Rope(whole), Part::Nothing] | [Part::Nothing, Part::Rope(whole)] => return whole,
            [Part::Rope(first), _] if self.units(parts[0]) >= LONGEST => return first,
            _ => {}
        }
        let units = (self.units(parts[0]) + self.units(parts[1])).min(LONGEST);
        self.ropes.push(Rope { parts, units });
        RopeIndex(self.ropes.len() as u32 - 1)
    }

    fn part(&self, half: NodeIndex) -> Part {
        let part = match self.of.get(&half.0) {
            Some(&rope) => Part::Rope(rope),
            None => Part::Flat(half),
        };
        match self.units(part) {
            0 => Part::Nothing,
            _ => part,
        }
    }

    fn units(&self, part: Part) -> usize {
        match part {
            Part::Nothing => 0,
            Part::Rope(rope) => self.ropes.get(rope.at()).map_or(0, |rope| rope.units),
            Part::Flat(node) => units(self.graph.name_bytes(node)),
        }
    }

    /// The flat strings that a text is made of. Time is linear in its units.
    fn flat(&self, rope: RopeIndex) -> impl Iterator<Item = &'a [u8]> + '_ {
        let mut open = vec![Part::Rope(rope)];
        let mut units = 0;
        std::iter::from_fn(move || {
            while units < LONGEST {
                match open.pop()? {
                    Part::Nothing => {}
                    Part::Rope(rope) => {
                        let [first, second] = self.ropes.get(rope.at())?.parts;
                        open.extend([second, first]);
                    }
                    part @ Part::Flat(node) => {
                        units += self.units(part);
                        return Some(self.graph.name_bytes(node));
                    }
                }
            }
            None
        })
    }

    /// A text: all of the string in which it reaches the limit.
    pub(super) fn text(&self, rope: RopeIndex) -> Vec<u8> {
        self.flat(rope).collect::<Vec<_>>().concat()
    }

    /// Whether a text is this one.
    pub(super) fn is(&self, rope: RopeIndex, mut text: &[u8]) -> bool {
        for part in self.flat(rope) {
            match text.strip_prefix(part) {
                Some(rest) => text = rest,
                None => return false,
            }
        }
        text.is_empty()
    }

    /// What equal texts have in common, as [`hash`] says of the whole text.
    pub(super) fn hash(&self, rope: RopeIndex) -> u64 {
        let (mut beginning, mut length) = (Vec::with_capacity(HASHED), 0);
        for part in self.flat(rope) {
            length += part.len();
            let room = HASHED - beginning.len();
            beginning.extend_from_slice(&part[..part.len().min(room)]);
        }
        hash_of(&beginning, length)
    }
}

/// UTF-16 units of a text, no more than the limit. A character takes one, above U+FFFF, where UTF-8 has four bytes, two.
fn units(text: &[u8]) -> usize {
    if text.len() >= BYTES_PER_UNIT * LONGEST {
        return LONGEST;
    }
    let of_byte = |byte: &u8| match byte {
        0x80..=0xBF => 0,
        0xF0.. => 2,
        _ => 1,
    };
    text.iter().map(of_byte).sum::<usize>().min(LONGEST)
}

/// What equal texts have in common.
pub(super) fn hash(text: &[u8]) -> u64 {
    hash_of(&text[..text.len().min(HASHED)], text.len())
}

fn hash_of(beginning: &[u8], length: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(beginning);
    hasher.write_usize(length);
    hasher.finish()
}
