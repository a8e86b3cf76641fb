//! Heap snapshots: taken on the isolate's thread, serialised on another if that may be, deleted when the last export has
//! ended.

use std::rc::Rc;
use std::sync::atomic::AtomicBool;

use super::export::{Begun, Export};
use super::held::Held;
use super::lifecycle::{Ends, Lifecycle, Phase};
use super::snapshot_text::{expected_bytes, header_of, serialize, Reading, SnapshotOptions};
use super::tracking;
use crate::error::{Error, Result};
use crate::sink::{Produce, Target};
use crate::v8::{HeapSnapshot, Isolate};

/// Pairs of done and total, as V8 reported them during the walk. The last one is of equals.
pub type Progress = Vec<(u32, u32)>;

/// A snapshot that JavaScript holds.
pub struct SnapshotSession {
    life: Rc<Lifecycle>,
    snapshot: Rc<Held<HeapSnapshot>>,
}

impl SnapshotSession {
    pub(super) fn take(life: &Rc<Lifecycle>, options: SnapshotOptions) -> Result<(Rc<SnapshotSession>, Progress)> {
        let isolate = life.isolate()?;
        let mut progress = Progress::new();
        let record = |done, total| {
            // V8 repeats itself.
            if progress.last() != Some(&(done, total)) {
                progress.push((done, total));
            }
        };
        let SnapshotOptions {
            expose_internals,
            expose_numeric_values,
        } = options;
        let snapshot = HeapSnapshot::take(isolate, expose_internals, expose_numeric_values, record);
        let snapshot = snapshot.ok_or(Error::WalkFailed)?;
        let progress = ended(progress, u32::try_from(snapshot.nodes_count()).unwrap_or(0));
        let snapshot = Held::new(snapshot);
        life.register(Phase::Snapshots, &snapshot);
        let session = Rc::new(SnapshotSession {
            life: Rc::clone(life),
            snapshot,
        });
        Ok((session, progress))
    }

    /// Reads the snapshot, if it was not deleted.
    pub(super) fn with<T>(&self, read: impl FnOnce(&HeapSnapshot) -> Result<T>) -> Result<T> {
        if self.snapshot.is_discarded() {
            return Err(Error::Deleted("heap snapshot"));
        }
        self.snapshot.read(read).unwrap_or(Err(Error::Closed))
    }

    /// A guess at the length of the text, in bytes.
    pub fn expected_bytes(&self) -> Result<u64> {
        self.with(|snapshot| Ok(expected_bytes(snapshot)))
    }

    /// Makes ready to serialise.
    pub fn export(&self) -> Result<Export> {
        self.with(|_| Ok(()))?;
        let (snapshot, life) = (Rc::clone(&self.snapshot), Rc::clone(&self.life));
        // Not `with`: an export may begin when the snapshot was deleted.
        let begin = move || {
            let begun = snapshot.read(|snapshot| begin(snapshot, &life));
            begun.unwrap_or(Err(Error::Closed))
        };
        let used = self.snapshot.hold();
        Ok(Export::new(&self.life, Box::new(begin), Box::new(used)))
    }

    /// Writes the snapshot to a file; this thread does it.
    pub fn write_file(&self, target: Target) -> Result<()> {
        let begun = self.with(|snapshot| begin(snapshot, &self.life))?;
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
fn begin(snapshot: &HeapSnapshot, life: &Lifecycle) -> Result<Begun> {
    let header = header_of(snapshot)?;
    let here = header.trace_functions > 0 || tracking::have_samples();
    let text = snapshot.text();
    let may_stop = !here && !life.has_long_strings();
    let produce: Produce = Box::new(move |out| serialize(&text, header, Reading { here, may_stop }, out));
    Ok(Begun { produce, here })
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
