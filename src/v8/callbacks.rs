//! The trampolines that V8 calls through the shim. No panic crosses them: a panicking closure reads as "stop".

use std::ffi::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

use super::near_heap_limit::RaisedLimit;
use super::table::RspHeapStatsUpdate;

/// Runs a closure on behalf of C: a panic becomes `stop`.
fn guarded<T>(stop: T, run: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(stop)
}

/// `ctx` is a `*mut Vec<u8>`: appends.
pub(super) unsafe extern "C" fn append_string(ctx: *mut c_void, data: *const c_char, len: usize) {
    guarded((), || {
        // SAFETY: every caller in this folder passes a pointer to a Vec it holds mutably for the length of the call.
        let out = unsafe { &mut *ctx.cast::<Vec<u8>>() };
        // SAFETY: the shim passes `len` readable bytes.
        out.extend_from_slice(unsafe { std::slice::from_raw_parts(data.cast::<u8>(), len) });
    });
}

/// `ctx` is a `*mut &mut dyn FnMut(&[u8]) -> bool`.
pub(super) unsafe extern "C" fn write_chunk(ctx: *mut c_void, data: *const c_char, len: usize) -> i32 {
    guarded(0, || {
        // SAFETY: the one caller passes a pointer to a closure reference it holds for the length of the call.
        let write = unsafe { &mut *ctx.cast::<&mut dyn FnMut(&[u8]) -> bool>() };
        // SAFETY: V8 passes `len` readable bytes, which stay unchanged during the call.
        let chunk = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), len) };
        i32::from(write(chunk))
    })
}

/// `ctx` is a `*mut &mut dyn FnMut(u32, u32)`: reports, and goes on.
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
        // SAFETY: the shim passes `count` readable updates.
        out.extend_from_slice(unsafe { std::slice::from_raw_parts(updates, count) });
        1
    })
}

/// `ctx` is a leaked `Box<Box<dyn FnOnce()>>`: takes it back and runs it.
pub(super) unsafe extern "C" fn run_once(ctx: *mut c_void) {
    guarded((), || {
        // SAFETY: `Isolate::at_exit` or `request_interrupt` leaked the box for this one call; each is called once.
        let hook = unsafe { Box::from_raw(ctx.cast::<Box<dyn FnOnce()>>()) };
        hook();
    });
}

/// `ctx` is a leaked `Box<Option<Box<dyn FnOnce() + Send>>>`: runs what is in it.
pub(super) unsafe extern "C" fn run_task(ctx: *mut c_void) {
    guarded((), || {
        // SAFETY: `Platform::call_on_worker_thread` leaked the box; the shim frees it after this call.
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

/// `ctx` is the `*mut Box<dyn FnMut(usize, usize) -> usize>` of a `NearHeapLimit`.
pub(super) unsafe extern "C" fn near_heap_limit(ctx: *mut c_void, current: usize, initial: usize) -> usize {
    guarded(current, || {
        // SAFETY: the box lives until `NearHeapLimit` has taken the callback out of V8; V8 calls on the isolate's thread.
        let decide = unsafe { &mut *ctx.cast::<Box<dyn FnMut(usize, usize) -> usize>>() };
        // V8 takes a lower limit for a mistake.
        decide(current, initial).max(current)
    })
}

/// V8's call near the limit of a heap that has a `RaisedLimit`.
pub(super) unsafe extern "C" fn raise_heap_limit(_ctx: *mut c_void, current: usize, _initial: usize) -> usize {
    guarded(current, || RaisedLimit::raised(current))
}
