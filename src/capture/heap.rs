//! Heap snapshots: taken on the isolate's thread, serialised on another if that may be, deleted when the last export has
//! ended.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;

use rs_profiler_core::format::heapsnapshot::{Header, TraceWatch};

use super::environment::Environment;
use super::export::{Begun, Export};
use super::texts;
use crate::error::{Error, Result};
use crate::sink::{write_file, Counts, Produce, Target, STREAM_CHUNK};
use crate::v8::{flag_given, HeapSnapshot, SnapshotText};

/// A guess at the length of the text, for progress: about what V8 of today writes per node.
const BYTES_PER_NODE: u64 = 90;
/// Bytes that V8 hands over at a time.
const V8_CHUNK: i32 = 256 << 10;

/// What V8 shall show.
#[derive(Debug, Clone, Copy, Default)]
pub struct SnapshotOptions {
    pub expose_internals: bool,
    pub expose_numeric_values: bool,
}

/// Pairs of done and total, as V8 reported them during the walk. The last one is of equals.
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
        environment.cache_line_ends()?;
        let (snapshot, progress) = isolate.take_heap_snapshot(options.expose_internals, options.expose_numeric_values);
        let snapshot = snapshot.ok_or(Error::WalkFailed)?;
        let progress = ended(progress, u32::try_from(snapshot.nodes_count()).unwrap_or(0));
        let session = Rc::new(SnapshotSession {
            environment: Rc::clone(environment),
            snapshot: RefCell::new(Some(snapshot)),
            deleted: Cell::new(false),
            exports: Cell::new(0),
        });
        environment.adopt_snapshot(&session);
        Ok((session, progress))
    }

    /// Reads the snapshot, if it was not deleted.
    pub(super) fn with<T>(&self, read: impl FnOnce(&HeapSnapshot) -> Result<T>) -> Result<T> {
        if self.deleted.get() {
            return Err(Error::Deleted("heap snapshot"));
        }
        self.read(read)
    }

    /// Reads the snapshot, which an export keeps alive when it was deleted.
    fn read<T>(&self, read: impl FnOnce(&HeapSnapshot) -> Result<T>) -> Result<T> {
        match &*self.snapshot.borrow() {
            Some(snapshot) => read(snapshot),
            None => Err(Error::Closed),
        }
    }

    /// A guess at the length of the text, in bytes.
    pub fn expected_bytes(&self) -> Result<u64> {
        Ok(u64::try_from(self.nodes_count()?).unwrap_or(0) * BYTES_PER_NODE)
    }

    /// Makes ready to serialise.
    pub fn export(self: &Rc<Self>) -> Result<Export> {
        self.with(|_| Ok(()))?;
        self.exports.set(self.exports.get() + 1);
        let (began, ended) = (Rc::clone(self), Rc::clone(self));
        Ok(Export::new(
            &self.environment,
            STREAM_CHUNK,
            Box::new(move || began.read(begin)),
            Box::new(move || ended.export_ended()),
        ))
    }

    /// Writes the snapshot to a file; this thread does it.
    pub fn write_file(&self, target: Target) -> Result<()> {
        let begun = self.with(begin)?;
        write_file(target, begun.produce, &AtomicBool::new(false), &|_| {})?;
        Ok(())
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

/// Progress that ends with everything done; V8's may not.
fn ended(mut progress: Progress, nodes: u32) -> Progress {
    let (done, total) = progress.last().copied().unwrap_or((0, nodes));
    if progress.is_empty() || done != total {
        progress.push((total, total));
    }
    progress
}

/// Begins the text of a snapshot: its header is read here, on the isolate's thread, and says whether the rest may be read on
/// another.
fn begin(snapshot: &HeapSnapshot) -> Result<Begun> {
    let header = Header::parse(&snapshot.beginning()).map_err(|error| Error::Internal(error.to_string()))?;
    let here = header.trace_functions > 0 || texts::have_samples();
    let text = snapshot.text();
    let produce: Produce = Box::new(move |out| serialize(&text, header, here, out));
    Ok(Begun { produce, here })
}

/// Writes the text, until it ends or `out` fails. `here`: on the isolate's thread.
fn serialize(text: &SnapshotText, header: Header, here: bool, out: &mut dyn Write) -> Result<Counts> {
    // Where V8 does not look for it, it is not told to stop: the rest of the text goes nowhere (`SnapshotText::serialize`).
    let may_stop = !here && !strings_may_be_long();
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
    written.map_err(|_| Error::Aborted)?;
    Ok(Counts {
        nodes: Some(header.nodes),
        edges: Some(header.edges),
        samples: None,
    })
}

/// Whether V8 was told to keep strings longer than 1024 characters in snapshots.
///
/// After an abort V8's writer does not empty its buffer any more, and does not look at the buffer's end within a string: one
/// that is longer than a chunk would then be written over the end, or for ever. So with long strings V8 is never told to
/// stop; the rest of the text goes nowhere. (`v8.setFlagsFromString` cannot be seen from here: README, "Limits".)
fn strings_may_be_long() -> bool {
    flag_given("--heap-snapshot-string-limit")
}

#[cfg(test)]
mod tests {
    use super::ended;

    #[test]
    fn progress_ends_with_everything_done() {
        assert_eq!(ended(vec![], 5), [(5, 5)]);
        assert_eq!(ended(vec![(1, 4)], 5), [(1, 4), (4, 4)]);
        assert_eq!(ended(vec![(1, 4), (4, 4)], 5), [(1, 4), (4, 4)]);
    }
}
