//! Heap snapshots: taken on the isolate's thread, serialised on another, deleted when the last export has ended.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use super::environment::Environment;
use crate::error::{Error, Result};
use crate::sink::{spawn_text, write_file_blocking, Target, TextStream, TextWriter};
use crate::v8::{HeapSnapshot, SnapshotText};

/// What V8 shall show.
#[derive(Debug, Clone, Copy, Default)]
pub struct SnapshotOptions {
    pub expose_internals: bool,
    pub expose_numeric_values: bool,
}

/// Pairs of done and total, as V8 reported them during the walk.
pub type Progress = Vec<(u32, u32)>;

/// A snapshot that JavaScript holds.
pub struct SnapshotSession {
    environment: Rc<Environment>,
    snapshot: RefCell<Option<HeapSnapshot>>,
    deleted: Cell<bool>,
    exports: Cell<usize>,
}

impl SnapshotSession {
    /// Walks the heap; this thread stands still meanwhile. Also returns the progress V8 reported.
    pub fn take(environment: &Rc<Environment>, options: SnapshotOptions) -> Result<(Rc<SnapshotSession>, Progress)> {
        let isolate = environment.isolate()?;
        let (snapshot, progress) = isolate.take_heap_snapshot(options.expose_internals, options.expose_numeric_values);
        let session = Rc::new(SnapshotSession {
            environment: Rc::clone(environment),
            snapshot: RefCell::new(Some(snapshot.ok_or(Error::WalkFailed)?)),
            deleted: Cell::new(false),
            exports: Cell::new(0),
        });
        environment.adopt_snapshot(&session);
        Ok((session, progress))
    }

    /// Reads the snapshot, if it was not deleted.
    pub fn with<T>(&self, read: impl FnOnce(&HeapSnapshot) -> Result<T>) -> Result<T> {
        if self.deleted.get() {
            return Err(Error::Deleted("heap snapshot"));
        }
        match &*self.snapshot.borrow() {
            Some(snapshot) => read(snapshot),
            None => Err(Error::Closed),
        }
    }

    /// Starts to serialise, on a thread of its own, in chunks of `chunk_size` bytes.
    pub fn export(self: &Rc<Self>, chunk_size: usize) -> Result<Export> {
        let text = self.with(|snapshot| Ok(snapshot.text()))?;
        let stream = spawn_text(chunk_size, move |out| serialize(&text, chunk_size, out))?;
        self.environment.adopt_stream(&stream);
        self.exports.set(self.exports.get() + 1);
        let session = Rc::clone(self);
        Ok(Export::new(
            Rc::clone(&self.environment),
            stream,
            Box::new(move || session.export_ended()),
        ))
    }

    /// Writes the snapshot to a file; this thread does it.
    pub fn write_file(&self, target: Target, chunk_size: usize) -> Result<()> {
        let text = self.with(|snapshot| Ok(snapshot.text()))?;
        write_file_blocking(target, |file| serialize(&text, chunk_size, file))
    }

    /// Gives the memory back, at once or when the last export has ended. Repeatable.
    pub fn delete(&self) {
        self.deleted.set(true);
        if self.exports.get() == 0 {
            self.free();
        }
    }

    fn export_ended(&self) {
        self.exports.set(self.exports.get().saturating_sub(1));
        if self.deleted.get() && self.exports.get() == 0 {
            self.free();
        }
    }

    fn free(&self) {
        if let Some(snapshot) = self.snapshot.take() {
            // No export is left, so no text is: this cannot fail. If it did, the snapshot stays usable for V8 to free.
            if let Err(snapshot) = snapshot.try_delete() {
                self.snapshot.replace(Some(snapshot));
            }
        }
    }

    /// Leaves the snapshot to V8: the isolate is going.
    pub(super) fn abandon(&self) {
        if let Some(snapshot) = self.snapshot.take() {
            snapshot.abandon();
        }
    }
}

/// Writes the text in chunks of `chunk_size` bytes, until it ends or `out` fails.
fn serialize(text: &SnapshotText, chunk_size: usize, out: &mut impl Write) -> io::Result<()> {
    let mut result = Ok(());
    text.serialize(i32::try_from(chunk_size).unwrap_or(i32::MAX), |chunk| {
        if result.is_ok() {
            result = out.write_all(chunk);
        }
        result.is_ok() || strings_may_be_long()
    });
    result
}

/// Whether V8 was told to keep strings longer than 1024 characters in snapshots.
///
/// After an abort V8's writer does not empty its buffer any more, and does not look at the buffer's end within a string: one
/// that is longer than a chunk would then be written over the end, or for ever. So with long strings V8 is never told to
/// stop; the rest of the text goes nowhere. (`v8.setFlagsFromString` cannot be seen from here: README, "Limits".)
fn strings_may_be_long() -> bool {
    static LONG: OnceLock<bool> = OnceLock::new();
    *LONG.get_or_init(|| {
        let asks = |text: &str| text.replace('_', "-").contains("--heap-snapshot-string-limit");
        std::env::var("NODE_OPTIONS").is_ok_and(|options| asks(&options))
            || std::env::args_os().any(|argument| asks(&argument.to_string_lossy()))
    })
}

/// A text being produced from something that must stay alive meanwhile.
pub struct Export {
    environment: Rc<Environment>,
    stream: Arc<TextStream>,
    ended: Cell<Option<Box<dyn FnOnce()>>>,
}

impl Export {
    pub(super) fn new(environment: Rc<Environment>, stream: Arc<TextStream>, ended: Box<dyn FnOnce()>) -> Export {
        Export {
            environment,
            stream,
            ended: Cell::new(Some(ended)),
        }
    }

    pub fn stream(&self) -> &Arc<TextStream> {
        &self.stream
    }

    pub fn environment(&self) -> &Rc<Environment> {
        &self.environment
    }

    /// Stops the producer if it still runs, and lets go of what it read. Repeatable.
    pub fn close(&self) {
        if let Some(ended) = self.ended.take() {
            self.stream.abort();
            ended();
        }
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        self.close();
    }
}

/// Starts to write a text that owns what it is made from.
pub fn export_text(
    environment: &Rc<Environment>,
    chunk_size: usize,
    write: impl FnOnce(&mut TextWriter) -> Result<()> + Send + 'static,
) -> Result<Export> {
    let stream = spawn_text(chunk_size, move |out| write(out).map_err(stopped))?;
    environment.adopt_stream(&stream);
    Ok(Export::new(Rc::clone(environment), stream, Box::new(|| {})))
}

/// What a producer returns when it cannot go on; the reader sees a text cut off.
pub(super) fn stopped<T>(_: T) -> io::Error {
    io::ErrorKind::BrokenPipe.into()
}
