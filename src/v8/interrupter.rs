//! Requests interrupts of an isolate from other threads.

use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use super::callbacks;
use super::isolate::Isolate;
use super::table::{RspIsolate, Table};

/// An isolate as other threads may know it: they can ask for an interrupt until [`Interrupter::close`], nothing else.
pub struct Interrupter {
    table: &'static Table,
    isolate: Mutex<Option<NonNull<RspIsolate>>>,
}

// SAFETY: the address is used for one function only, which V8 lets any thread call while the isolate lives; `close`, which the
// isolate's thread calls before that ends, waits for a call that is going on, and there is none after it.
unsafe impl Send for Interrupter {}
// SAFETY: as above; the mutex orders the threads.
unsafe impl Sync for Interrupter {}

impl Isolate {
    /// A handle for other threads. It must be closed before the isolate ends.
    pub fn interrupter(self) -> Arc<Interrupter> {
        Arc::new(Interrupter {
            table: self.table,
            isolate: Mutex::new(Some(self.ptr)),
        })
    }
}

impl Interrupter {
    /// Runs `interrupt` on the isolate's thread at its next occasion, within running JavaScript perhaps; it must run none itself.
    /// Never, when the isolate ends before. Returns whether it was asked for.
    pub fn request(&self, interrupt: Box<dyn FnOnce() + Send>) -> bool {
        let isolate = self.isolate.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(isolate) = *isolate else { return false };
        let interrupt: Box<dyn FnOnce()> = interrupt;
        let ctx = Box::into_raw(Box::new(interrupt));
        // SAFETY: any thread may call it; the isolate lives, because `close` waits for the lock that is held here; `run_once` takes
        // the box back, whose content may change threads.
        unsafe { (self.table.Isolate_RequestInterrupt)(isolate.as_ptr(), callbacks::run_once, ctx.cast()) };
        true
    }

    /// From now on nothing is asked for. Repeatable.
    pub fn close(&self) {
        self.isolate.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
