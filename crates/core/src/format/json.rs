//! The one JSON writer: appends to a buffer, hands the buffer over when it is full. Knows no format.
//!
//! Appending cannot fail; handing over can. So writers append the fields of one small thing and then call
//! [`spill`](JsonWriter::spill), the only place where writing stops early.

use std::io::Write;

use crate::model::Bytes;
use crate::{Error, Result};

/// Bytes that are handed over at once.
const CHUNK: usize = 64 * 1024;

pub(super) struct JsonWriter<W> {
    sink: W,
    buffer: Vec<u8>,
    handed_over: Bytes,
    /// Whether the next value or key has one before it in its array or object.
    comma: bool,
}

impl<W: Write> JsonWriter<W> {
    pub(super) fn new(sink: W) -> Self {
        // A quarter more than a chunk, so that the thing that fills it does not make it grow.
        JsonWriter {
            sink,
            buffer: Vec::with_capacity(CHUNK + CHUNK / 4),
            handed_over: Bytes::default(),
            comma: false,
        }
    }

    /// An object of what `fields` writes. It is closed however that ends.
    #[inline]
    pub(super) fn object<T>(&mut self, fields: impl FnOnce(&mut Self) -> T) -> T {
        self.open(b'{');
        let result = fields(self);
        self.close(b'}');
        result
    }

    /// An array of what `values` writes. It is closed however that ends.
    #[inline]
    pub(super) fn array<T>(&mut self, values: impl FnOnce(&mut Self) -> T) -> T {
        self.open(b'[');
        let result = values(self);
        self.close(b']');
        result
    }

    /// A key that needs no escaping. Its value must follow.
    pub(super) fn key(&mut self, key: &'static str) -> &mut Self {
        self.separate();
        self.buffer.push(b'"');
        self.buffer.extend_from_slice(key.as_bytes());
        self.buffer.extend_from_slice(b"\":");
        self.comma = false;
        self
    }

    pub(super) fn integer(&mut self, value: impl itoa::Integer) {
        self.separate();
        self.buffer
            .extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    pub(super) fn string(&mut self, value: &str) {
        self.separate();
        // Strings always serialize and a Vec takes every byte, so there is no error to pass on.
        let written = serde_json::to_writer(&mut self.buffer, value);
        debug_assert!(written.is_ok());
    }

    /// An integer in quotes, as the inspector writes script ids.
    pub(super) fn quoted_integer(&mut self, value: impl itoa::Integer) {
        self.separate();
        self.buffer.push(b'"');
        self.buffer
            .extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        self.buffer.push(b'"');
    }

    /// Hands the text over if a chunk has come together.
    pub(super) fn spill(&mut self) -> Result<()> {
        if self.buffer.len() < CHUNK {
            return Ok(());
        }
        self.hand_over()
    }

    /// Hands over what is left.
    pub(super) fn finish(mut self) -> Result<()> {
        self.hand_over()
    }

    fn hand_over(&mut self) -> Result<()> {
        self.sink.write_all(&self.buffer).map_err(|source| Error::Sink {
            offset: self.handed_over,
            source,
        })?;
        self.handed_over = self.handed_over.plus(Bytes::from_bytes(self.buffer.len() as u64));
        self.buffer.clear();
        Ok(())
    }

    /// Opens an array or object, for who cannot do it with [`object`](Self::object): see `nested`.
    pub(super) fn open(&mut self, bracket: u8) {
        self.separate();
        self.buffer.push(bracket);
        self.comma = false;
    }

    /// Closes what [`open`](Self::open) opened.
    pub(super) fn close(&mut self, bracket: u8) {
        self.buffer.push(bracket);
        self.comma = true;
    }

    fn separate(&mut self) {
        if self.comma {
            self.buffer.push(b',');
        }
        self.comma = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_json_stringify_does() {
        let mut text = Vec::new();
        let mut json = JsonWriter::new(&mut text);
        json.string("\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f}\"\\/\u{7f}\u{2028}é😀");
        json.finish().unwrap();
        let expected = "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u{7f}\u{2028}é😀\"";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }

    #[test]
    fn puts_commas_between_and_nowhere_else() {
        let mut text = Vec::new();
        let mut json = JsonWriter::new(&mut text);
        json.object(|json| {
            json.key("a").array(|json| {
                json.integer(1);
                json.array(|_| ());
                json.object(|_| ());
                json.quoted_integer(-2);
            });
            json.key("b").integer(i64::MIN);
        });
        json.finish().unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            r#"{"a":[1,[],{},"-2"],"b":-9223372036854775808}"#
        );
    }

    #[test]
    fn says_how_far_the_sink_went() {
        struct Full(usize);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                if self.0 == 0 {
                    return Err(std::io::Error::other("full"));
                }
                self.0 -= 1;
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut json = JsonWriter::new(Full(1));
        let long = "x".repeat(CHUNK);
        json.string(&long);
        json.spill().unwrap();
        json.string(&long);
        let Err(Error::Sink { offset, .. }) = json.spill() else {
            panic!("the sink was full")
        };
        assert_eq!(offset, Bytes::from_bytes(CHUNK as u64 + 2));
    }
}
