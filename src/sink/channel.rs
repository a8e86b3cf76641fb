//! A text on its way from a producer thread to whoever reads it, through a bounded tokio channel.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::JoinHandle;

use tokio::sync::mpsc;

use super::pipeline::{run, Produce};
use super::task::{spawn_thread, Running};
use super::text_writer::{chunks_of, Message, TextWriter};
use crate::error::{Error, Result};

/// Bytes per chunk for a reader in JavaScript, as in the original packages.
pub const STREAM_CHUNK: usize = 51_200;
/// Bytes that may wait in the channel, in chunks of whatever size: at least two, at most `MOST_CHUNKS`. One more is being
/// filled, and as many as had waited are in the reader's hands.
const CHANNEL_BYTES: usize = 1 << 20;
const MOST_CHUNKS: usize = 20;

struct Reader {
    /// Gone when the text was given up.
    receiver: Option<mpsc::Receiver<Message>>,
    spooled: VecDeque<Vec<u8>>,
    ended: bool,
    /// Why there will be no more, behind what is spooled.
    failed: Option<Error>,
    /// Who waits for a chunk: woken when it is not the channel that has the news.
    waiting: Option<Waker>,
}

impl Reader {
    fn new(receiver: Option<mpsc::Receiver<Message>>, spooled: VecDeque<Vec<u8>>) -> Mutex<Reader> {
        Mutex::new(Reader {
            ended: receiver.is_none(),
            receiver,
            spooled,
            failed: None,
            waiting: None,
        })
    }

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

    /// Keeps an end or a failure for the next call.
    fn put_back(&mut self, message: Message) {
        match message {
            Message::Chunk(chunk) => self.spooled.push_back(chunk),
            Message::End => self.ended = true,
            Message::Failed(error) => self.failed = Some(error),
        }
    }

    /// Whether the next chunk is there.
    fn has_more(&self) -> bool {
        !self.spooled.is_empty() || self.receiver.as_ref().is_some_and(|receiver| !receiver.is_empty())
    }

    /// What is there without the channel.
    fn ready(&mut self) -> Option<Result<Option<Vec<u8>>>> {
        if let Some(chunk) = self.spooled.pop_front() {
            return Some(Ok(Some(chunk)));
        }
        if let Some(error) = self.failed.take() {
            self.receiver = None;
            return Some(Err(error));
        }
        match (self.ended, &self.receiver) {
            (true, _) => Some(Ok(None)),
            (false, None) => Some(Err(Error::Aborted)),
            (false, Some(_)) => None,
        }
    }

    /// The next chunk; `None` at the end.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Vec<u8>>>> {
        if let Some(ready) = self.ready() {
            return Poll::Ready(ready);
        }
        let Some(receiver) = &mut self.receiver else {
            return Poll::Ready(Err(Error::Aborted));
        };
        match receiver.poll_recv(context) {
            Poll::Ready(message) => Poll::Ready(self.accept(message)),
            Poll::Pending => {
                self.waiting = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    /// The next chunk; `None` at the end. Waits for the producer.
    fn next_blocking(&mut self) -> Result<Option<Vec<u8>>> {
        if let Some(ready) = self.ready() {
            return ready;
        }
        let message = self.receiver.as_mut().ok_or(Error::Aborted)?.blocking_recv();
        self.accept(message)
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}

/// The reader's end. Any thread may hold it; one reads at a time.
///
/// The lock is a plain one, and `settle` and `abort` need no runtime: they also run while an environment ends, at the end of
/// the process too.
pub struct TextStream {
    reader: Mutex<Reader>,
    aborted: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Runs `produce` on a thread of its own and returns the stream of what it writes, in chunks of `chunk_size` bytes.
/// When `produce` fails or panics, so does the stream, behind what was written.
pub fn spawn_text(chunk_size: usize, produce: Produce) -> Result<Arc<TextStream>> {
    let chunk_size = chunk_size.max(1);
    let (sender, receiver) = mpsc::channel((CHANNEL_BYTES / chunk_size).clamp(2, MOST_CHUNKS));
    let aborted = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&aborted);
    let thread = spawn_thread(move || {
        let mut writer = TextWriter::new(sender, chunk_size);
        if let Err(error) = run(produce, &mut writer, &stop, &|_| {}) {
            writer.fail(error);
        }
    })?;
    Ok(Arc::new(TextStream {
        reader: Reader::new(Some(receiver), VecDeque::new()),
        aborted,
        thread: Mutex::new(Some(thread)),
    }))
}

/// Runs `produce` here and returns the stream of what it wrote, which is all in memory.
pub fn spool_text(chunk_size: usize, produce: Produce) -> Result<Arc<TextStream>> {
    let mut text = Vec::new();
    run(produce, &mut text, &AtomicBool::new(false), &|_| {})?;
    Ok(Arc::new(TextStream {
        reader: Reader::new(None, chunks_of(text, chunk_size.max(1))),
        aborted: Arc::default(),
        thread: Mutex::new(None),
    }))
}

impl TextStream {
    fn reader(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next chunk and those that wait behind it; `None` at the end. With `many`, waits for more of them, up to `MOST_CHUNKS`.
    pub async fn next(&self, many: bool) -> Result<Option<Vec<Vec<u8>>>> {
        let next = || poll_fn(|context| self.reader().poll_next(context));
        let Some(first) = next().await? else { return Ok(None) };
        let mut chunks = vec![first];
        while chunks.len() < MOST_CHUNKS {
            if !many && !self.reader().has_more() {
                break;
            }
            match next().await {
                Ok(Some(chunk)) => chunks.push(chunk),
                Ok(None) => break,
                Err(error) => {
                    // For the next call.
                    self.reader().put_back(Message::Failed(error));
                    break;
                }
            }
        }
        Ok(Some(chunks))
    }

    /// The next chunk; `None` at the end. Blocks the calling thread, which must not be one of the runtime's.
    pub fn next_blocking(&self) -> Result<Option<Vec<u8>>> {
        self.reader().next_blocking()
    }

    /// Lets go of what waits in the channel, and has the producer end, as soon as it writes. Does not wait for it.
    pub fn give_up(&self) {
        self.aborted.store(true, Ordering::Relaxed);
        let mut reader = self.reader();
        reader.receiver = None;
        reader.spooled.clear();
        reader.wake();
    }

    fn join(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // The producer catches its panics.
            let _ = thread.join();
        }
    }
}

impl Running for TextStream {
    /// Takes all that is still to come into memory.
    fn settle(&self) {
        {
            let mut reader = self.reader();
            let mut chunks = std::mem::take(&mut reader.spooled);
            loop {
                match reader.next_blocking() {
                    Ok(Some(chunk)) => chunks.push_back(chunk),
                    Ok(None) => break,
                    Err(error) => {
                        reader.put_back(Message::Failed(error));
                        break;
                    }
                }
            }
            reader.spooled = chunks;
            reader.wake();
        }
        self.join();
    }

    fn abort(&self) {
        self.give_up();
        self.join();
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
