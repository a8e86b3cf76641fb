//! A text on its way from a producer thread to whoever reads it, through a bounded tokio channel.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::JoinHandle;

use tokio::sync::mpsc;

use super::pipeline::{guarded, Produce, Running};
use super::runtime::spawn_thread;
use crate::error::{Error, Result};

/// Bytes that may wait in the channel, in chunks of whatever size: at least two, at most `MOST_CHUNKS`. One more is being
/// filled, and as many as had waited are in the reader's hands.
const CHANNEL_BYTES: usize = 1 << 20;
const MOST_CHUNKS: usize = 20;

enum Message {
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

/// The producer's end: collects bytes into chunks of equal size and waits while the channel is full. No chunk ends inside a
/// character: up to three bytes then go into the next one, because readers put chunks together as strings.
struct TextWriter {
    sender: mpsc::Sender<Message>,
    aborted: Arc<AtomicBool>,
    chunk_size: usize,
    buffer: Vec<u8>,
    filled_one: bool,
}

impl TextWriter {
    /// Sends what is there, but for the last `kept` bytes.
    fn send(&mut self, kept: usize) -> io::Result<()> {
        if self.aborted.load(Ordering::Relaxed) {
            // Not `Interrupted`: `write_all` would try again for ever.
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let mut chunk = std::mem::take(&mut self.buffer);
        if kept > 0 {
            self.buffer.reserve_exact(self.chunk_size);
            self.buffer.extend_from_slice(&chunk[chunk.len() - kept..]);
            chunk.truncate(chunk.len() - kept);
        }
        self.sender
            .blocking_send(Message::Chunk(chunk))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn finish(mut self) {
        if self.buffer.is_empty() || self.send(0).is_ok() {
            // The reader may be gone; then nobody wants to know.
            let _ = self.sender.blocking_send(Message::End);
        }
    }

    fn fail(self, error: Error) {
        let _ = self.sender.blocking_send(Message::Failed(error));
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
/// The lock is a plain one, and what `abort` does needs no thread-local of tokio's: it also runs at the end of the process, when
/// those are gone.
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
    let mut writer = TextWriter {
        sender,
        aborted: Arc::clone(&aborted),
        chunk_size,
        buffer: Vec::new(),
        filled_one: false,
    };
    let thread = spawn_thread(move || match guarded(produce, &mut writer) {
        Ok(_) => writer.finish(),
        Err(error) => writer.fail(error),
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
    guarded(produce, &mut text)?;
    Ok(Arc::new(TextStream {
        reader: Reader::new(None, chunks_of(text, chunk_size.max(1))),
        aborted: Arc::default(),
        thread: Mutex::new(None),
    }))
}

/// Chunks of a text, as `TextWriter` cuts it.
fn chunks_of(text: Vec<u8>, chunk_size: usize) -> VecDeque<Vec<u8>> {
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

impl TextStream {
    fn reader(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next chunk and those that wait behind it; `None` at the end.
    pub async fn next(&self) -> Result<Option<Vec<Vec<u8>>>> {
        let first = poll_fn(|context| self.reader().poll_next(context)).await?;
        let Some(first) = first else { return Ok(None) };
        let mut chunks = vec![first];
        let mut reader = self.reader();
        // What waits is taken without a waker; an end or a failure behind it is for the next call.
        while chunks.len() < MOST_CHUNKS {
            if let Some(chunk) = reader.spooled.pop_front() {
                chunks.push(chunk);
                continue;
            }
            match reader.receiver.as_mut().map(mpsc::Receiver::try_recv) {
                Some(Ok(Message::Chunk(chunk))) => chunks.push(chunk),
                Some(Ok(message)) => {
                    reader.put_back(message);
                    break;
                }
                _ => break,
            }
        }
        Ok(Some(chunks))
    }

    /// The next chunk; `None` at the end. Blocks the calling thread, which must not be one of the runtime's.
    pub fn next_blocking(&self) -> Result<Option<Vec<u8>>> {
        self.reader().next_blocking()
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

    /// Also frees what waits in the channel.
    fn abort(&self) {
        self.aborted.store(true, Ordering::Relaxed);
        {
            let mut reader = self.reader();
            reader.receiver = None;
            reader.spooled.clear();
            reader.wake();
        }
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
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::super::pipeline::Counts;
    use super::*;

    fn read_all(stream: &TextStream) -> Vec<Vec<u8>> {
        std::iter::from_fn(|| stream.next_blocking().unwrap()).collect()
    }

    fn writing(bytes: &'static [u8]) -> Produce {
        Box::new(|out| {
            out.write_all(bytes).map_err(|_| Error::Aborted)?;
            Ok(Counts::default())
        })
    }

    #[test]
    fn chunks_are_of_equal_size_and_the_last_is_shorter() {
        for make in [spawn_text, spool_text] {
            let stream = make(4, writing(b"0123456789")).unwrap();
            assert_eq!(read_all(&stream), [b"0123".to_vec(), b"4567".to_vec(), b"89".to_vec()]);
            assert!(stream.next_blocking().unwrap().is_none());
        }
    }

    #[test]
    fn no_chunk_ends_inside_a_character() {
        let text = "a\u{e4}\u{6f22}\u{1f600}".repeat(20);
        for (size, shift, make) in
            (4..32).flat_map(|size| (0..4).flat_map(move |shift| [(size, shift, true), (size, shift, false)]))
        {
            let text: &'static str = format!("{}{text}", "x".repeat(shift)).leak();
            let make = if make { spawn_text } else { spool_text };
            let chunks = read_all(&make(size, writing(text.as_bytes())).unwrap());
            for chunk in &chunks {
                assert!(std::str::from_utf8(chunk).is_ok(), "size {size}, shift {shift}");
                assert!(chunk.len() <= size);
            }
            for chunk in &chunks[..chunks.len() - 1] {
                assert!(chunk.len() + 3 >= size);
            }
            assert_eq!(chunks.concat(), text.as_bytes());
        }
    }

    #[test]
    fn bytes_that_are_no_utf8_and_chunks_of_a_byte_come_through() {
        for text in [&[0x80; 50], &[0xF0; 50], "\u{1f600}".as_bytes()] as [&[u8]; 3] {
            for size in 1..6 {
                for make in [spawn_text, spool_text] {
                    assert_eq!(read_all(&make(size, writing(text)).unwrap()).concat(), text);
                }
            }
        }
    }

    #[test]
    fn what_waits_comes_at_once_and_then_the_end() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stream = spawn_text(1, writing(b"0123456789")).unwrap();
        stream.settle();
        let chunks = runtime.block_on(stream.next()).unwrap().unwrap();
        assert_eq!((chunks.concat(), chunks.len()), (b"0123456789".to_vec(), 10));
        assert!(runtime.block_on(stream.next()).unwrap().is_none());
    }

    #[test]
    fn who_waits_is_woken_by_settling_and_by_an_abort() {
        for abort in [false, true] {
            let (go, wait) = std::sync::mpsc::channel::<()>();
            let stream = spawn_text(
                4,
                Box::new(move |out| {
                    let _ = wait.recv();
                    writing(b"0123")(out)
                }),
            )
            .unwrap();
            let reading = Arc::clone(&stream);
            let reader = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(reading.next())
            });
            while stream.reader().waiting.is_none() {
                std::thread::yield_now();
            }
            if abort {
                drop(go);
                stream.abort();
                assert!(matches!(reader.join().unwrap(), Err(Error::Aborted)));
            } else {
                go.send(()).unwrap();
                stream.settle();
                assert_eq!(reader.join().unwrap().unwrap().unwrap(), [b"0123".to_vec()]);
            }
        }
    }

    #[test]
    fn a_producer_that_fails_or_panics_says_why() {
        let failing = spawn_text(4, Box::new(|_| Err(Error::WalkFailed))).unwrap();
        assert!(matches!(failing.next_blocking(), Err(Error::WalkFailed)));
        let panicking = spawn_text(4, Box::new(|_| panic!("of a test"))).unwrap();
        let Err(error) = panicking.next_blocking() else {
            panic!()
        };
        assert!(error.to_string().contains("of a test"));
        assert!(spool_text(4, Box::new(|_| panic!("of a test"))).is_err());
    }

    #[test]
    fn settling_frees_a_waiting_producer_and_loses_nothing() {
        let stream = spawn_text(1, writing(&[7; 100])).unwrap();
        stream.settle();
        assert_eq!(read_all(&stream).concat(), [7; 100]);
    }

    #[test]
    fn an_abort_ends_a_producer_that_is_busy() {
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let stream = spawn_text(
            1,
            Box::new(move |out| {
                let _ = wait.recv();
                writing(&[7; 100])(out)
            }),
        )
        .unwrap();
        stream.aborted.store(true, Ordering::Relaxed);
        go.send(()).unwrap();
        stream.abort();
        assert!(matches!(stream.next_blocking(), Err(Error::Aborted)));
    }

    #[test]
    fn an_abort_ends_a_producer_that_waits_for_room() {
        let stream = spawn_text(
            1,
            Box::new(|out| loop {
                out.write_all(b"x").map_err(|_| Error::Aborted)?;
            }),
        )
        .unwrap();
        stream.abort();
        assert!(matches!(stream.next_blocking(), Err(Error::Aborted)));
    }
}
