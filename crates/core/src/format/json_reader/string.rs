//! Strings: escapes undone, halves of surrogate pairs and what is not UTF-8 replaced by U+FFFD.

use std::io::Read;

use super::{shown, JsonReader, Kind};
use crate::Result;

/// The longest string, so that one missing quote does not take all memory.
const LONGEST: usize = 16 * 1024 * 1024;

impl<R: Read> JsonReader<R> {
    /// The next value, which has to be a string, in place of what `into` had.
    pub(in super::super) fn string(&mut self, what: &str, into: &mut String) -> Result<()> {
        if self.kind()? != Kind::String {
            let byte = self.after_space()?;
            return Err(self.error(format!("{what} was expected, not {}", shown(byte))));
        }
        self.read_string()?;
        into.clear();
        into.push_str(&String::from_utf8_lossy(&self.scratch));
        Ok(())
    }

    /// Reads the string that begins at the next byte into `scratch`.
    pub(super) fn read_string(&mut self) -> Result<()> {
        let start = self.offset();
        self.bytes.skip();
        self.scratch.clear();
        loop {
            let ahead = self.bytes.ahead()?;
            let plain = ahead
                .iter()
                .position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20)
                .unwrap_or(ahead.len());
            self.scratch.extend_from_slice(&ahead[..plain]);
            let stopped_by = ahead.get(plain).copied();
            let at_end = ahead.is_empty();
            self.bytes.advance(plain);
            if self.scratch.len() > LONGEST {
                return Err(self.error_at(start, "a string has more than 16 MiB"));
            }
            match stopped_by {
                None if at_end => return Err(self.truncated()),
                None => {}
                Some(b'"') => {
                    self.bytes.skip();
                    self.comma = true;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.bytes.skip();
                    self.escape()?;
                }
                Some(control) => {
                    return Err(self.error(format!("a string has {} in it, unescaped", shown(control))));
                }
            }
        }
    }

    /// Appends what the escape after a backslash stands for.
    fn escape(&mut self) -> Result<()> {
        let byte = match self.bytes.next()? {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => return self.unicode_escape(),
            Some(_) => return Err(self.error("a string has an unknown escape")),
            None => return Err(self.truncated()),
        };
        self.scratch.push(byte);
        Ok(())
    }

    /// The digits after `\u`, and the other half of a pair if there is one.
    fn unicode_escape(&mut self) -> Result<()> {
        let mut unit = self.hex_unit()?;
        // A first half: what follows decides. Another first half begins anew.
        while (0xd800..0xdc00).contains(&unit) {
            if self.bytes.peek()? != Some(b'\\') {
                break;
            }
            self.bytes.skip();
            if self.bytes.peek()? != Some(b'u') {
                self.push_char(char::REPLACEMENT_CHARACTER);
                return self.escape();
            }
            self.bytes.skip();
            let second = self.hex_unit()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00);
                self.push_char(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                return Ok(());
            }
            self.push_char(char::REPLACEMENT_CHARACTER);
            unit = second;
        }
        self.push_char(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    fn hex_unit(&mut self) -> Result<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = match self.bytes.next()? {
                Some(byte) => char::from(byte).to_digit(16),
                None => return Err(self.truncated()),
            };
            match digit {
                Some(digit) => unit = unit << 4 | digit,
                None => return Err(self.error("\\u was expected to have four hexadecimal digits")),
            }
        }
        Ok(unit)
    }

    fn push_char(&mut self, character: char) {
        let mut buffer = [0; 4];
        self.scratch
            .extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    }
}
