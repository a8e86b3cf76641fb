//! Node and edge counts from the first bytes of a heap snapshot, while it streams past.
//!
//! V8 begins the text with `{"snapshot":{"meta":{...},"node_count":N,"edge_count":M`. The scanner follows strings and
//! nesting byte by byte and keeps no more than the key it is in, so chunks may end anywhere. It checks no more JSON
//! than it needs to find its way.

use crate::{Error, Result};

/// Longest key of interest, and one more to see that a key is longer.
const KEY_CAPACITY: usize = 11;

/// What the header of a snapshot says of its size.
///
/// ```
/// use rs_profiler_core::format::{HeapSnapshotHeader, SnapshotCounts};
/// let mut header = HeapSnapshotHeader::default();
/// header.feed(br#"{"snapshot":{"meta":{},"node_count":12,"edge_count":34,"#)?;
/// assert_eq!(header.counts(), Some(SnapshotCounts { nodes: 12, edges: 34 }));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotCounts {
    /// `node_count`.
    pub nodes: u64,
    /// `edge_count`.
    pub edges: u64,
}

/// The scanner. See [`SnapshotCounts`] for an example.
///
/// ```
/// use rs_profiler_core::format::HeapSnapshotHeader;
/// let mut header = HeapSnapshotHeader::default();
/// for byte in br#"{"snapshot":{"node_count":1,"edge_count":2}"# {
///     header.feed(std::slice::from_ref(byte))?;
/// }
/// assert_eq!(header.counts().map(|counts| counts.edges), Some(2));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct HeapSnapshotHeader {
    offset: u64,
    depth: u64,
    text: Text,
    key: Key,
    nodes: Count,
    edges: Count,
    finished: bool,
}

/// Where the scanner is in a string.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Text {
    #[default]
    Outside,
    Inside,
    AfterBackslash,
}

/// The last string at depth 1 or 2, which is the key of what follows.
#[derive(Debug, Clone, Default)]
struct Key {
    bytes: [u8; KEY_CAPACITY],
    length: usize,
}

/// A number that is read digit by digit.
#[derive(Debug, Clone, Copy, Default)]
enum Count {
    #[default]
    Unseen,
    Reading(u64),
    Read(u64),
}

impl HeapSnapshotHeader {
    /// Takes the next chunk. Bytes after the header are not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::SnapshotHeader`] when the text does not begin as a heap snapshot does, or its header ends without both
    /// counts.
    ///
    /// ```
    /// # use rs_profiler_core::format::HeapSnapshotHeader;
    /// assert!(HeapSnapshotHeader::default().feed(b"PK\x03\x04").is_err());
    /// ```
    pub fn feed(&mut self, chunk: &[u8]) -> Result<()> {
        for &byte in chunk {
            if self.finished {
                return Ok(());
            }
            self.step(byte).map_err(|reason| Error::SnapshotHeader {
                offset: self.offset,
                reason,
            })?;
            self.offset += 1;
        }
        Ok(())
    }

    /// The counts, once both have been read.
    ///
    /// ```
    /// # use rs_profiler_core::format::HeapSnapshotHeader;
    /// assert_eq!(HeapSnapshotHeader::default().counts(), None);
    /// ```
    pub fn counts(&self) -> Option<SnapshotCounts> {
        match (self.nodes, self.edges) {
            (Count::Read(nodes), Count::Read(edges)) => Some(SnapshotCounts { nodes, edges }),
            _ => None,
        }
    }

    fn step(&mut self, byte: u8) -> std::result::Result<(), &'static str> {
        match (self.text, byte) {
            (Text::AfterBackslash, _) => self.text = Text::Inside,
            (Text::Inside, b'\\') => self.text = Text::AfterBackslash,
            (Text::Inside, b'"') => self.text = Text::Outside,
            (Text::Inside, _) => {
                if self.depth <= 2 {
                    self.key.push(byte);
                }
            }
            (Text::Outside, _) => return self.step_outside(byte),
        }
        Ok(())
    }

    fn step_outside(&mut self, byte: u8) -> std::result::Result<(), &'static str> {
        if !byte.is_ascii_digit() {
            self.nodes.end();
            self.edges.end();
            self.finished = self.counts().is_some();
        }
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b':' | b',' => {}
            _ if self.depth == 0 && byte != b'{' => return Err("an object should begin"),
            b'"' => {
                self.text = Text::Inside;
                if self.depth <= 2 {
                    self.key.length = 0;
                }
            }
            b'{' | b'[' => {
                if self.depth == 1 && (byte, self.key.as_bytes()) != (b'{', b"snapshot") {
                    return Err("the first field should be the object \"snapshot\"");
                }
                self.depth += 1;
            }
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth <= 1 && !self.finished {
                    return Err("the header ends without node_count and edge_count");
                }
            }
            b'0'..=b'9' if self.depth == 2 => match self.key.as_bytes() {
                b"node_count" => return self.nodes.digit(byte),
                b"edge_count" => return self.edges.digit(byte),
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }
}

impl Key {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Count {
    fn digit(&mut self, byte: u8) -> std::result::Result<(), &'static str> {
        let before = match *self {
            Count::Reading(value) => value,
            Count::Unseen | Count::Read(_) => 0,
        };
        let value = before
            .checked_mul(10)
            .and_then(|value| value.checked_add(u64::from(byte - b'0')));
        *self = Count::Reading(value.ok_or("a count does not fit in 64 bits")?);
        Ok(())
    }

    fn end(&mut self) {
        if let Count::Reading(value) = *self {
            *self = Count::Read(value);
        }
    }
}
