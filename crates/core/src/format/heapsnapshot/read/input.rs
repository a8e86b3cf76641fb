//! The chunks as one text, read byte by byte where speed does not matter and chunk by chunk where it does.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};

use super::chunk::Chunk;
use super::decode::is_space;
use super::fault::{Fault, Outcome};
use super::pump::Message;
use super::{Progress, ReadOptions};

pub(super) struct Input<'a> {
    chunk: Chunk,
    at: usize,
    chunks: Receiver<Message>,
    used: Sender<Chunk>,
    source_bytes: &'a AtomicU64,
    cancel: &'a AtomicBool,
    options: ReadOptions<'a>,
}

impl<'a> Input<'a> {
    pub(super) fn new(
        chunks: Receiver<Message>,
        used: Sender<Chunk>,
        source_bytes: &'a AtomicU64,
        cancel: &'a AtomicBool,
        options: ReadOptions<'a>,
    ) -> Self {
        Input {
            chunk: Chunk::default(),
            at: 0,
            chunks,
            used,
            source_bytes,
            cancel,
            options,
        }
    }

    /// Where the next byte lies in the text.
    pub(super) fn offset(&self) -> u64 {
        self.chunk.offset + self.at as u64
    }

    /// What is left of this chunk; empty only at the end of the text.
    pub(super) fn rest(&mut self) -> Outcome<&[u8]> {
        self.fill()?;
        Ok(&self.chunk.bytes[self.at..])
    }

    /// The numbers of this chunk, if it was decoded and nothing of it was read yet.
    pub(super) fn whole_numbers(&mut self) -> Outcome<Option<(&[u32], &[u8])>> {
        self.fill()?;
        let ready = self.chunk.decoded && self.at == 0;
        Ok(ready.then_some((&self.chunk.numbers, &self.chunk.bytes)))
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(super) fn skip_chunk(&mut self) {
        self.at = self.chunk.bytes.len();
    }

    /// The next byte, which is there.
    pub(super) fn byte(&mut self) -> Outcome<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Ok(byte)
    }

    pub(super) fn peek(&mut self) -> Outcome<u8> {
        match self.rest()?.first() {
            Some(&byte) => Ok(byte),
            None => Err(Fault::Cut { offset: self.offset() }),
        }
    }

    /// The next byte that is not white space.
    pub(super) fn token(&mut self) -> Outcome<u8> {
        self.peek_token()?;
        self.byte()
    }

    pub(super) fn peek_token(&mut self) -> Outcome<u8> {
        loop {
            let byte = self.peek()?;
            if !is_space(byte) {
                return Ok(byte);
            }
            self.at += 1;
        }
    }

    pub(super) fn expect(&mut self, wanted: u8) -> Outcome<()> {
        let found = self.peek_token()?;
        if found != wanted {
            let reason = format!("\"{}\" should stand here, not {}", wanted as char, shown(found));
            return Err(Fault::syntax(self.offset(), reason));
        }
        self.at += 1;
        Ok(())
    }

    fn fill(&mut self) -> Outcome<()> {
        while self.at >= self.chunk.bytes.len() {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Fault::Cancelled);
            }
            if let Some(progress) = self.options.progress {
                progress(Progress {
                    source_bytes: self.source_bytes.load(Ordering::Relaxed),
                    text_bytes: self.offset(),
                });
            }
            match self.chunks.recv() {
                Ok(Ok(chunk)) => {
                    let used = std::mem::replace(&mut self.chunk, chunk);
                    self.at = 0;
                    // The reading thread may have ended.
                    let _unused = self.used.send(used);
                }
                Ok(Err(source)) => return Err(self.source_fault(source)),
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// A compressed text that was cut off is a text that was cut off.
    fn source_fault(&self, source: std::io::Error) -> Fault {
        let offset = self.offset();
        if source.kind() == std::io::ErrorKind::UnexpectedEof {
            return Fault::Cut { offset };
        }
        Fault::Source { offset, source }
    }
}

/// A byte for an error message.
pub(super) fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() {
        format!("\"{}\"", byte as char)
    } else {
        format!("the byte 0x{byte:02X}")
    }
}
