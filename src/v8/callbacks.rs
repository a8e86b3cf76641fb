//! The trampolines that V8 calls through the shim. No panic crosses them: a panicking closure reads as "stop".

use std::ffi::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

use super::table::RspHeapStatsUpdate;

/// Runs a closure on behalf of C: a panic becomes `stop`.
pub(super) fn guarded<T>(stop: T, run: impl FnOnce() -> T) -> T {
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

/// `ctx` is a `*mut Vec<(u32, u32)>`: records and goes on. A repeated value is recorded once.
pub(super) unsafe extern "C" fn record_progress(ctx: *mut c_void, done: u32, total: u32) -> i32 {
    guarded(1, || {
        // SAFETY: the one caller passes a pointer to a Vec it holds mutably for the length of the walk.
        let out = unsafe { &mut *ctx.cast::<Vec<(u32, u32)>>() };
        if out.last() != Some(&(done, total)) {
            out.push((done, total));
        }
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
