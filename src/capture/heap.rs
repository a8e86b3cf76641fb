//! Heap snapshots: taken on the isolate's thread, serialised on another if that may be, deleted when the last export has
//! ended.

use std::io::Write;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;

use rs_profiler_core::format::heapsnapshot::{Header, TraceWatch};

use super::export::{Begun, Export};
use super::held::Held;
use super::lifecycle::{Ends, Lifecycle, Phase};
use super::tracking;
use crate::error::{Error, Result};
use crate::sink::{Counts, Produce, Target};
use crate::v8::{HeapSnapshot, Isolate, SnapshotText};

/// Bytes that V8 hands over at a time.
const V8_CHUNK: i32 = 256 << 10;

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
    life: Rc<Lifecycle>,
    snapshot: Rc<Held<HeapSnapshot>>,
    long_strings: bool,
}

impl SnapshotSession {
    /// `long_strings`: see [`Reading`].
    pub(super) fn take(
        life: &Rc<Lifecycle>,
        options: SnapshotOptions,
        long_strings: bool,
    ) -> Result<(Rc<SnapshotSession>, Progress)> {
        let isolate = life.isolate()?;
        let (snapshot, progress) = HeapSnapshot::take(isolate, options.expose_internals, options.expose_numeric_values);
        let snapshot = Held::new(snapshot.ok_or(Error::WalkFailed)?);
        life.register(Phase::Snapshots, &snapshot);
        let session = Rc::new(SnapshotSession {
            life: Rc::clone(life),
            snapshot,
            long_strings,
        });
        Ok((session, progress))
    }

    /// Reads the snapshot, if it was not deleted.
    pub fn with<T>(&self, read: impl FnOnce(&HeapSnapshot) -> Result<T>) -> Result<T> {
        if self.snapshot.is_discarded() {
            return Err(Error::Deleted("heap snapshot"));
        }
        self.snapshot.read(read).unwrap_or(Err(Error::Closed))
    }

    /// Makes ready to serialise, in chunks of `chunk_size` bytes.
    pub fn export(&self, chunk_size: usize) -> Result<Export> {
        self.with(|_| Ok(()))?;
        let (snapshot, long_strings) = (Rc::clone(&self.snapshot), self.long_strings);
        // Not `with`: an export may begin when the snapshot was deleted.
        let begin = move || {
            let begun = snapshot.read(|snapshot| begin(snapshot, long_strings));
            begun.unwrap_or(Err(Error::Closed))
        };
        let used = self.snapshot.hold();
        Ok(Export::new(&self.life, chunk_size, Box::new(begin), Box::new(used)))
    }

    /// Writes the snapshot to a file; this thread does it.
    pub fn write_file(&self, target: Target) -> Result<()> {
        let begun = self.with(|snapshot| begin(snapshot, self.long_strings))?;
        target.fill(begun.produce, &AtomicBool::new(false), &|_| {})?;
        Ok(())
    }

    /// Gives the memory back, at once or when the last export has ended. Repeatable.
    pub fn delete(&self) {
        self.snapshot.discard();
    }
}

impl Ends for Held<HeapSnapshot> {
    /// Leaves the snapshot to V8.
    fn end(&self, _: Isolate) {
        if let Some(snapshot) = self.take() {
            snapshot.abandon();
        }
    }
}

/// Begins the text of a snapshot: its header is read here, on the isolate's thread, and says whether the rest may be read on
/// another.
fn begin(snapshot: &HeapSnapshot, long_strings: bool) -> Result<Begun> {
    let header = Header::parse(&snapshot.beginning()).map_err(|error| Error::Internal(error.to_string()))?;
    let here = header.trace_functions > 0 || tracking::have_samples();
    let text = snapshot.text();
    let reading = Reading { here, long_strings };
    let produce: Produce = Box::new(move |out| serialize(&text, header, reading, out));
    Ok(Begun { produce, here })
}

/// How a text is read.
struct Reading {
    /// On the isolate's thread.
    here: bool,
    /// V8 may have been told to keep strings longer than 1024 characters. (`v8.setFlagsFromString` cannot be seen: README,
    /// "Limits".)
    long_strings: bool,
}

/// Writes the text, until it ends or `out` fails.
///
/// After an abort V8's writer does not empty its buffer any more, and does not look at the buffer's end within a string: one
/// that is longer than a chunk would then be written over the end, or for ever. So where strings may be long, and where V8
/// looks for an abort too seldom (`SnapshotText::serialize`), V8 is never told to stop; the rest of the text goes nowhere.
fn serialize(text: &SnapshotText, header: Header, reading: Reading, out: &mut dyn Write) -> Result<Counts> {
    let Reading { here, long_strings } = reading;
    let may_stop = !here && !long_strings;
    let mut watch = TraceWatch::default();
    let mut written = Ok(());
    text.serialize(V8_CHUNK, |chunk| {
        if !here {
            watch.feed(chunk);
        }
        if written.is_ok() && !watch.found() {
            written = out.write_all(chunk);
        }
        written.is_ok() || !may_stop || watch.found()
    });
    if watch.found() {
        return Err(Error::TrackingStarted);
    }
    // Not the cause: that is known at the end.
    written.map_err(|_| Error::Aborted)?;
    Ok(Counts {
        nodes: Some(header.nodes),
        edges: Some(header.edges),
        samples: None,
    })
}
