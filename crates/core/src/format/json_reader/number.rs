//! Numbers: whole ones exactly, others as JavaScript would have them.

use std::io::Read;

use super::{shown, JsonReader, Kind};
use crate::Result;

/// No number that means anything here has more digits; what is longer is damage.
const LONGEST: usize = 400;

/// A number of a JSON text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) enum Number {
    /// Written without fraction and exponent, and it fits.
    Whole(i64),
    /// Any other.
    Float(f64),
}

impl Number {
    /// The number if it is whole, however it was written.
    pub(in super::super) fn whole(self) -> Option<i64> {
        match self {
            Number::Whole(number) => Some(number),
            // The range in which every whole f64 is an i64.
            Number::Float(number) if number.fract() == 0.0 && number.abs() < 9.2e18 => Some(number as i64),
            Number::Float(_) => None,
        }
    }

    /// The number as f64.
    pub(in super::super) fn as_f64(self) -> f64 {
        match self {
            Number::Whole(number) => number as f64,
            Number::Float(number) => number,
        }
    }
}

impl<R: Read> JsonReader<R> {
    /// The next value, which has to be a number. `what` completes the error "... was expected".
    pub(in super::super) fn number(&mut self, what: &str) -> Result<Number> {
        if self.kind()? != Kind::Number {
            let byte = self.after_space()?;
            return Err(self.error(format!("{what} was expected, not {}", shown(byte))));
        }
        let start = self.offset();
        self.scratch.clear();
        loop {
            let byte = match self.bytes.peek()? {
                Some(byte @ (b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) => byte,
                Some(_) => break,
                // More digits may have been there. No format has a number that is the whole text.
                None => return Err(self.truncated()),
            };
            if self.scratch.len() == LONGEST {
                return Err(self.error_at(start, "a number has more than 400 digits"));
            }
            self.scratch.push(byte);
            self.bytes.skip();
        }
        self.comma = true;
        match parse(&self.scratch) {
            Some(number) => Ok(number),
            None => Err(self.error_at(start, format!("{what} was expected, not a malformed number"))),
        }
    }

    /// A whole number in the range of `T`.
    pub(in super::super) fn whole<T: TryFrom<i64>>(&mut self, what: &str) -> Result<T> {
        self.kind()?;
        let start = self.offset();
        let number = self.number(what)?;
        match number.whole().and_then(|number| T::try_from(number).ok()) {
            Some(number) => Ok(number),
            None => Err(self.error_at(start, format!("{what} was expected, not {}", number.as_f64()))),
        }
    }
}

/// The number that `text` is by the grammar of JSON.
fn parse(text: &[u8]) -> Option<Number> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if whole == 0 || (whole > 1 && digits[0] == b'0') {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    if whole == digits.len() {
        if let Ok(number) = text.parse() {
            return Some(Number::Whole(number));
        }
    }
    let mut rest = &digits[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = after_digits(fraction)?;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = after_digits(match exponent {
            [b'+' | b'-', digits @ ..] => digits,
            digits => digits,
        })?;
    }
    if !rest.is_empty() {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(Number::Float(number))
}

/// What follows at least one digit.
fn after_digits(text: &[u8]) -> Option<&[u8]> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count > 0).then(|| &text[count..])
}
