//! What other threads are reading from V8's heap snapshots, and whether V8 has samples for their texts: once per isolate,
//! which is once per thread, whichever loaded copy of rs-profiler began it.
//!
//! Why it exists: `HeapSnapshot::Serialize` reads the tables of object tracking, which belong to the isolate. A copy that
//! starts, reads or stops tracking must know what another copy is writing.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Weak};

use crate::sink::Running;

thread_local! {
    static RUNNING: RefCell<Vec<Weak<dyn Running>>> = const { RefCell::new(Vec::new()) };
    static SAMPLES: Cell<bool> = const { Cell::new(false) };
}

/// Adds work that reads a snapshot.
pub(super) fn adopt(running: &Arc<dyn Running>) {
    // A thread that is ending has no list any more, and nobody who would look at it.
    let _ = RUNNING.try_with(|list| push(&mut list.borrow_mut(), running));
}

/// Waits until no other thread reads a snapshot of this isolate. Texts that JavaScript reads are taken into memory to their
/// end, as the originals did with every export.
pub(super) fn settle() {
    let running = RUNNING.try_with(RefCell::take).unwrap_or_default();
    for work in running.iter().filter_map(Weak::upgrade) {
        work.settle();
    }
}

/// Whether snapshots have samples: then their texts are written on the isolate's thread, which is the one that adds to them.
pub(super) fn have_samples() -> bool {
    SAMPLES.try_with(Cell::get).unwrap_or(false)
}

/// Says that V8 has, or has no more, samples of object tracking.
pub(super) fn set_samples(samples: bool) {
    let _ = SAMPLES.try_with(|cell| cell.set(samples));
}

/// Adds to a list of running work and drops what has ended.
pub(super) fn push(list: &mut Vec<Weak<dyn Running>>, running: &Arc<dyn Running>) {
    list.retain(|known| known.strong_count() > 0);
    list.push(Arc::downgrade(running));
}
