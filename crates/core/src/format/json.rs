//! The one JSON writer: appends to a buffer, hands the buffer over when it is full. Knows no format.
//!
//! Appending cannot fail; handing over can. So writers append the fields of one small thing and then call
//! [`spill`](JsonWriter::spill), the only place where writing stops early.

use std::io::Write;

use super::chunks::Chunks;
use crate::Result;

pub(super) struct JsonWriter<W> {
    text: Chunks<W>,
    /// Whether the next value or key has one before it in its array or object.
    comma: bool,
}

impl<W: Write> JsonWriter<W> {
    pub(super) fn new(sink: W) -> Self {
        JsonWriter {
            text: Chunks::new(sink),
            comma: false,
        }
    }

    pub(super) fn begin_object(&mut self) {
        self.begin(b'{');
    }

    pub(super) fn end_object(&mut self) {
        self.end(b'}');
    }

    pub(super) fn begin_array(&mut self) {
        self.begin(b'[');
    }

    pub(super) fn end_array(&mut self) {
        self.end(b']');
    }

    /// A key that needs no escaping.
    pub(super) fn key(&mut self, key: &'static str) {
        self.separate();
        self.text.buffer().push(b'"');
        self.text.buffer().extend_from_slice(key.as_bytes());
        self.text.buffer().extend_from_slice(b"\":");
        self.comma = false;
    }

    pub(super) fn integer(&mut self, value: impl itoa::Integer) {
        self.separate();
        self.text
            .buffer()
            .extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    pub(super) fn string(&mut self, value: &str) {
        self.separate();
        // Strings always serialize and a Vec takes every byte, so there is no error to pass on.
        let written = serde_json::to_writer(self.text.buffer(), value);
        debug_assert!(written.is_ok());
    }

    /// An integer in quotes, as the inspector writes script ids.
    pub(super) fn quoted_integer(&mut self, value: impl itoa::Integer) {
        self.separate();
        self.text.buffer().push(b'"');
        self.text
            .buffer()
            .extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        self.text.buffer().push(b'"');
    }

    /// Hands the text over if a chunk has come together.
    pub(super) fn spill(&mut self) -> Result<()> {
        self.text.spill()
    }

    /// Hands over what is left. Returns the length of the whole text.
    pub(super) fn finish(self) -> Result<u64> {
        self.text.finish()
    }

    fn begin(&mut self, bracket: u8) {
        self.separate();
        self.text.buffer().push(bracket);
        self.comma = false;
    }

    fn end(&mut self, bracket: u8) {
        self.text.buffer().push(bracket);
        self.comma = true;
    }

    fn separate(&mut self) {
        if self.comma {
            self.text.buffer().push(b',');
        }
        self.comma = true;
    }
}

#[cfg(test)]
mod tests {
    use super::super::chunks::CHUNK;
    use super::*;
    use crate::Error;

    #[test]
    fn escapes_as_json_stringify_does() {
        let mut text = Vec::new();
        let mut json = JsonWriter::new(&mut text);
        json.string("\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f}\"\\/\u{7f}\u{2028}é😀");
        assert_eq!(json.finish().unwrap(), text.len() as u64);
        let expected = "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u{7f}\u{2028}é😀\"";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }

    #[test]
    fn puts_commas_between_and_nowhere_else() {
        let mut text = Vec::new();
        let mut json = JsonWriter::new(&mut text);
        json.begin_object();
        json.key("a");
        json.begin_array();
        json.integer(1);
        json.begin_array();
        json.end_array();
        json.begin_object();
        json.end_object();
        json.quoted_integer(-2);
        json.end_array();
        json.key("b");
        json.integer(i64::MIN);
        json.end_object();
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
        assert_eq!(offset, CHUNK as u64 + 2);
    }
}
