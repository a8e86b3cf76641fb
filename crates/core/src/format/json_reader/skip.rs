//! Passing a value of any kind and depth, checked like all others.

use std::io::Read;

use super::{JsonReader, Kind};
use crate::Result;

impl<R: Read> JsonReader<R> {
    /// Passes the next value. Takes one byte per level of nesting.
    pub(in super::super) fn skip_value(&mut self) -> Result<()> {
        // Of each open bracket, whether it is an object's.
        let mut open = Vec::new();
        loop {
            match self.kind()? {
                Kind::Object => {
                    self.begin_object("an object")?;
                    open.push(true);
                }
                Kind::Array => {
                    self.begin_array("an array")?;
                    open.push(false);
                }
                Kind::String => self.read_string()?,
                Kind::Number => {
                    self.number("a number")?;
                }
                Kind::Bool | Kind::Null => self.literal()?,
            }
            loop {
                let more = match open.last() {
                    None => return Ok(()),
                    Some(true) => self.next_key(|_| ())?.is_some(),
                    Some(false) => self.next_element()?,
                };
                if more {
                    break;
                }
                open.pop();
            }
        }
    }
}
