//! What one library must have to lend [`KeepPattern`](super::KeepPattern) to another one, in terms of C.
//!
//! Why: the engine of regular expressions carries some 400 KB of tables, which whoever keeps nothing shall not have in memory.

use std::ffi::c_void;

/// What stands in [`KeepTable::version`]. Raised with every change of the table.
pub const KEEP_TABLE_VERSION: u32 = 1;

/// The name of the function that returns the table: a [`KeepTableFn`].
pub const KEEP_TABLE_SYMBOL: &[u8] = b"rs_profiler_keep_table\0";

/// See [`KEEP_TABLE_SYMBOL`]. The table lives as long as the library.
pub type KeepTableFn = extern "C" fn() -> *const KeepTable;

/// Patterns, by handles. No function unwinds; all may be called from any thread, one handle by one thread at a time.
#[derive(Debug)]
#[repr(C)]
pub struct KeepTable {
    /// [`KEEP_TABLE_VERSION`].
    pub version: u32,
    /// Compiles source and flags, two texts in UTF-8 with their lengths in bytes. Null when it cannot.
    pub compile: unsafe extern "C" fn(*const u8, usize, *const u8, usize) -> *mut c_void,
    /// Whether a compiled pattern matches UTF-16 units, of which there are so many.
    pub matches: unsafe extern "C" fn(*mut c_void, *const u16, usize) -> bool,
    /// Frees a pattern.
    pub free: unsafe extern "C" fn(*mut c_void),
}
