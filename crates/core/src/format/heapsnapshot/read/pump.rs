//! The thread that reads: takes bytes from the source, decompresses them, cuts the text after commas, and, when the
//! thread that understands is behind, decodes the numbers for it. That keeps two cores busy whether the source is fast
//! (a cached file) or slow (compressed, a pipe).

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};

use super::chunk::{Chunk, CHUNK};
use super::decode::{decode, Stop};
use crate::format::compressed;

/// What comes through the channel; its end is the end of the text.
pub(super) type Message = io::Result<Chunk>;

/// Chunks that may wait.
pub(super) const WAITING: usize = 4;

/// A source that counts what was taken from it.
struct Counted<'a, R> {
    source: R,
    count: &'a AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.count.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

/// Reads `source` to its end into `chunks`, or until nobody wants more or `cancel` is set. `used` brings back chunks
/// for reuse.
pub(super) fn pump<R: Read>(
    source: R,
    count: &AtomicU64,
    cancel: &AtomicBool,
    chunks: &SyncSender<Message>,
    used: &Receiver<Chunk>,
) {
    let outcome = compressed::open(Counted { source, count }).and_then(|mut text| cut(&mut text, cancel, chunks, used));
    if let Err(error) = outcome {
        // Nobody listens any more: then nobody wants to know either.
        let _unheard = chunks.send(Err(error));
    }
}

fn cut(
    text: &mut dyn Read,
    cancel: &AtomicBool,
    chunks: &SyncSender<Message>,
    used: &Receiver<Chunk>,
) -> io::Result<()> {
    let mut carry = Vec::new();
    let mut offset = 0;
    // Whether the next chunk begins after a comma.
    let mut aligned = false;
    while !cancel.load(Ordering::Relaxed) {
        let mut chunk = used.try_recv().unwrap_or_default();
        if chunk.bytes.len() < carry.len() {
            chunk.bytes.resize(carry.len(), 0);
        }
        chunk.bytes[..carry.len()].copy_from_slice(&carry);
        let (length, failed) = fill(text, &mut chunk.bytes, carry.len());
        carry.clear();
        chunk.offset = offset;
        chunk.decoded = false;
        let comma = memchr::memrchr(b',', &chunk.bytes);
        if let (Some(comma), true) = (comma, length > 0 && failed.is_none()) {
            carry.extend_from_slice(&chunk.bytes[comma + 1..]);
            chunk.bytes.truncate(comma + 1);
        }
        offset += chunk.bytes.len() as u64;
        let decodable = aligned && comma.is_some() && failed.is_none();
        aligned = comma.is_some();
        // What came before the source failed counts: a compressed file that was cut off is whole until there.
        if !chunk.bytes.is_empty() && !send(chunk, decodable, chunks) {
            return Ok(());
        }
        match failed {
            Some(error) => return Err(error),
            None if length == 0 => return Ok(()),
            None => {}
        }
    }
    Ok(())
}

/// Hands `chunk` over, decoded if there is time for it. False when nobody wants it.
fn send(chunk: Chunk, decodable: bool, chunks: &SyncSender<Message>) -> bool {
    let mut chunk = match chunks.try_send(Ok(chunk)) {
        Ok(()) => return true,
        Err(TrySendError::Full(Ok(chunk))) => chunk,
        Err(_) => return false,
    };
    if decodable {
        chunk.numbers.clear();
        let (consumed, stop) = decode(&chunk.bytes, &mut chunk.numbers);
        chunk.decoded = stop == Stop::End && consumed == chunk.bytes.len();
    }
    chunks.send(Ok(chunk)).is_ok()
}

/// Reads into `bytes` from `start` on, until it is full or the text ends; returns how many bytes came, and what then failed.
fn fill(text: &mut dyn Read, bytes: &mut Vec<u8>, start: usize) -> (usize, Option<io::Error>) {
    let mut failed = None;
    // What a reused chunk held before need not be zeroed again.
    bytes.resize(start.max(CHUNK / 2) + CHUNK / 2, 0);
    let mut end = start;
    while end < bytes.len() {
        match text.read(&mut bytes[end..]) {
            Ok(0) => break,
            Ok(length) => end += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    bytes.truncate(end);
    (end - start, failed)
}
