//! How much of a graph an algorithm looks at, for tests of its complexity.

use std::cell::Cell;

thread_local! {
    static LISTS: Cell<u64> = const { Cell::new(0) };
}

/// A list of edges is looked at.
pub(super) fn count_list() {
    LISTS.set(LISTS.get() + 1);
}

/// How many lists of edges this thread looks at during `work`.
pub(crate) fn lists_read(work: impl FnOnce()) -> u64 {
    let before = LISTS.get();
    work();
    LISTS.get() - before
}
