//! Lends the capture addon the regular expressions of JavaScript, for what redaction keeps: functions of C in a table.
//!
//! The one file of this crate with unsafe code of its own.

#![allow(unsafe_code)]

use std::ffi::c_void;
use std::panic::catch_unwind;
use std::ptr;
use std::slice;

use rs_profiler_core::format::heapsnapshot_redact::{Keep, KeepPattern, KeepTable, KEEP_TABLE_VERSION};

static TABLE: KeepTable = KeepTable {
    version: KEEP_TABLE_VERSION,
    compile,
    matches,
    free,
};

/// The table, by its name in the library.
#[no_mangle]
extern "C" fn rs_profiler_keep_table() -> *const KeepTable {
    &raw const TABLE
}

unsafe extern "C" fn compile(
    source: *const u8,
    source_length: usize,
    flags: *const u8,
    flags_length: usize,
) -> *mut c_void {
    // SAFETY: the caller gives a text of this length, which lives for the call.
    let source = unsafe { slice::from_raw_parts(source, source_length) };
    // SAFETY: the same.
    let flags = unsafe { slice::from_raw_parts(flags, flags_length) };
    let pattern = catch_unwind(|| {
        let (source, flags) = (std::str::from_utf8(source).ok()?, std::str::from_utf8(flags).ok()?);
        KeepPattern::new(source, flags).ok()
    });
    match pattern {
        Ok(Some(pattern)) => Box::into_raw(Box::new(pattern)).cast(),
        _ => ptr::null_mut(),
    }
}

unsafe extern "C" fn matches(pattern: *mut c_void, units: *const u16, length: usize) -> bool {
    // SAFETY: `compile` made it, `free` has not had it, and no other thread has it now.
    let pattern = unsafe { &*pattern.cast::<KeepPattern>() };
    // SAFETY: the caller gives so many units, which live for the call.
    let units = unsafe { slice::from_raw_parts(units, length) };
    // What fails is not kept: a secret must not be told because of it.
    catch_unwind(|| pattern.keeps(units)).unwrap_or(false)
}

unsafe extern "C" fn free(pattern: *mut c_void) {
    // SAFETY: `compile` made it, and this is its last use.
    drop(unsafe { Box::from_raw(pattern.cast::<KeepPattern>()) });
}
