//! The one JSON reader of the profile formats: pulled value by value, from any `Read`, in one pass. Knows no format.
//!
//! serde_json would recurse for nested trees (it refuses more than 128 levels), cannot name a byte, and refuses the lone
//! surrogates that `JSON.stringify` writes. This one has no recursion, so depth costs nothing; memory is a buffer of
//! 64 KiB and the longest string. It may not build values: callers take each value as it passes.

mod bytes;
mod number;
mod skip;
mod string;

use std::io::Read;

use bytes::Bytes;

use crate::{Error, Result};

pub(super) use number::Number;

/// What a value is, seen from its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// A JSON text being read.
pub(super) struct JsonReader<R> {
    bytes: Bytes<R>,
    /// Names the part of the text in errors.
    section: &'static str,
    /// Whether the next value or key has one before it in its array or object.
    comma: bool,
    /// The last string or number, reused.
    scratch: Vec<u8>,
}

impl<R: Read> JsonReader<R> {
    /// Starts before the first byte of `source`, after a byte order mark if there is one.
    pub(super) fn new(source: R) -> Result<Self> {
        let mut json = JsonReader {
            bytes: Bytes::new(source),
            section: "the beginning",
            comma: false,
            scratch: Vec::new(),
        };
        if json.bytes.peek()? == Some(0xef) {
            for expected in [0xef, 0xbb, 0xbf] {
                if json.bytes.next()? != Some(expected) {
                    return Err(json.error("a value was expected"));
                }
            }
        }
        Ok(json)
    }

    /// Names what follows, for errors.
    pub(super) fn enter_section(&mut self, section: &'static str) {
        self.section = section;
    }

    /// Bytes read so far.
    pub(super) fn offset(&self) -> u64 {
        self.bytes.offset()
    }

    /// An error at the present place.
    pub(super) fn error(&self, reason: impl Into<Box<str>>) -> Error {
        self.error_at(self.offset(), reason)
    }

    /// An error at `offset`, in the present section.
    pub(super) fn error_at(&self, offset: u64, reason: impl Into<Box<str>>) -> Error {
        Error::ProfileText {
            offset,
            section: self.section,
            reason: reason.into(),
        }
    }

    /// The kind of the next value.
    pub(super) fn kind(&mut self) -> Result<Kind> {
        match self.after_space()? {
            b'{' => Ok(Kind::Object),
            b'[' => Ok(Kind::Array),
            b'"' => Ok(Kind::String),
            b'-' | b'0'..=b'9' => Ok(Kind::Number),
            b't' | b'f' => Ok(Kind::Bool),
            b'n' => Ok(Kind::Null),
            byte => Err(self.error(format!("a value was expected, not {}", shown(byte)))),
        }
    }

    /// Enters an object. `what` completes the error "... was expected".
    pub(super) fn begin_object(&mut self, what: &str) -> Result<()> {
        self.begin(b'{', what)
    }

    /// Enters an array.
    pub(super) fn begin_array(&mut self, what: &str) -> Result<()> {
        self.begin(b'[', what)
    }

    /// The next key of the object that was entered, as `classify` sees it; nothing at its end, which is then passed.
    pub(super) fn next_key<K>(&mut self, classify: impl FnOnce(&str) -> K) -> Result<Option<K>> {
        if self.at_end(b'}')? {
            return Ok(None);
        }
        if self.after_space()? != b'"' {
            return Err(self.error("a key in quotes was expected"));
        }
        self.read_string()?;
        let key = classify(&String::from_utf8_lossy(&self.scratch));
        if self.after_space()? != b':' {
            return Err(self.error("a colon was expected after a key"));
        }
        self.bytes.skip();
        self.comma = false;
        Ok(Some(key))
    }

    /// Whether the array that was entered has another element; at its end it is passed.
    pub(super) fn next_element(&mut self) -> Result<bool> {
        let more = !self.at_end(b']')?;
        self.comma = !more;
        Ok(more)
    }

    /// Passes `true`, `false` or `null`.
    pub(super) fn literal(&mut self) -> Result<()> {
        let word: &[u8] = match self.after_space()? {
            b't' => b"true",
            b'f' => b"false",
            _ => b"null",
        };
        for &expected in word {
            match self.bytes.peek()? {
                Some(byte) if byte == expected => self.bytes.skip(),
                Some(_) => return Err(self.error("true, false or null was expected")),
                None => return Err(self.truncated()),
            }
        }
        self.comma = true;
        Ok(())
    }

    /// Checks that nothing but white space follows.
    pub(super) fn end(&mut self) -> Result<()> {
        self.section = "the end";
        self.bytes.skip_space()?;
        match self.bytes.peek()? {
            None => Ok(()),
            Some(byte) => Err(self.error(format!("nothing more was expected, but there is {}", shown(byte)))),
        }
    }

    fn begin(&mut self, bracket: u8, what: &str) -> Result<()> {
        let byte = self.after_space()?;
        if byte != bracket {
            return Err(self.error(format!("{what} was expected, not {}", shown(byte))));
        }
        self.bytes.skip();
        self.comma = false;
        Ok(())
    }

    /// Passes the closing bracket if it is there, else the comma that has to stand before the next thing.
    fn at_end(&mut self, bracket: u8) -> Result<bool> {
        let byte = self.after_space()?;
        if byte == bracket {
            self.bytes.skip();
            self.comma = true;
            return Ok(true);
        }
        if self.comma {
            if byte != b',' {
                return Err(self.error(format!(
                    "a comma or {} was expected, not {}",
                    shown(bracket),
                    shown(byte)
                )));
            }
            self.bytes.skip();
        }
        Ok(false)
    }

    /// The next byte that is not white space, left where it is.
    fn after_space(&mut self) -> Result<u8> {
        self.bytes.skip_space()?;
        match self.bytes.peek()? {
            Some(byte) => Ok(byte),
            None => Err(self.truncated()),
        }
    }

    fn truncated(&self) -> Error {
        Error::ProfileTruncated {
            offset: self.offset(),
            section: self.section,
        }
    }
}

/// A byte as an error shows it.
fn shown(byte: u8) -> String {
    match byte {
        b' '..=b'~' => format!("'{}'", char::from(byte)),
        _ => format!("the byte 0x{byte:02X}"),
    }
}

#[cfg(test)]
mod tests;
