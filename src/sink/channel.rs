//! A text on its way from a producer thread to whoever reads it, through a bounded tokio channel.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::mpsc::OwnedPermit;
use tokio::sync::{mpsc, Mutex};

use super::runtime::{block_on, runtime};
use crate::error::{Error, Result};

/// Chunks that may wait in the channel. The place is taken when a chunk is begun: there is one that is being filled or waits,
/// and one in the reader's hands.
const CHANNEL_CHUNKS: usize = 1;

enum Message {
    Chunk(Vec<u8>),
    /// The text is complete. A channel that closes without it was cut off.
    End,
    /// The text cannot be completed.
    Failed(Error),
}

/// The producer's end: collects bytes into chunks of equal size and waits while the channel is full.
pub struct TextWriter {
    sender: mpsc::Sender<Message>,
    aborted: Arc<AtomicBool>,
    /// That of the chunks that are not begun yet.
    chunk_size: Arc<AtomicUsize>,
    buffer: Vec<u8>,
    /// That of the chunk in `buffer`.
    size: usize,
    /// The place of the chunk in `buffer`.
    place: Option<OwnedPermit<Message>>,
    filled_one: bool,
    sent: bool,
}

impl TextWriter {
    /// Forgets what was written. `false` when some of it is with the reader, or on the way.
    pub fn restart(&mut self) -> bool {
        self.buffer.clear();
        !self.sent
    }

    /// Waits for the place of the next chunk. No memory is taken for it before.
    fn begin(&mut self) -> io::Result<()> {
        if self.place.is_none() {
            let place = block_on(self.sender.clone().reserve_owned());
            self.place = Some(place.map_err(|_| io::ErrorKind::BrokenPipe)?);
            self.size = self.chunk_size.load(Ordering::Relaxed);
        }
        Ok(())
    }

    fn send(&mut self) -> io::Result<()> {
        if self.aborted.load(Ordering::Relaxed) {
            // Not `Interrupted`: `write_all` would try again for ever.
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let Some(place) = self.place.take() else {
            return Err(io::Error::other("a chunk without a place"));
        };
        self.sent = true;
        place.send(Message::Chunk(std::mem::take(&mut self.buffer)));
        Ok(())
    }

    fn finish(mut self) {
        let whole = self.buffer.is_empty() || self.send().is_ok();
        self.place = None;
        if whole {
            // The reader may be gone; then nobody wants to know.
            let _ = self.sender.blocking_send(Message::End);
        }
    }
}

impl Write for TextWriter {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.begin()?;
        // A short text gets a short buffer; who has filled one chunk will fill more.
        if self.buffer.capacity() == 0 && self.filled_one {
            self.buffer.reserve_exact(self.size);
        }
        let room = self.size - self.buffer.len();
        let taken = data.len().min(room);
        self.buffer.extend_from_slice(&data[..taken]);
        if self.buffer.len() == self.size {
            self.filled_one = true;
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Reader {
    receiver: mpsc::Receiver<Message>,
    spooled: VecDeque<Vec<u8>>,
    ended: bool,
}

impl Reader {
    fn accept(&mut self, message: Option<Message>) -> Result<Option<Vec<u8>>> {
        match message {
            Some(Message::Chunk(chunk)) => Ok(Some(chunk)),
            Some(Message::End) => {
                self.ended = true;
                Ok(None)
            }
            Some(Message::Failed(error)) => Err(error),
            None => Err(Error::Aborted),
        }
    }

    /// Takes nothing more, and frees what waits.
    fn close(&mut self) {
        self.receiver.close();
        while self.receiver.try_recv().is_ok() {}
    }
}

/// Why a text was not written to its end: a [`TextWriter`] fails only when nobody reads any more; anything else is ours.
pub fn unread(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::Aborted,
        _ => Error::Internal(error.to_string()),
    }
}

/// The reader's end. Any thread may hold it; one reads at a time.
pub struct TextStream {
    reader: Mutex<Reader>,
    aborted: Arc<AtomicBool>,
    chunk_size: Arc<AtomicUsize>,
    thread: SyncMutex<Option<JoinHandle<()>>>,
}

/// Runs `produce` on a thread of its own and returns the stream of what it writes, in chunks of `chunk_size` bytes.
/// When `produce` fails, the stream ends with its error; when it panics, with [`Error::Aborted`].
pub fn spawn_text(
    chunk_size: usize,
    produce: impl FnOnce(&mut TextWriter) -> Result<()> + Send + 'static,
) -> Result<Arc<TextStream>> {
    let (sender, receiver) = mpsc::channel(CHANNEL_CHUNKS);
    let aborted = Arc::new(AtomicBool::new(false));
    let chunk_size = Arc::new(AtomicUsize::new(chunk_size));
    let mut writer = TextWriter {
        sender,
        aborted: Arc::clone(&aborted),
        chunk_size: Arc::clone(&chunk_size),
        buffer: Vec::new(),
        size: 0,
        place: None,
        filled_one: false,
        sent: false,
    };
    let thread = thread::Builder::new()
        .name("rs-profiler".to_string())
        .spawn(move || {
            let produced = catch_unwind(AssertUnwindSafe(|| produce(&mut writer)));
            match produced {
                Ok(Ok(())) => writer.finish(),
                // The reader may be gone; then nobody wants to know.
                Ok(Err(error)) => {
                    writer.place = None;
                    let _ = writer.sender.blocking_send(Message::Failed(error));
                }
                Err(_) => {}
            }
        })
        .map_err(Error::NoThread)?;
    Ok(Arc::new(TextStream {
        reader: Mutex::new(Reader {
            receiver,
            spooled: VecDeque::new(),
            ended: false,
        }),
        aborted,
        chunk_size,
        thread: SyncMutex::new(Some(thread)),
    }))
}

impl TextStream {
    /// The next chunk; `None` at the end.
    pub async fn next(&self) -> Result<Option<Vec<u8>>> {
        let mut reader = self.reader.lock().await;
        if let Some(chunk) = reader.spooled.pop_front() {
            return Ok(Some(chunk));
        }
        if reader.ended {
            return Ok(None);
        }
        let message = reader.receiver.recv().await;
        reader.accept(message)
    }

    /// The next chunk; `None` at the end. Blocks the calling thread, which must not be one of the runtime's.
    pub fn next_blocking(&self) -> Result<Option<Vec<u8>>> {
        let mut reader = self.reader.blocking_lock();
        if let Some(chunk) = reader.spooled.pop_front() {
            return Ok(Some(chunk));
        }
        if reader.ended {
            return Ok(None);
        }
        let message = reader.receiver.blocking_recv();
        reader.accept(message)
    }

    /// Changes the size of the chunks that the producer has not begun yet. Bytes, 1 at least.
    pub fn set_chunk_size(&self, bytes: usize) {
        self.chunk_size.store(bytes.max(1), Ordering::Relaxed);
    }

    /// Takes all that is still to come into memory and returns when the producer has ended.
    pub fn spool(&self) {
        {
            let mut reader = self.reader.blocking_lock();
            while !reader.ended {
                let message = reader.receiver.blocking_recv();
                match reader.accept(message) {
                    Ok(Some(chunk)) => reader.spooled.push_back(chunk),
                    Ok(None) => {}
                    Err(_) => break,
                }
            }
        }
        self.join();
    }

    /// Stops the producer, frees what waits in the channel, and returns when the producer has ended.
    pub fn abort(&self) {
        self.aborted.store(true, Ordering::Relaxed);
        {
            let mut reader = self.reader.blocking_lock();
            reader.close();
            reader.spooled.clear();
        }
        self.join();
        // A chunk that was on its way when the channel closed.
        self.reader.blocking_lock().close();
    }

    /// Tells the producer that nobody wants the text any more. Does not wait for it.
    pub fn give_up(self: &Arc<Self>) {
        self.aborted.store(true, Ordering::Relaxed);
        if let Ok(mut reader) = self.reader.try_lock() {
            reader.close();
            return;
        }
        // Who holds the lock is reading, perhaps the last chunk ever; a producer may then wait for room that nobody makes.
        let stream = Arc::clone(self);
        if let Ok(runtime) = runtime() {
            runtime.spawn(async move { stream.reader.lock().await.close() });
        }
    }

    fn join(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // The producer catches its panics.
            let _ = thread.join();
        }
    }
}

impl Drop for TextStream {
    fn drop(&mut self) {
        // The receiver goes next; a producer that waits for room then ends by itself.
        self.aborted.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
