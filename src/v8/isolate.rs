//! The isolate of the calling thread: the entry to V8's profilers.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::allocation_profile::AllocationProfile;
use super::callbacks;
use super::heap_snapshot::HeapSnapshot;
use super::loader::Shim;
use super::near_heap_limit::RaisedLimit;
use super::platform::Platform;
use super::table::{RspIsolate, RspNapiValue, Table};

/// An isolate, used on its own thread. Not `Send`: who holds one is on the thread where it was taken.
///
/// It is valid until the environment it belongs to is torn down; the cleanup hook of the environment ends everything that
/// holds one (`capture::Environment::close`).
#[derive(Clone, Copy)]
pub struct Isolate {
    pub(super) table: &'static Table,
    pub(super) ptr: NonNull<RspIsolate>,
    _own_thread: PhantomData<*mut ()>,
}

/// One update of `HeapProfiler::GetHeapStats`.
pub type HeapStatsUpdate = super::table::RspHeapStatsUpdate;

/// What `Isolate::find_object` found.
pub enum FoundObject {
    /// No object has this id.
    None,
    /// An object that JavaScript must not see.
    Hidden,
    /// A `napi_value` of the current handle scope.
    Value(RspNapiValue),
}

impl Isolate {
    /// The isolate of this thread. `None` outside one.
    pub fn current(shim: Shim) -> Option<Isolate> {
        // SAFETY: the function reads a thread-local of V8.
        let ptr = unsafe { (shim.table.Isolate_TryGetCurrent)() };
        NonNull::new(ptr).map(|ptr| Isolate {
            table: shim.table,
            ptr,
            _own_thread: PhantomData,
        })
    }

    pub(super) fn raw(self) -> *mut RspIsolate {
        self.ptr.as_ptr()
    }

    /// Runs `hook` when the environment exits, `process.exit()` included.
    pub fn at_exit(self, hook: Box<dyn FnOnce()>) {
        let ctx = Box::into_raw(Box::new(hook));
        // SAFETY: on the isolate's thread, in a context (N-API callback); `run_once` takes the box back.
        unsafe { (self.table.Node_AtExit)(self.raw(), callbacks::run_once, ctx.cast()) };
    }

    /// Runs `interrupt` on this thread at the next occasion, within running JavaScript perhaps; it must run none itself.
    /// Never, when the isolate ends before.
    pub fn request_interrupt(self, interrupt: Box<dyn FnOnce()>) {
        let ctx = Box::into_raw(Box::new(interrupt));
        // SAFETY: on the isolate's thread; `run_once` takes the box back.
        unsafe { (self.table.Isolate_RequestInterrupt)(self.raw(), callbacks::run_once, ctx.cast()) };
    }

    /// Node's platform. `None` without an environment in the current context.
    pub fn platform(self) -> Option<Platform> {
        // SAFETY: on the isolate's thread, in a context (N-API callback).
        Platform::new(self.table, unsafe { (self.table.Node_GetPlatform)(self.raw()) })
    }

    /// Walks the heap, whose limit is raised meanwhile. `progress` hears of objects done and in all; it must run no JavaScript.
    /// `None` when V8 gave up.
    pub fn take_heap_snapshot(
        self,
        expose_internals: bool,
        expose_numeric_values: bool,
        mut progress: impl FnMut(u32, u32),
    ) -> Option<HeapSnapshot> {
        let mut progress: &mut dyn FnMut(u32, u32) = &mut progress;
        let ctx = (&raw mut progress).cast();
        let take = self.table.HeapProfiler_TakeHeapSnapshot;
        let _raised = RaisedLimit::begin(self);
        // SAFETY: on the isolate's thread; `progress` outlives the call and runs no JavaScript.
        let ptr = unsafe {
            take(
                self.raw(),
                expose_internals.into(),
                expose_numeric_values.into(),
                callbacks::report_progress,
                ctx,
            )
        };
        NonNull::new(ptr).map(|ptr| HeapSnapshot::new(self, ptr))
    }

    /// `HeapProfiler::StartTrackingHeapObjects`, without allocation stacks. No snapshot may be serialised meanwhile.
    /// It begins with a full collection.
    pub fn start_tracking_heap_objects(self) {
        let _raised = RaisedLimit::begin(self);
        // SAFETY: on the isolate's thread.
        unsafe { (self.table.HeapProfiler_StartTrackingHeapObjects)(self.raw(), 0) };
    }

    /// `HeapProfiler::StopTrackingHeapObjects`. No snapshot may be serialised meanwhile.
    pub fn stop_tracking_heap_objects(self) {
        // SAFETY: on the isolate's thread.
        unsafe { (self.table.HeapProfiler_StopTrackingHeapObjects)(self.raw()) };
    }

    /// `HeapProfiler::GetHeapStats`: the updates and the last seen object id. No snapshot may be serialised meanwhile.
    /// It begins with a full collection.
    pub fn heap_stats(self) -> (Vec<HeapStatsUpdate>, u32) {
        let _raised = RaisedLimit::begin(self);
        let mut updates: Vec<HeapStatsUpdate> = Vec::new();
        let ctx = (&raw mut updates).cast();
        // SAFETY: on the isolate's thread; `updates` outlives the call.
        let last = unsafe { (self.table.HeapProfiler_GetHeapStats)(self.raw(), callbacks::record_stats, ctx) };
        (updates, last)
    }

    /// `HeapProfiler::GetObjectId` of a `napi_value` of the current handle scope.
    pub fn object_id(self, value: RspNapiValue) -> u32 {
        // SAFETY: on the isolate's thread; `raw_napi` passes only values of the running callback.
        unsafe { (self.table.HeapProfiler_GetObjectId)(self.raw(), value) }
    }

    /// `HeapProfiler::FindObjectById`.
    pub fn find_object(self, id: u32) -> FoundObject {
        let mut visible = 0;
        // SAFETY: on the isolate's thread, in the handle scope of an N-API callback; `visible` outlives the call.
        let value = unsafe { (self.table.HeapProfiler_FindObjectById)(self.raw(), id, &raw mut visible) };
        match (value.is_null(), visible != 0) {
            (true, _) => FoundObject::None,
            (false, false) => FoundObject::Hidden,
            (false, true) => FoundObject::Value(value),
        }
    }

    /// `HeapProfiler::StartSamplingHeapProfiler`. `false` when one is running in this isolate already.
    /// `interval_bytes` must not be 0.
    pub fn start_sampling_heap_profiler(self, interval_bytes: u64, stack_depth: i32) -> bool {
        let start = self.table.HeapProfiler_StartSamplingHeapProfiler;
        // SAFETY: on the isolate's thread; V8 checks that the interval is above 0, and so has the caller.
        unsafe { start(self.raw(), interval_bytes, stack_depth) != 0 }
    }

    /// `HeapProfiler::StopSamplingHeapProfiler`.
    pub fn stop_sampling_heap_profiler(self) {
        // SAFETY: on the isolate's thread; harmless when none is running.
        unsafe { (self.table.HeapProfiler_StopSamplingHeapProfiler)(self.raw()) };
    }

    /// `HeapProfiler::GetAllocationProfile`. `None` when no sampling profiler runs.
    pub fn allocation_profile(self) -> Option<AllocationProfile> {
        // SAFETY: on the isolate's thread, in the handle scope of an N-API callback.
        let ptr = unsafe { (self.table.HeapProfiler_GetAllocationProfile)(self.raw()) };
        NonNull::new(ptr).map(|ptr| AllocationProfile::new(self, ptr))
    }

    /// `CpuProfiler::CollectSample`: one extra sample in every running profile of this isolate.
    pub fn collect_sample(self) {
        // SAFETY: on the isolate's thread; harmless when no profile runs.
        unsafe { (self.table.CpuProfiler_CollectSample)(self.raw()) };
    }
}
