//! The isolate of the calling thread: the entry to V8's profilers. What makes a thing stands in the thing's file.

use std::marker::PhantomData;
use std::num::NonZeroU64;
use std::ptr::NonNull;

use super::callbacks;
use super::local_value::{CallbackScope, LocalValue};
use super::platform::Platform;
use super::table::{RspIsolate, Table};

/// An isolate, used on its own thread. Not `Send`: who holds one is on the thread where it was taken.
///
/// It is valid until the environment it belongs to is torn down; the cleanup hook of the environment ends everything that
/// holds one (`capture::Lifecycle::close`).
#[derive(Clone, Copy)]
pub struct Isolate {
    pub(super) table: &'static Table,
    ptr: NonNull<RspIsolate>,
    _own_thread: PhantomData<*mut ()>,
}

/// One update of `HeapProfiler::GetHeapStats`.
pub type HeapStatsUpdate = super::table::RspHeapStatsUpdate;

/// What `Isolate::find_object` found.
pub enum FoundObject<'cb> {
    /// No object has this id.
    None,
    /// An object that JavaScript must not see.
    Hidden,
    /// An object, for as long as the callback runs.
    Value(LocalValue<'cb>),
}

impl Isolate {
    /// The isolate of this thread. `None` outside one.
    pub(super) fn current(table: &'static Table) -> Option<Isolate> {
        // SAFETY: the function reads a thread-local of V8.
        let ptr = unsafe { (table.Isolate_TryGetCurrent)() };
        NonNull::new(ptr).map(|ptr| Isolate {
            table,
            ptr,
            _own_thread: PhantomData,
        })
    }

    pub(super) fn raw(self) -> *mut RspIsolate {
        self.ptr.as_ptr()
    }

    /// The ABI of this Node, `process.versions.modules`.
    pub fn node_abi(self) -> u32 {
        self.table.header.node_module_version
    }

    /// Runs `hook` once, when Node next runs its hooks of the environment's end, which need not be the end (`shim.h`).
    pub fn at_exit(self, hook: Box<dyn FnOnce()>) {
        let ctx = Box::into_raw(Box::new(hook));
        // SAFETY: on the isolate's thread, in a context: an N-API callback or an interrupt; `run_once` takes the box back.
        unsafe { (self.table.Node_AtExit)(self.raw(), callbacks::run_once, ctx.cast()) };
    }

    /// Runs `interrupt` once, when JavaScript runs in this thread next. It must not call JavaScript.
    pub fn request_interrupt(self, interrupt: Box<dyn FnOnce()>) {
        let ctx = Box::into_raw(Box::new(interrupt));
        // SAFETY: on the isolate's thread; `run_interrupt` takes the box back. It leaks when no JavaScript runs any more.
        unsafe { (self.table.Isolate_RequestInterrupt)(self.raw(), callbacks::run_interrupt, ctx.cast()) };
    }

    /// From now on the heap has no limit but the system's. Once in a process, in a forked child: V8 bears it only once, and this
    /// cannot be taken back.
    pub fn lift_heap_limit(self) {
        let add = self.table.Isolate_AddNearHeapLimitCallback;
        // SAFETY: on the isolate's thread; the callback needs no context.
        unsafe { add(self.raw(), callbacks::raise_heap_limit, std::ptr::null_mut()) };
    }

    /// Collects all that can be collected, as a heap snapshot does before its walk.
    pub fn collect_garbage(self) {
        // SAFETY: on the isolate's thread.
        unsafe { (self.table.Isolate_LowMemoryNotification)(self.raw()) };
    }

    /// Script and name of the JavaScript function that runs. `None` when none does.
    pub fn running_function(self) -> Option<(String, String)> {
        let (mut script, mut function): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
        let get = self.table.StackTrace_CurrentStackTrace;
        let (script_ctx, function_ctx) = ((&raw mut script).cast(), (&raw mut function).cast());
        // SAFETY: on the isolate's thread; both vectors outlive the call.
        let found = unsafe { get(self.raw(), callbacks::append_string, script_ctx, function_ctx) };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (found != 0).then(|| (text(&script), text(&function)))
    }

    /// Node's platform. `None` without an environment in the current context.
    pub fn platform(self) -> Option<Platform> {
        // SAFETY: on the isolate's thread, in a context: an N-API callback.
        Platform::new(self.table, unsafe { (self.table.Node_GetPlatform)(self.raw()) })
    }

    /// `HeapProfiler::StartTrackingHeapObjects`, without allocation stacks. No snapshot may be serialised meanwhile.
    pub fn start_tracking_heap_objects(self) {
        // SAFETY: on the isolate's thread.
        unsafe { (self.table.HeapProfiler_StartTrackingHeapObjects)(self.raw(), 0) };
    }

    /// `HeapProfiler::StopTrackingHeapObjects`. No snapshot may be serialised meanwhile.
    pub fn stop_tracking_heap_objects(self) {
        // SAFETY: on the isolate's thread.
        unsafe { (self.table.HeapProfiler_StopTrackingHeapObjects)(self.raw()) };
    }

    /// `HeapProfiler::GetHeapStats`: the updates and the last seen object id. No snapshot may be serialised meanwhile.
    pub fn heap_stats(self) -> (Vec<HeapStatsUpdate>, u32) {
        let mut updates: Vec<HeapStatsUpdate> = Vec::new();
        let ctx = (&raw mut updates).cast();
        // SAFETY: on the isolate's thread; `updates` outlives the call.
        let last = unsafe { (self.table.HeapProfiler_GetHeapStats)(self.raw(), callbacks::record_stats, ctx) };
        (updates, last)
    }

    /// `HeapProfiler::GetObjectId`.
    pub fn object_id(self, value: LocalValue<'_>) -> u32 {
        // SAFETY: on the isolate's thread, which has one isolate; the value's callback is running.
        unsafe { (self.table.HeapProfiler_GetObjectId)(self.raw(), value.as_raw()) }
    }

    /// `HeapProfiler::FindObjectById`.
    pub fn find_object<'cb>(self, id: u32, scope: CallbackScope<'cb>) -> FoundObject<'cb> {
        let mut visible = 0;
        // SAFETY: on the isolate's thread, in the handle scope that `scope` vouches for; `visible` outlives the call.
        let value = unsafe { (self.table.HeapProfiler_FindObjectById)(self.raw(), id, &raw mut visible) };
        match NonNull::new(value) {
            None => FoundObject::None,
            Some(_) if visible == 0 => FoundObject::Hidden,
            // SAFETY: V8 has just made the value in that handle scope.
            Some(value) => FoundObject::Value(unsafe { LocalValue::new(value, scope) }),
        }
    }

    /// `HeapProfiler::StartSamplingHeapProfiler`. `false` when one is running in this isolate already.
    pub fn start_sampling_heap_profiler(self, interval_bytes: NonZeroU64, stack_depth: i32) -> bool {
        let start = self.table.HeapProfiler_StartSamplingHeapProfiler;
        // SAFETY: on the isolate's thread; the interval is above 0, without which V8 ends the process.
        unsafe { start(self.raw(), interval_bytes.get(), stack_depth) != 0 }
    }

    /// `HeapProfiler::StopSamplingHeapProfiler`.
    pub fn stop_sampling_heap_profiler(self) {
        // SAFETY: on the isolate's thread; harmless when none is running.
        unsafe { (self.table.HeapProfiler_StopSamplingHeapProfiler)(self.raw()) };
    }

    /// `CpuProfiler::CollectSample`: one extra sample in every running profile of this isolate.
    pub fn collect_sample(self) {
        // SAFETY: on the isolate's thread; harmless when no profile runs.
        unsafe { (self.table.CpuProfiler_CollectSample)(self.raw()) };
    }
}
