//! Bytes on their way to a sink, handed over in chunks of some 64 KiB. The only place where writing stops early.

use std::io::Write;

use crate::{Error, Result};

/// Bytes that are handed over at once.
pub(super) const CHUNK: usize = 64 * 1024;

/// A sink and the bytes it has yet to get.
pub(super) struct Chunks<W> {
    sink: W,
    buffer: Vec<u8>,
    handed_over: u64,
}

impl<W: Write> Chunks<W> {
    pub(super) fn new(sink: W) -> Self {
        // A quarter more than a chunk, so that the thing that fills it does not make it grow.
        Chunks {
            sink,
            buffer: Vec::with_capacity(CHUNK + CHUNK / 4),
            handed_over: 0,
        }
    }

    /// Where to append.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Hands the bytes over if a chunk has come together.
    pub(super) fn spill(&mut self) -> Result<()> {
        if self.buffer.len() < CHUNK {
            return Ok(());
        }
        self.hand_over()
    }

    /// Hands over what is left. Returns how many bytes there were in all.
    pub(super) fn finish(mut self) -> Result<u64> {
        self.hand_over()?;
        Ok(self.handed_over)
    }

    fn hand_over(&mut self) -> Result<()> {
        self.sink.write_all(&self.buffer).map_err(|source| Error::Sink {
            offset: self.handed_over,
            source,
        })?;
        self.handed_over += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}
