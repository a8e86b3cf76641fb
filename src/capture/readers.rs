//! What other threads are reading from V8's heap snapshots: once per isolate, which is once per thread, whichever loaded copy
//! of rs-profiler began it.
//!
//! Why it exists: `HeapSnapshot::Serialize` reads the tables of object tracking, which belong to the isolate. A copy that
//! starts, reads or stops tracking must know what another copy is writing.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use super::living;
use crate::sink::Running;

thread_local! {
    static READERS: RefCell<Vec<Weak<dyn Running>>> = const { RefCell::new(Vec::new()) };
}

/// Adds work that may read a snapshot.
pub(super) fn adopt(reader: &Arc<dyn Running>) {
    // A thread that is ending has no list any more, and nobody who would look at it.
    let _ = READERS.try_with(|list| living::push(&mut list.borrow_mut(), Arc::downgrade(reader)));
}

/// Waits until no other thread reads a snapshot of this isolate. Texts that JavaScript reads are taken into memory to their
/// end, as the originals did with every export.
pub(super) fn settle() {
    let readers = READERS.try_with(RefCell::take).unwrap_or_default();
    for reader in readers.iter().filter_map(Weak::upgrade) {
        reader.settle();
    }
}
