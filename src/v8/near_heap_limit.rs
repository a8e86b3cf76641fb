//! V8's call when a heap is about to reach its limit, and a limit that is raised for a while.

use std::cell::Cell;
use std::ptr::NonNull;

use super::callbacks;
use super::isolate::Isolate;

/// Called on the isolate's thread with the current and the initial limit in bytes, in the middle of an allocation: no
/// JavaScript. Returns the new limit in bytes.
type Decide = Box<dyn FnMut(usize, usize) -> usize>;

thread_local! {
    /// V8 ends the process when a function is added twice, and all copies of rs-profiler in a thread share theirs.
    static TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// A callback that V8 has; dropped, V8 forgets it. Must be dropped before the isolate ends, and not from within itself:
/// there, [`NearHeapLimit::remove`] it.
pub struct NearHeapLimit {
    isolate: Isolate,
    decide: NonNull<Decide>,
    removed: Cell<bool>,
}

impl NearHeapLimit {
    /// `Isolate::AddNearHeapLimitCallback`. `None` when this thread has one already, of another copy of rs-profiler perhaps.
    /// Of several callbacks V8 calls the one that was added last.
    pub fn add(isolate: Isolate, decide: Decide) -> Option<NearHeapLimit> {
        if TAKEN.replace(true) {
            return None;
        }
        let decide = NonNull::from(Box::leak(Box::new(decide)));
        let add = isolate.table.Isolate_AddNearHeapLimitCallback;
        // SAFETY: on the isolate's thread; `decide` lives until `drop` has taken the callback out.
        unsafe { add(isolate.raw(), callbacks::near_heap_limit, decide.as_ptr().cast()) };
        Some(NearHeapLimit {
            isolate,
            decide,
            removed: Cell::new(false),
        })
    }
}

impl NearHeapLimit {
    /// Lets V8 forget the callback; it may be called from within itself. Repeatable.
    pub fn remove(&self) {
        if self.removed.replace(true) {
            return;
        }
        let remove = self.isolate.table.Isolate_RemoveNearHeapLimitCallback;
        // SAFETY: on the isolate's thread (`Isolate` is not `Send`); `add` put exactly this callback in.
        unsafe { remove(self.isolate.raw(), callbacks::near_heap_limit, 0) };
        TAKEN.set(false);
    }
}

impl Drop for NearHeapLimit {
    fn drop(&mut self) {
        self.remove();
        // SAFETY: `add` leaked the box, V8 has no pointer to it any more, and drop runs once.
        drop(unsafe { Box::from_raw(self.decide.as_ptr()) });
    }
}

/// What a raised limit grows by each time it is reached, in bytes.
const STEP: usize = 64 << 20;

thread_local! {
    /// How many [`RaisedLimit`]s this thread has.
    static RAISED: Cell<u32> = const { Cell::new(0) };
    /// The limit that was reached first meanwhile, in bytes; 0 when none was.
    static REACHED: Cell<usize> = const { Cell::new(0) };
}

/// While it lives, a heap that reaches its limit gets more room instead of ending the process. Dropped, V8 goes back to the old
/// limit, or to a quarter above what is alive, if that is more. Must be dropped before the isolate ends.
///
/// A snapshot begins with full collections. Near the limit these free little, and V8 counts four such collections in a row for
/// the end, whoever asked for them (seen on Node 20).
pub struct RaisedLimit {
    isolate: Isolate,
}

impl RaisedLimit {
    /// Begins. Of several in a thread the first counts.
    pub fn begin(isolate: Isolate) -> RaisedLimit {
        if RAISED.replace(RAISED.get() + 1) == 0 {
            REACHED.set(0);
            let add = isolate.table.Isolate_AddNearHeapLimitCallback;
            // SAFETY: on the isolate's thread; the callback needs no context, and the last `drop` takes it out.
            unsafe { add(isolate.raw(), callbacks::raise_heap_limit, std::ptr::null_mut()) };
        }
        RaisedLimit { isolate }
    }

    /// Whether the heap has reached its limit since.
    pub fn was_reached(&self) -> bool {
        REACHED.get() > 0
    }

    /// V8's question, answered.
    pub(super) fn raised(current: usize) -> usize {
        if REACHED.get() == 0 {
            REACHED.set(current);
        }
        current.saturating_add(STEP)
    }
}

impl Drop for RaisedLimit {
    fn drop(&mut self) {
        if RAISED.replace(RAISED.get() - 1) == 1 {
            let remove = self.isolate.table.Isolate_RemoveNearHeapLimitCallback;
            // SAFETY: on the isolate's thread (`Isolate` is not `Send`); `begin` put exactly this callback in.
            unsafe { remove(self.isolate.raw(), callbacks::raise_heap_limit, REACHED.get()) };
        }
    }
}
