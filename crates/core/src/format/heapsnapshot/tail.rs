//! Whether the text of a heap snapshot came to its end: a snapshot that was cut off does not end with `}`.

/// Watches the last bytes of a text that comes in chunks.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot::Tail;
/// let mut tail = Tail::default();
/// tail.feed(br#"{"strings":[]}"#);
/// tail.feed(b"\n");
/// assert!(tail.ends_with_brace());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Tail {
    last: Option<u8>,
}

impl Tail {
    /// Takes the next chunk. Time is linear in the white space at its end.
    pub fn feed(&mut self, chunk: &[u8]) {
        let last = chunk.iter().rfind(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.last = last.copied().or(self.last);
    }

    /// Whether the last byte that is not white space is `}`.
    pub fn ends_with_brace(&self) -> bool {
        self.last == Some(b'}')
    }
}
