//! Bytes of a source, one at a time or a run at a time, counted. Knows no JSON beyond its white space.

use std::io::{ErrorKind, Read};

use crate::{Error, Result};

/// Bytes that are asked for at once.
const WINDOW: usize = 64 * 1024;

/// A source and the part of it that was read ahead.
pub(super) struct Bytes<R> {
    source: R,
    window: Box<[u8]>,
    position: usize,
    filled: usize,
    /// Bytes before the window.
    before: u64,
}

impl<R: Read> Bytes<R> {
    pub(super) fn new(source: R) -> Self {
        Bytes {
            source,
            window: vec![0; WINDOW].into_boxed_slice(),
            position: 0,
            filled: 0,
            before: 0,
        }
    }

    /// How many bytes were passed.
    pub(super) fn offset(&self) -> u64 {
        self.before + self.position as u64
    }

    /// What was read ahead and not passed; empty at the end of the source.
    pub(super) fn ahead(&mut self) -> Result<&[u8]> {
        if self.position == self.filled {
            self.fill()?;
        }
        Ok(&self.window[self.position..self.filled])
    }

    /// Passes `count` bytes of those ahead.
    pub(super) fn advance(&mut self, count: usize) {
        self.position = self.filled.min(self.position + count);
    }

    /// The next byte, left where it is.
    pub(super) fn peek(&mut self) -> Result<Option<u8>> {
        if self.position == self.filled {
            self.fill()?;
        }
        Ok(self.window[..self.filled].get(self.position).copied())
    }

    /// The next byte, passed.
    pub(super) fn next(&mut self) -> Result<Option<u8>> {
        let byte = self.peek()?;
        self.advance(usize::from(byte.is_some()));
        Ok(byte)
    }

    /// Passes the byte that was peeked.
    pub(super) fn skip(&mut self) {
        self.advance(1);
    }

    /// Passes white space.
    pub(super) fn skip_space(&mut self) -> Result<()> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek()? {
            self.skip();
        }
        Ok(())
    }

    fn fill(&mut self) -> Result<()> {
        self.before += self.filled as u64;
        (self.position, self.filled) = (0, 0);
        loop {
            match self.source.read(&mut self.window) {
                Ok(count) => {
                    self.filled = count.min(WINDOW);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(source) => {
                    return Err(Error::Input {
                        offset: self.before,
                        source,
                    })
                }
            }
        }
    }
}
