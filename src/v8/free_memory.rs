//! Memory that this process has freed but not given back to the system. After the walk of a large heap that is much, and it lies
//! in the C library's first arena. `HeapSnapshot::Serialize` on another thread allocates in another arena, all of it anew.

/// Gives freed memory back to the system. Any thread may call it; others that allocate meanwhile may wait a little. Does
/// nothing where the C library has no such call.
pub fn release_free_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: takes the allocator's own locks and touches only memory that nobody owns.
    unsafe {
        libc::malloc_trim(0);
    }
}
