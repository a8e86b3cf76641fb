//! A text that JavaScript hands over piece by piece, read by another thread: how a Readable is analysed while it arrives.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

/// As many pieces wait at most before JavaScript is told to wait.
const WAITING: usize = 8;

#[derive(Debug, Default)]
struct Queue {
    pieces: VecDeque<Vec<u8>>,
    ended: bool,
    /// The stream broke, or the reader is gone.
    broken: bool,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where JavaScript writes.
#[napi]
#[derive(Default)]
pub struct NativeFeed {
    shared: Arc<Shared>,
}

#[napi]
impl NativeFeed {
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        NativeFeed::default()
    }

    /// Takes a piece, and says whether more may come at once. Copied: JavaScript may change its own meanwhile.
    #[napi(catch_unwind)]
    pub fn push(&self, piece: Buffer) -> bool {
        let mut queue = self.shared.lock();
        if !queue.broken && !piece.is_empty() {
            queue.pieces.push_back(piece.to_vec());
            self.shared.changed.notify_one();
        }
        queue.pieces.len() < WAITING
    }

    /// Whether more may come.
    #[napi(catch_unwind)]
    pub fn is_open(&self) -> bool {
        self.shared.lock().pieces.len() < WAITING
    }

    /// Whether nobody reads any more.
    #[napi(catch_unwind)]
    pub fn is_broken(&self) -> bool {
        self.shared.lock().broken
    }

    /// There is no more; `broken` when there should have been.
    #[napi(catch_unwind)]
    pub fn end(&self, broken: bool) {
        let mut queue = self.shared.lock();
        queue.ended = true;
        queue.broken |= broken;
        self.shared.changed.notify_one();
    }
}

impl NativeFeed {
    pub fn reader(&self) -> FeedReader {
        FeedReader {
            shared: Arc::clone(&self.shared),
            piece: io::Cursor::default(),
        }
    }
}

/// Where a thread reads. Dropped, it takes no more.
pub struct FeedReader {
    shared: Arc<Shared>,
    piece: io::Cursor<Vec<u8>>,
}

impl Read for FeedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.piece.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            let mut queue = self.shared.lock();
            loop {
                if let Some(piece) = queue.pieces.pop_front() {
                    self.piece = io::Cursor::new(piece);
                    break;
                }
                match (queue.broken, queue.ended) {
                    (true, _) => return Err(io::ErrorKind::ConnectionAborted.into()),
                    (false, true) => return Ok(0),
                    (false, false) => {}
                }
                queue = self.shared.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

impl Drop for FeedReader {
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.broken = true;
        queue.pieces.clear();
    }
}
