//! A stage that only a forked child has: it says in the header of a heap snapshot that the child has numbered the objects for
//! itself. V8's ids are then those of a process that is gone, and two such snapshots are not to be compared by them.
//!
//! `stable_ids` and `isolation` are read by the core; Chrome DevTools passes over a key that it does not know.
//!
//! What it may not do: allocate, take a lock.

use std::io::{self, Write};

/// How V8 begins the text.
const OPENING: &[u8] = b"{\"snapshot\":{";
const MARK: &[u8] = b"\"rs_profiler\":{\"isolation\":\"fork\",\"stable_ids\":false},";

/// Passes a text on, with the mark behind its opening.
pub struct Mark<'a> {
    next: &'a mut dyn Write,
    /// What of the opening is still to come.
    opening: &'static [u8],
}

impl<'a> Mark<'a> {
    pub fn new(next: &'a mut dyn Write) -> Mark<'a> {
        Mark { next, opening: OPENING }
    }
}

impl Write for Mark<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.opening.is_empty() {
            return self.next.write(data);
        }
        let (now, later) = self.opening.split_at(self.opening.len().min(data.len()));
        if !data.starts_with(now) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.next.write_all(now)?;
        self.opening = later;
        if later.is_empty() {
            self.next.write_all(MARK)?;
        }
        Ok(now.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.next.flush()
    }
}
