//! Each distinct text once: a blob of UTF-8 and the ends of its pieces.

use std::collections::HashMap;

use super::count::as_u32;
use crate::Result;

/// A finished table.
#[derive(Debug, Clone)]
pub(super) struct StringTable {
    blob: Box<str>,
    ends: Box<[u32]>,
}

impl StringTable {
    /// The text with this number, `""` when there is none.
    pub(super) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = if number == 0 {
            Some(&0)
        } else {
            self.ends.get(number - 1)
        };
        match (start, self.ends.get(number)) {
            (Some(&start), Some(&end)) => self.blob.get(start as usize..end as usize).unwrap_or(""),
            _ => "",
        }
    }

    /// Bytes on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        self.blob.len() + std::mem::size_of_val(&*self.ends)
    }
}

/// A table being filled. It holds its texts twice (as keys, and in the blob) until [`finish`](Self::finish).
#[derive(Debug, Default)]
pub(super) struct StringTableBuilder {
    numbers: HashMap<Box<str>, u32>,
    blob: String,
    ends: Vec<u32>,
}

impl StringTableBuilder {
    /// The number of `text`, a new one if it was not seen before.
    pub(super) fn intern(&mut self, text: &str) -> Result<u32> {
        if let Some(&number) = self.numbers.get(text) {
            return Ok(number);
        }
        let number = as_u32(self.ends.len(), "distinct names")?;
        let end = as_u32(self.blob.len() + text.len(), "bytes of distinct names")?;
        self.blob.push_str(text);
        self.ends.push(end);
        self.numbers.insert(text.into(), number);
        Ok(number)
    }

    pub(super) fn finish(self) -> StringTable {
        StringTable {
            blob: self.blob.into_boxed_str(),
            ends: self.ends.into_boxed_slice(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_each_text_once_and_gives_it_back() {
        let mut builder = StringTableBuilder::default();
        let numbers: Vec<u32> = ["", "a", "höhe", "a", ""]
            .iter()
            .map(|text| builder.intern(text).unwrap())
            .collect();
        assert_eq!(numbers, [0, 1, 2, 1, 0]);
        let table = builder.finish();
        assert_eq!(
            [table.get(0), table.get(1), table.get(2), table.get(3)],
            ["", "a", "höhe", ""]
        );
        assert_eq!(table.heap_bytes(), 6 + 3 * 4);
    }
}
