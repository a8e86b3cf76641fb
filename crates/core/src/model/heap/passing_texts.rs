//! Texts that pass by, of which a few are kept.

use super::{HeapStrings, StringIndex};

/// Bytes that are kept of a text.
const LONGEST: usize = 4096;

/// What takes the texts of a file, one after the other.
pub(crate) trait TextSink {
    /// Adds bytes to the text being filled.
    fn push_bytes(&mut self, bytes: &[u8]);
    /// Adds a UTF-16 unit to it.
    fn push_unit(&mut self, unit: u16);
    /// Ends it.
    fn end(&mut self);
}

impl TextSink for HeapStrings {
    #[inline]
    fn push_bytes(&mut self, bytes: &[u8]) {
        HeapStrings::push_bytes(self, bytes);
    }

    fn push_unit(&mut self, unit: u16) {
        HeapStrings::push_unit(self, unit);
    }

    #[inline]
    fn end(&mut self) {
        HeapStrings::end(self);
    }
}

/// Counts texts, and keeps the beginnings of those that are wanted.
#[derive(Debug, Default)]
pub(crate) struct PassingTexts {
    /// Numbers of texts, the lowest first.
    wanted: Vec<u32>,
    /// The wanted texts so far.
    kept: HeapStrings,
    /// Bytes kept of the text at hand.
    length: usize,
    /// Texts so far.
    count: u64,
    bytes: u64,
}

impl PassingTexts {
    pub(super) fn new(mut wanted: Vec<u32>) -> PassingTexts {
        wanted.sort_unstable();
        wanted.dedup();
        PassingTexts {
            wanted,
            ..PassingTexts::default()
        }
    }

    #[inline]
    fn is_wanted(&self) -> bool {
        let next = self.wanted.get(self.kept.len());
        next.is_some_and(|&next| u64::from(next) == self.count)
    }

    /// Texts so far, whole ones.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Their bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// A text that was wanted.
    pub(super) fn text(&self, name: StringIndex) -> String {
        let place = self.wanted.binary_search(&name.0).unwrap_or(usize::MAX);
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        self.kept.text(StringIndex(place)).into_owned()
    }
}

impl TextSink for PassingTexts {
    #[inline]
    fn push_bytes(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        if self.is_wanted() {
            let room = LONGEST.saturating_sub(self.length).min(bytes.len());
            // No character is cut.
            let room = (0..=room).rev().find(|&end| starts_character(bytes, end)).unwrap_or(0);
            self.length = if room < bytes.len() {
                LONGEST
            } else {
                self.length + room
            };
            self.kept.push_bytes(&bytes[..room]);
        }
    }

    fn push_unit(&mut self, unit: u16) {
        self.bytes += match unit {
            0..=0x7F => 1,
            // The halves of a pair have two each of the four.
            0x80..=0x7FF | 0xD800..0xE000 => 2,
            _ => 3,
        };
        if self.is_wanted() && self.length < LONGEST {
            self.length += 3;
            self.kept.push_unit(unit);
        }
    }

    #[inline]
    fn end(&mut self) {
        if self.is_wanted() {
            self.kept.end();
        }
        self.length = 0;
        self.count += 1;
    }
}

/// Whether `bytes` may be cut at `end`.
fn starts_character(bytes: &[u8], end: usize) -> bool {
    bytes.get(end).is_none_or(|byte| byte & 0xC0 != 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_beginnings_of_what_is_wanted() {
        let mut texts = PassingTexts::new(vec![3, 1, 1]);
        for number in 0..4 {
            for _ in 0..3000 {
                texts.push_bytes(if number == 3 { "é".as_bytes() } else { b"ab" });
            }
            texts.push_unit(0x41);
            texts.end();
        }
        assert_eq!((texts.count(), texts.bytes()), (4, 4 * 6001));
        assert_eq!(texts.text(StringIndex(1)), "ab".repeat(2048));
        assert_eq!(texts.text(StringIndex(3)), "é".repeat(2048));
        assert_eq!(texts.text(StringIndex(2)), "(lost)");
    }

    #[test]
    fn a_unit_joins_the_one_before() {
        let mut texts = PassingTexts::new(vec![0]);
        for unit in [0xD83D, 0xDE00] {
            texts.push_unit(unit);
        }
        texts.end();
        assert_eq!((texts.text(StringIndex(0)), texts.bytes()), ("😀".to_owned(), 4));
    }
}
