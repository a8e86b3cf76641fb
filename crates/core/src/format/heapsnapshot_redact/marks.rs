//! Three bits per string of the table: what refers to it.

/// Bits in a word of the map.
const WORD: u64 = 64;

/// How a string is used by nodes and edges.
#[derive(Debug, Default)]
pub(super) struct Marks {
    names: BitMap,
    properties: BitMap,
    contents: BitMap,
}

impl Marks {
    /// Notes that a string names something that stays readable.
    pub(super) fn name(&mut self, index: u64) {
        self.names.set(index);
    }

    /// Notes that a string names a property.
    pub(super) fn property(&mut self, index: u64) {
        self.properties.set(index);
    }

    /// Notes that a string is the contents of a node.
    pub(super) fn content(&mut self, index: u64) {
        self.contents.set(index);
    }

    pub(super) fn is_content(&self, index: u64) -> bool {
        self.contents.get(index)
    }

    pub(super) fn is_name(&self, index: u64) -> bool {
        self.names.get(index)
    }

    pub(super) fn is_property(&self, index: u64) -> bool {
        self.properties.get(index)
    }
}

/// A set of small numbers. Callers bound the numbers, and so its memory.
#[derive(Debug, Default)]
struct BitMap(Vec<u64>);

impl BitMap {
    fn set(&mut self, index: u64) {
        let word = (index / WORD) as usize;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (index % WORD);
    }

    fn get(&self, index: u64) -> bool {
        let word = self.0.get((index / WORD) as usize);
        word.is_some_and(|word| word & (1 << (index % WORD)) != 0)
    }
}
