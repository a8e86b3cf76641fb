//! Cuts a text into chunks: as it is written, or all at once. No chunk ends inside a character, because readers put chunks
//! together as strings.

use std::collections::VecDeque;
use std::io::{self, Write};

use tokio::sync::mpsc;

use super::pipeline::End;
use crate::error::{Error, Result};

/// What goes through the channel.
pub(super) enum Message {
    Chunk(Vec<u8>),
    /// The text is complete. A channel that closes without it was cut off.
    End,
    /// The producer cannot go on, for this reason.
    Failed(Error),
}

/// How many bytes at the end of a text begin a character of UTF-8 without ending it.
fn cut_character(text: &[u8]) -> usize {
    for (back, byte) in (1..=3).zip(text.iter().rev()) {
        let length = match byte {
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF7 => 4,
            _ => 1,
        };
        return if length > back { back } else { 0 };
    }
    0
}

/// The channel as an end of the pipeline: collects bytes into chunks of equal size and waits while the channel is full. No chunk
/// ends inside a character: up to three bytes then go into the next one, because readers put chunks together as strings.
pub(super) struct TextWriter {
    sender: mpsc::Sender<Message>,
    chunk_size: usize,
    buffer: Vec<u8>,
    filled_one: bool,
    /// Nobody reads any more.
    deserted: bool,
}

impl TextWriter {
    pub(super) fn new(sender: mpsc::Sender<Message>, chunk_size: usize) -> TextWriter {
        TextWriter {
            sender,
            chunk_size,
            buffer: Vec::new(),
            filled_one: false,
            deserted: false,
        }
    }

    /// Sends what is there, but for the last `kept` bytes.
    fn send(&mut self, kept: usize) -> io::Result<()> {
        let mut chunk = std::mem::take(&mut self.buffer);
        if kept > 0 {
            self.buffer.reserve_exact(self.chunk_size);
            self.buffer.extend_from_slice(&chunk[chunk.len() - kept..]);
            chunk.truncate(chunk.len() - kept);
        }
        self.pass(Message::Chunk(chunk))
    }

    fn pass(&mut self, message: Message) -> io::Result<()> {
        self.sender.blocking_send(message).map_err(|_| {
            self.deserted = true;
            io::ErrorKind::BrokenPipe.into()
        })
    }

    /// The text ends here, with an error.
    pub(super) fn fail(mut self, error: Error) {
        // The reader may be gone; then nobody wants to know.
        let _ = self.pass(Message::Failed(error));
    }
}

impl Write for TextWriter {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        // A short text gets a short buffer; who has filled one chunk will fill more.
        if self.buffer.capacity() == 0 && self.filled_one {
            self.buffer.reserve_exact(self.chunk_size);
        }
        let room = self.chunk_size - self.buffer.len();
        let taken = data.len().min(room);
        self.buffer.extend_from_slice(&data[..taken]);
        if self.buffer.len() == self.chunk_size {
            self.filled_one = true;
            let kept = cut_character(&self.buffer);
            // A chunk smaller than its only character goes as it is.
            self.send(if kept < self.chunk_size { kept } else { 0 })?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl End for TextWriter {
    fn take_failure(&mut self) -> Option<Error> {
        std::mem::take(&mut self.deserted).then_some(Error::Aborted)
    }

    fn commit(&mut self) -> Result<()> {
        if !self.buffer.is_empty() {
            self.send(0).map_err(|_| Error::Aborted)?;
        }
        self.pass(Message::End).map_err(|_| Error::Aborted)
    }
}

/// Memory as an end.
impl End for Vec<u8> {
    fn take_failure(&mut self) -> Option<Error> {
        None
    }

    fn commit(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Chunks of a text, as `TextWriter` cuts it.
pub(super) fn chunks_of(text: Vec<u8>, chunk_size: usize) -> VecDeque<Vec<u8>> {
    let mut chunks = VecDeque::new();
    let mut rest = text.as_slice();
    while !rest.is_empty() {
        let mut length = rest.len().min(chunk_size);
        let kept = if length < rest.len() {
            cut_character(&rest[..length])
        } else {
            0
        };
        length -= if kept < length { kept } else { 0 };
        let (chunk, behind) = rest.split_at(length);
        chunks.push_back(chunk.to_vec());
        rest = behind;
    }
    chunks
}
