//! The trampolines that V8 calls through the shim. No panic crosses them: a panicking closure reads as "stop".

use std::ffi::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

use super::table::{RspHeapStatsUpdate, RspIsolate};

/// Runs a closure on behalf of C: a panic becomes `stop`.
pub(super) fn guarded<T>(stop: T, run: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(stop)
}

/// What C passes as address and length. An empty row may have the address null, which a Rust slice may not.
///
/// # Safety
///
/// Unless `len` is 0, `data` must point to `len` readable items that stay as they are for `'a`.
unsafe fn items<'a, T>(data: *const T, len: usize) -> &'a [T] {
    if len == 0 {
        return &[];
    }
    // SAFETY: there are items, so the caller vouches for the address.
    unsafe { std::slice::from_raw_parts(data, len) }
}

/// `ctx` is a `*mut Vec<u8>`: appends.
pub(super) unsafe extern "C" fn append_string(ctx: *mut c_void, data: *const c_char, len: usize) {
    guarded((), || {
        // SAFETY: every caller in this folder passes a pointer to a Vec it holds mutably for the length of the call.
        let out = unsafe { &mut *ctx.cast::<Vec<u8>>() };
        // SAFETY: the shim passes the `len` bytes of a string that it frees after this call.
        out.extend_from_slice(unsafe { items(data.cast::<u8>(), len) });
    });
}

/// `ctx` is a `*mut &mut dyn FnMut(&[u8]) -> bool`.
pub(super) unsafe extern "C" fn write_chunk(ctx: *mut c_void, data: *const c_char, len: usize) -> i32 {
    guarded(0, || {
        // SAFETY: the one caller passes a pointer to a closure reference it holds for the length of the call.
        let write = unsafe { &mut *ctx.cast::<&mut dyn FnMut(&[u8]) -> bool>() };
        // SAFETY: V8 passes `len` readable bytes, which stay unchanged during the call.
        let chunk = unsafe { items(data.cast::<u8>(), len) };
        i32::from(write(chunk))
    })
}

/// `ctx` is a `*mut &mut dyn FnMut(u32, u32)`: reports and goes on.
pub(super) unsafe extern "C" fn report_progress(ctx: *mut c_void, done: u32, total: u32) -> i32 {
    guarded(1, || {
        // SAFETY: the one caller passes a pointer to a closure reference it holds for the length of the walk.
        let report = unsafe { &mut *ctx.cast::<&mut dyn FnMut(u32, u32)>() };
        report(done, total);
        1
    })
}

/// `ctx` is a `*mut Vec<RspHeapStatsUpdate>`: records and goes on.
pub(super) unsafe extern "C" fn record_stats(
    ctx: *mut c_void,
    updates: *const RspHeapStatsUpdate,
    count: usize,
) -> i32 {
    guarded(0, || {
        // SAFETY: the one caller passes a pointer to a Vec it holds mutably for the length of the call.
        let out = unsafe { &mut *ctx.cast::<Vec<RspHeapStatsUpdate>>() };
        // SAFETY: the shim passes the `count` updates of a vector that it frees after this call.
        out.extend_from_slice(unsafe { items(updates, count) });
        1
    })
}

/// `ctx` is a leaked `Box<Box<dyn FnOnce()>>`: takes it back and runs it.
pub(super) unsafe extern "C" fn run_once(ctx: *mut c_void) {
    guarded((), || {
        // SAFETY: `Isolate::at_exit` and `Isolate::request_interrupt` leak a box for one call, and get one.
        let hook = unsafe { Box::from_raw(ctx.cast::<Box<dyn FnOnce()>>()) };
        hook();
    });
}

/// The same for an interrupt.
pub(super) unsafe extern "C" fn run_interrupt(_isolate: *mut RspIsolate, ctx: *mut c_void) {
    // SAFETY: the context is passed on.
    unsafe { run_once(ctx) };
}

/// What a heap without a limit gets each time it reaches its limit, in bytes.
const HEAP_STEP: usize = 64 << 20;

/// A heap near its limit gets more room. It is called within an allocation, and allocates nothing.
pub(super) unsafe extern "C" fn raise_heap_limit(_ctx: *mut c_void, current: usize, _initial: usize) -> usize {
    current.saturating_add(HEAP_STEP)
}

/// `ctx` is a leaked `Box<Option<Box<dyn FnOnce() + Send>>>`: runs what is in it.
pub(super) unsafe extern "C" fn run_task(ctx: *mut c_void) {
    guarded((), || {
        // SAFETY: `Platform::call_on_worker_thread` leaked the box; the shim has it freed after this call, on this thread.
        let task = unsafe { &mut *ctx.cast::<Option<Box<dyn FnOnce() + Send>>>() };
        if let Some(task) = task.take() {
            task();
        }
    });
}

/// `ctx` as in [`run_task`]: frees it.
pub(super) unsafe extern "C" fn drop_task(ctx: *mut c_void) {
    guarded((), || {
        // SAFETY: `Platform::call_on_worker_thread` leaked the box, and the shim calls this once, at the end.
        drop(unsafe { Box::from_raw(ctx.cast::<Option<Box<dyn FnOnce() + Send>>>()) });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_at_null_is_an_empty_row() {
        let mut text = b"kept".to_vec();
        let mut updates: Vec<RspHeapStatsUpdate> = Vec::new();
        let mut chunks = Vec::new();
        let mut write = |chunk: &[u8]| {
            chunks.push(chunk.len());
            true
        };
        let mut write: &mut dyn FnMut(&[u8]) -> bool = &mut write;
        // SAFETY: the context is the vector that the function wants, and there are no bytes.
        unsafe { append_string((&raw mut text).cast(), std::ptr::null(), 0) };
        // SAFETY: the context is the vector that the function wants, and there are no updates.
        let goes_on = unsafe { record_stats((&raw mut updates).cast(), std::ptr::null(), 0) };
        // SAFETY: the context is the closure reference that the function wants, and there are no bytes.
        let written = unsafe { write_chunk((&raw mut write).cast(), std::ptr::null(), 0) };
        assert_eq!(
            (text.as_slice(), updates.len(), goes_on, written),
            (&b"kept"[..], 0, 1, 1)
        );
        assert_eq!(chunks, [0]);
    }
}
