//! The texts of a snapshot in one buffer.
//!
//! A text is kept as UTF-8, with one widening: a lone surrogate, which UTF-8 cannot express, is kept as the three bytes
//! it would have if it were a character (WTF-8). So texts that differ in the file differ here, and
//! [`HeapStrings::text`] shows a lone surrogate as U+FFFD.

use std::borrow::Cow;

use super::stored::SectionName;
use super::{Column, Load, Store, StringIndex};

/// All texts of a snapshot. 4 bytes per text beside the bytes of the texts themselves; the buffer may exceed 4 GiB.
///
/// ```
/// use rs_profiler_core::model::heap::{HeapStrings, StringIndex};
/// let mut strings = HeapStrings::default();
/// strings.push_bytes("cache".as_bytes());
/// strings.end();
/// assert_eq!(strings.text(StringIndex(0)), "cache");
/// assert_eq!(strings.text(StringIndex(9)), "(lost)");
/// ```
#[derive(Debug, Clone, Default)]
pub struct HeapStrings {
    bytes: Column<u8>,
    /// The low half of where each text ends.
    ends: Column<u32>,
    /// The texts at which the high half grows by one.
    wraps: Column<u32>,
}

/// What a text that the file does not have reads as.
const LOST: &str = "(lost)";

impl HeapStrings {
    /// Adds bytes to the text being filled.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::HeapStrings;
    /// let mut strings = HeapStrings::default();
    /// strings.push_bytes(b"a");
    /// assert!(strings.is_empty());
    /// ```
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        self.bytes.to_mut().extend_from_slice(bytes);
    }

    /// Adds a UTF-16 unit of the text being filled: the second half of a pair joins the first, everything else stands
    /// for itself.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::{HeapStrings, StringIndex};
    /// let mut strings = HeapStrings::default();
    /// strings.push_unit(0xD83D);
    /// strings.push_unit(0xDE00);
    /// strings.end();
    /// assert_eq!(strings.text(StringIndex(0)), "😀");
    /// ```
    pub fn push_unit(&mut self, unit: u16) {
        let start = self.open_start();
        if (0xDC00..0xE000).contains(&unit)
            && let [.., 0xED, second @ 0xA0..=0xAF, third] = self.bytes[start..]
        {
            let high = (u32::from(second & 0x0F) << 6) | u32::from(third & 0x3F);
            let code = 0x1_0000 + (high << 10) + (u32::from(unit) - 0xDC00);
            let length = self.bytes.len() - 3;
            self.bytes.to_mut().truncate(length);
            self.push_code(code);
            return;
        }
        self.push_code(u32::from(unit));
    }

    fn push_code(&mut self, code: u32) {
        let tail = |shift: u32| 0x80 | ((code >> shift) & 0x3F) as u8;
        let bytes = self.bytes.to_mut();
        match code {
            0..=0x7F => bytes.push(code as u8),
            0x80..=0x7FF => bytes.extend_from_slice(&[0xC0 | (code >> 6) as u8, tail(0)]),
            0x800..=0xFFFF => bytes.extend_from_slice(&[0xE0 | (code >> 12) as u8, tail(6), tail(0)]),
            _ => bytes.extend_from_slice(&[0xF0 | (code >> 18) as u8, tail(12), tail(6), tail(0)]),
        }
    }

    /// Ends the text being filled.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::HeapStrings;
    /// let mut strings = HeapStrings::default();
    /// strings.end();
    /// assert_eq!(strings.len(), 1);
    /// ```
    pub fn end(&mut self) {
        let high = self.bytes.len() as u64 >> 32;
        while (self.wraps.len() as u64) < high {
            let ended = self.ends.len() as u32;
            self.wraps.to_mut().push(ended);
        }
        let end = self.bytes.len() as u32;
        self.ends.to_mut().push(end);
    }

    /// Drops the text being filled, as when the file ends within it.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::HeapStrings;
    /// let mut strings = HeapStrings::default();
    /// strings.push_bytes(b"half a te");
    /// strings.abandon();
    /// assert_eq!(strings.len(), 0);
    /// ```
    pub fn abandon(&mut self) {
        let start = self.open_start();
        self.bytes.to_mut().truncate(start);
    }

    /// Adds a whole text and returns its number.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> StringIndex {
        let index = StringIndex(self.len() as u32);
        self.push_bytes(bytes);
        self.end();
        index
    }

    /// How many texts there are.
    ///
    /// ```
    /// assert_eq!(rs_profiler_core::model::heap::HeapStrings::default().len(), 0);
    /// ```
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no text.
    ///
    /// ```
    /// assert!(rs_profiler_core::model::heap::HeapStrings::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text as bytes: UTF-8 but for lone surrogates (see the module). `(lost)` when a cut-off file has no such text.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::{HeapStrings, StringIndex};
    /// assert_eq!(HeapStrings::default().bytes(StringIndex(0)), b"(lost)");
    /// ```
    pub fn bytes(&self, index: StringIndex) -> &[u8] {
        match self.end_of(index.0) {
            Some(end) => {
                let start = index.0.checked_sub(1).and_then(|before| self.end_of(before));
                self.bytes.get(start.unwrap_or(0)..end).unwrap_or_default()
            }
            None => LOST.as_bytes(),
        }
    }

    /// The text for showing: lone surrogates read as U+FFFD.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::{HeapStrings, StringIndex};
    /// let mut strings = HeapStrings::default();
    /// strings.push_unit(0xD83D);
    /// strings.end();
    /// assert_eq!(strings.text(StringIndex(0)), "\u{fffd}");
    /// ```
    pub fn text(&self, index: StringIndex) -> Cow<'_, str> {
        text_of(self.bytes(index))
    }

    /// Bytes on the heap.
    ///
    /// ```
    /// assert_eq!(rs_profiler_core::model::heap::HeapStrings::default().heap_bytes(), 0);
    /// ```
    pub fn heap_bytes(&self) -> usize {
        self.bytes.heap_bytes() + self.ends.heap_bytes() + self.wraps.heap_bytes()
    }

    pub(super) fn shrink(&mut self) {
        self.bytes.to_mut().shrink_to_fit();
        self.ends.to_mut().shrink_to_fit();
    }

    /// Adds the sections of these texts under the names.
    pub(crate) fn store<'a>(&'a self, store: &mut Store<'a>, [bytes, ends, wraps]: [SectionName; 3]) {
        store.column(bytes, &self.bytes);
        store.column(ends, &self.ends);
        store.column(wraps, &self.wraps);
    }

    pub(crate) fn load(load: &Load, [bytes, ends, wraps]: [SectionName; 3]) -> Option<HeapStrings> {
        Some(HeapStrings {
            bytes: load.column(bytes)?,
            ends: load.column(ends)?,
            wraps: load.column(wraps)?,
        })
    }

    fn open_start(&self) -> usize {
        match self.ends.len() {
            0 => 0,
            ended => self.end_of(ended as u32 - 1).unwrap_or(0),
        }
    }

    fn end_of(&self, index: u32) -> Option<usize> {
        let low = *self.ends.get(index as usize)?;
        let high = self.wraps.partition_point(|&wrap| wrap <= index);
        Some((high << 32) | low as usize)
    }
}

/// WTF-8 as a text, lone surrogates as U+FFFD each.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Err(error) = std::str::from_utf8(rest) {
        let (good, bad) = rest.split_at(error.valid_up_to());
        shown.push_str(&String::from_utf8_lossy(good));
        shown.push('\u{fffd}');
        // A surrogate is three bytes, of which from_utf8 reports the first alone.
        let skip = match bad {
            [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..] => 3,
            _ => error.error_len().unwrap_or(bad.len()),
        };
        rest = bad.get(skip..).unwrap_or_default();
    }
    shown.push_str(&String::from_utf8_lossy(rest));
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(units: &[u16]) -> HeapStrings {
        let mut strings = HeapStrings::default();
        strings.push(b"\xED\xA0\xBD");
        units.iter().for_each(|&unit| strings.push_unit(unit));
        strings.end();
        strings
    }

    #[test]
    fn shows_what_from_utf16_lossy_shows() {
        for sample in [
            &[0x41, 0xE9, 0x20AC][..],
            &[0xD83D, 0xDE00, 0x42],
            &[0xDE00, 0xD83D],
            &[0xD83D, 0xD83D, 0xDE00],
            &[0xDE00],
            &[],
        ] {
            let text = units(sample).text(StringIndex(1)).into_owned();
            assert_eq!(text, String::from_utf16_lossy(sample), "{sample:x?}");
        }
    }

    #[test]
    fn different_lone_surrogates_stay_different() {
        assert_ne!(
            units(&[0xD800]).bytes(StringIndex(1)),
            units(&[0xD801]).bytes(StringIndex(1))
        );
    }

    #[test]
    fn a_text_does_not_join_the_one_before() {
        // The text before ends with a lone first half; this one begins with a second half.
        assert_eq!(units(&[0xDE00]).text(StringIndex(0)), "\u{fffd}");
    }
}
