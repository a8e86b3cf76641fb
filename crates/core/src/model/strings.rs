//! Texts end to end in one blob, and where each ends.

use super::count::as_u32;
use super::interner::Pool;
use crate::Result;

/// A pool of texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Strings {
    blob: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Gives back what was allocated too much.
    pub(super) fn shrink(&mut self) {
        self.blob.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl Pool for Strings {
    type Value = str;
    const WHAT: &'static str = "distinct names";

    fn len(&self) -> usize {
        self.ends.len()
    }

    /// `""` when there is none.
    fn value(&self, number: u32) -> &str {
        let number = number as usize;
        let start = match number.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).map_or(0, |&end| end as usize),
        };
        let end = self.ends.get(number).map_or(0, |&end| end as usize);
        self.blob.get(start..end).unwrap_or("")
    }

    fn push(&mut self, text: &str) -> Result<()> {
        let end = as_u32(self.blob.len() + text.len(), "bytes of distinct names")?;
        self.blob.push_str(text);
        self.ends.push(end);
        Ok(())
    }
}
