//! Flat arrays of unsigned integers, which are most of a snapshot: each number is looked at, and the bytes are passed on
//! in runs.

use super::Step;

/// Digits that fit into 64 bits whatever they are.
const MOST_DIGITS: usize = 19;

/// What looks at the numbers.
pub(super) trait Records {
    /// Numbers of a record.
    fn stride(&self) -> usize;

    /// Takes the number of a column; returns what replaces it.
    fn number(&mut self, column: usize, value: u64) -> Step<Option<u64>>;
}

/// Reads the array after its opening bracket.
#[derive(Debug, Default)]
pub(super) struct NumberReader {
    place: Place,
    value: u64,
    /// Digits of a number that the last piece cut. They wait for the rest, for it may be replaced.
    held: Vec<u8>,
    column: usize,
    records: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first number: the array may be empty.
    #[default]
    First,
    Before,
    Within,
    After,
}

impl NumberReader {
    /// Complete records so far.
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// Reads up to the closing bracket. Returns the bytes taken, the bracket included, and whether it came.
    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>, records: &mut impl Records) -> Step<(usize, bool)> {
        let (mut at, mut passed, mut begin) = (0, 0, 0);
        let stride = records.stride();
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii_digit() {
                if self.place == Place::After {
                    return Err("two numbers stand together");
                }
                if self.place != Place::Within {
                    begin = at;
                    self.place = Place::Within;
                    self.value = 0;
                }
                let mut value = self.value;
                while let Some(digit) = bytes
                    .get(at)
                    .map(|byte| byte.wrapping_sub(b'0'))
                    .filter(|digit| *digit < 10)
                {
                    value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
                    at += 1;
                }
                self.value = value;
                continue;
            }
            if self.place == Place::Within {
                if self.held.len() + (at - begin) > MOST_DIGITS {
                    return Err("a number has more than 19 digits");
                }
                let replacement = records.number(self.column, self.value)?;
                if let Some(number) = replacement {
                    out.extend_from_slice(&bytes[passed..begin]);
                    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
                    passed = at;
                } else if !self.held.is_empty() {
                    out.extend_from_slice(&self.held);
                }
                self.held.clear();
                self.column += 1;
                if self.column == stride {
                    self.column = 0;
                    self.records += 1;
                }
                self.place = Place::After;
            }
            at += 1;
            match (byte, self.place) {
                (b',', Place::After) => self.place = Place::Before,
                (b' ' | b'\n' | b'\r' | b'\t', _) => {}
                (b']', Place::After | Place::First) if self.column == 0 => {
                    out.extend_from_slice(&bytes[passed..at]);
                    return Ok((at, true));
                }
                (b']', _) => return Err("the last record is incomplete"),
                _ => return Err("something other than a number stands among the numbers"),
            }
        }
        if self.place == Place::Within {
            if self.held.len() + (at - begin) > MOST_DIGITS {
                return Err("a number has more than 19 digits");
            }
            out.extend_from_slice(&bytes[passed..begin]);
            self.held.extend_from_slice(&bytes[begin..]);
        } else {
            out.extend_from_slice(&bytes[passed..]);
        }
        Ok((at, false))
    }
}
