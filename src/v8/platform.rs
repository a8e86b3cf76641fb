//! Node's platform: the worker threads on which V8 marks, sweeps and compiles. One for the whole process.

use std::ffi::c_void;
use std::ptr::NonNull;

use super::callbacks;
use super::table::{RspPlatform, Table};

/// The platform. Node destroys it when the process ends, after every environment.
#[derive(Clone, Copy)]
pub struct Platform {
    table: &'static Table,
    ptr: NonNull<RspPlatform>,
}

// SAFETY: V8 requires of a platform that the two functions used here may be called from any thread.
unsafe impl Send for Platform {}
// SAFETY: as above.
unsafe impl Sync for Platform {}

impl Platform {
    pub(super) fn new(table: &'static Table, ptr: *mut RspPlatform) -> Option<Platform> {
        NonNull::new(ptr).map(|ptr| Platform { table, ptr })
    }

    /// The number of worker threads; Node counts one that runs no tasks.
    pub fn number_of_worker_threads(self) -> usize {
        // SAFETY: the platform lives until the process ends.
        let count = unsafe { (self.table.Platform_NumberOfWorkerThreads)(self.ptr.as_ptr()) };
        usize::try_from(count).unwrap_or(0)
    }

    /// Runs `task` on a worker thread, later; drops it unrun when the platform ends before.
    pub fn call_on_worker_thread(self, task: Box<dyn FnOnce() + Send>) {
        let ctx: *mut Option<Box<dyn FnOnce() + Send>> = Box::into_raw(Box::new(Some(task)));
        let post = self.table.Platform_CallOnWorkerThread;
        // SAFETY: the platform lives until the process ends; the shim calls `run_task` at most once and `drop_task` once
        // after it, which takes the box back.
        unsafe {
            post(
                self.ptr.as_ptr(),
                callbacks::run_task,
                callbacks::drop_task,
                ctx.cast::<c_void>(),
            )
        };
    }
}
