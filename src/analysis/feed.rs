//! A text that comes piece by piece from one thread and is read by another: how a stream is opened while it arrives.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// As many bytes wait at most before whoever brings them is told to wait: enough for the reader to go on meanwhile.
const WAITING_BYTES: usize = 1 << 20;

/// Whether more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    More,
    Full,
    /// Nobody reads any more.
    Over,
}

type Waiter = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Queue {
    pieces: VecDeque<Vec<u8>>,
    bytes: usize,
    ended: bool,
    /// There should have been more, or the reader is gone.
    broken: bool,
    /// Who waits for room.
    waiting: Option<Waiter>,
}

impl Queue {
    fn room(&self) -> Room {
        match (self.broken, self.bytes < WAITING_BYTES) {
            (true, _) => Room::Over,
            (false, true) => Room::More,
            (false, false) => Room::Full,
        }
    }
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn break_off(&self) {
        let waiter = {
            let mut queue = self.lock();
            queue.broken = true;
            queue.pieces.clear();
            queue.waiting.take()
        };
        self.changed.notify_one();
        if let Some(waiter) = waiter {
            waiter();
        }
    }
}

/// Where pieces are brought.
#[derive(Clone, Default)]
pub struct Feed {
    shared: Arc<Shared>,
}

impl Feed {
    /// Takes a piece, and says whether more may come at once.
    pub fn push(&self, piece: Vec<u8>) -> Room {
        let mut queue = self.shared.lock();
        if !queue.broken && !piece.is_empty() {
            queue.bytes += piece.len();
            queue.pieces.push_back(piece);
            self.shared.changed.notify_one();
        }
        queue.room()
    }

    /// Calls `waiter` when there is room, or nobody reads any more; now, perhaps.
    pub fn when_room(&self, waiter: impl FnOnce() + Send + 'static) {
        let mut queue = self.shared.lock();
        if queue.room() == Room::Full {
            queue.waiting = Some(Box::new(waiter));
        } else {
            drop(queue);
            waiter();
        }
    }

    /// The text is whole.
    pub fn end(&self) {
        self.shared.lock().ended = true;
        self.shared.changed.notify_one();
    }

    /// There will be no more, though there should. Repeatable.
    pub fn break_off(&self) {
        self.shared.break_off();
    }

    pub(super) fn reader(&self) -> FeedReader {
        FeedReader {
            shared: Arc::clone(&self.shared),
            piece: io::Cursor::default(),
        }
    }
}

/// Where a thread reads. Dropped, it takes no more.
pub(super) struct FeedReader {
    shared: Arc<Shared>,
    piece: io::Cursor<Vec<u8>>,
}

impl FeedReader {
    /// Waits for the next piece; none at the end.
    fn next(&self) -> io::Result<Option<Vec<u8>>> {
        let mut queue = self.shared.lock();
        loop {
            if let Some(piece) = queue.pieces.pop_front() {
                queue.bytes -= piece.len();
                let waiter = (queue.room() == Room::More).then(|| queue.waiting.take()).flatten();
                drop(queue);
                if let Some(waiter) = waiter {
                    waiter();
                }
                return Ok(Some(piece));
            }
            match (queue.broken, queue.ended) {
                // Not `Interrupted`: readers would try again for ever.
                (true, _) => return Err(io::ErrorKind::ConnectionAborted.into()),
                (false, true) => return Ok(None),
                (false, false) => {}
            }
            queue = self.shared.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Read for FeedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.piece.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            match self.next()? {
                Some(piece) => self.piece = io::Cursor::new(piece),
                None => return Ok(0),
            }
        }
    }
}

impl Drop for FeedReader {
    fn drop(&mut self) {
        self.shared.break_off();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn pieces_are_one_text_and_more_come_when_there_is_room() {
        let feed = Feed::default();
        let mut reader = feed.reader();
        assert_eq!(feed.push(b"ab".to_vec()), Room::More);
        assert_eq!(feed.push(vec![b'c'; WAITING_BYTES]), Room::Full);
        let (told, heard) = mpsc::channel();
        feed.when_room(move || {
            let _ = told.send(());
        });
        assert!(heard.try_recv().is_err());
        feed.end();
        let mut text = Vec::new();
        assert_eq!(reader.read_to_end(&mut text).ok(), Some(WAITING_BYTES + 2));
        assert!(text.starts_with(b"abc"));
        assert_eq!(heard.recv(), Ok(()));
    }

    #[test]
    fn who_waits_for_room_is_told_when_nobody_reads_any_more() {
        let feed = Feed::default();
        let reader = feed.reader();
        assert_eq!(feed.push(vec![0; WAITING_BYTES]), Room::Full);
        let (told, heard) = mpsc::channel();
        feed.when_room(move || {
            let _ = told.send(());
        });
        drop(reader);
        assert_eq!(heard.recv(), Ok(()));
        assert_eq!(feed.push(vec![1]), Room::Over);
    }

    #[test]
    fn a_text_that_is_broken_off_has_no_end() {
        let feed = Feed::default();
        let mut reader = feed.reader();
        feed.break_off();
        let failed = reader.read(&mut [0]).map_err(|error| error.kind());
        assert_eq!(failed, Err(io::ErrorKind::ConnectionAborted));
    }
}
