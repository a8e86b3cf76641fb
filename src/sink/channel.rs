//! A text on its way from a producer thread to whoever reads it, through a bounded tokio channel.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, Mutex};

use crate::error::{Error, Result};

/// Chunks that may wait in the channel. One more is being filled and one is in the reader's hands.
const CHANNEL_CHUNKS: usize = 2;

enum Message {
    Chunk(Vec<u8>),
    /// The text is complete. A channel that closes without it was cut off.
    End,
}

/// The producer's end: collects bytes into chunks of equal size and waits while the channel is full.
pub struct TextWriter {
    sender: mpsc::Sender<Message>,
    aborted: Arc<AtomicBool>,
    chunk_size: usize,
    buffer: Vec<u8>,
    filled_one: bool,
}

impl TextWriter {
    fn send(&mut self) -> io::Result<()> {
        if self.aborted.load(Ordering::Relaxed) {
            // Not `Interrupted`: `write_all` would try again for ever.
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let chunk = std::mem::take(&mut self.buffer);
        self.sender
            .blocking_send(Message::Chunk(chunk))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn finish(mut self) {
        if self.buffer.is_empty() || self.send().is_ok() {
            // The reader may be gone; then nobody wants to know.
            let _ = self.sender.blocking_send(Message::End);
        }
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
            None => Err(Error::Aborted),
        }
    }
}

/// The reader's end. Any thread may hold it; one reads at a time.
pub struct TextStream {
    reader: Mutex<Reader>,
    aborted: Arc<AtomicBool>,
    thread: SyncMutex<Option<JoinHandle<()>>>,
}

/// Runs `produce` on a thread of its own and returns the stream of what it writes, in chunks of `chunk_size` bytes.
/// When `produce` fails or panics, the stream ends with [`Error::Aborted`].
pub fn spawn_text(
    chunk_size: usize,
    produce: impl FnOnce(&mut TextWriter) -> io::Result<()> + Send + 'static,
) -> Result<Arc<TextStream>> {
    let (sender, receiver) = mpsc::channel(CHANNEL_CHUNKS);
    let aborted = Arc::new(AtomicBool::new(false));
    let mut writer = TextWriter {
        sender,
        aborted: Arc::clone(&aborted),
        chunk_size,
        buffer: Vec::new(),
        filled_one: false,
    };
    let thread = thread::Builder::new()
        .name("rs-profiler".to_string())
        .spawn(move || {
            let produced = catch_unwind(AssertUnwindSafe(|| produce(&mut writer)));
            if matches!(produced, Ok(Ok(()))) {
                writer.finish();
            }
        })
        .map_err(|error| Error::Internal(format!("no thread for an export: {error}")))?;
    Ok(Arc::new(TextStream {
        reader: Mutex::new(Reader {
            receiver,
            spooled: VecDeque::new(),
            ended: false,
        }),
        aborted,
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
            reader.receiver.close();
            while reader.receiver.try_recv().is_ok() {}
            reader.spooled.clear();
        }
        self.join();
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
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn read_all(stream: &TextStream) -> Vec<Vec<u8>> {
        std::iter::from_fn(|| stream.next_blocking().unwrap()).collect()
    }

    #[test]
    fn chunks_are_of_equal_size_and_the_last_is_shorter() {
        let stream = spawn_text(4, |out| out.write_all(b"0123456789")).unwrap();
        assert_eq!(read_all(&stream), [b"0123".to_vec(), b"4567".to_vec(), b"89".to_vec()]);
    }

    #[test]
    fn a_producer_that_fails_or_panics_cuts_the_stream_off() {
        let failing = spawn_text(4, |_| Err(io::ErrorKind::Other.into())).unwrap();
        assert!(matches!(failing.next_blocking(), Err(Error::Aborted)));
        let panicking = spawn_text(4, |_| panic!("test")).unwrap();
        assert!(matches!(panicking.next_blocking(), Err(Error::Aborted)));
    }

    #[test]
    fn spooling_frees_a_waiting_producer_and_loses_nothing() {
        let stream = spawn_text(1, |out| out.write_all(&[7; 100])).unwrap();
        stream.spool();
        assert_eq!(read_all(&stream).concat(), [7; 100]);
    }

    #[test]
    fn an_abort_ends_a_producer_that_is_busy() {
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let stream = spawn_text(1, move |out| {
            let _ = wait.recv();
            out.write_all(&[7; 100])
        })
        .unwrap();
        stream.aborted.store(true, Ordering::Relaxed);
        go.send(()).unwrap();
        stream.abort();
        assert!(matches!(stream.next_blocking(), Err(Error::Aborted)));
    }

    #[test]
    fn an_abort_ends_a_producer_that_waits_for_room() {
        let stream = spawn_text(1, |out| loop {
            out.write_all(b"x")?;
        })
        .unwrap();
        stream.abort();
        assert!(matches!(stream.next_blocking(), Err(Error::Aborted)));
    }
}
