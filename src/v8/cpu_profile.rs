//! A stopped CPU profile that V8 holds, and the view of it that any thread may read.

use std::ffi::{c_char, CStr};
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::Arc;

use super::cpu_profiler::CpuProfiler;
use super::table::{RspCpuProfile, RspCpuProfileNode, RspLineTick, Table};

/// The address of a stopped profile, counted: while a view exists the profile must not be deleted.
struct Address {
    table: &'static Table,
    ptr: NonNull<RspCpuProfile>,
}

// SAFETY: a stopped profile does not change any more: its tree, samples and the names its nodes point to are only read,
// and reading them needs no isolate. Deleting is left to `CpuProfile`, which stays on its thread.
unsafe impl Send for Address {}
// SAFETY: as above: shared access only reads.
unsafe impl Sync for Address {}

/// A stopped profile. Dropped, it is deleted in V8, and its profiler is disposed when this was the last that needs it.
pub struct CpuProfile {
    profiler: ManuallyDrop<Rc<CpuProfiler>>,
    address: ManuallyDrop<Arc<Address>>,
}

impl CpuProfile {
    pub(super) fn new(table: &'static Table, profiler: Rc<CpuProfiler>, ptr: NonNull<RspCpuProfile>) -> CpuProfile {
        CpuProfile {
            profiler: ManuallyDrop::new(profiler),
            address: ManuallyDrop::new(Arc::new(Address { table, ptr })),
        }
    }

    /// A view for any thread. `None` when the profiler was closed with its environment.
    pub fn view(&self) -> Option<CpuProfileView> {
        self.profiler.is_open().then(|| CpuProfileView {
            address: Arc::clone(&self.address),
        })
    }

    /// Whether the profiler of this profile goes on logging code although no profile is running.
    pub fn keeps_logging(&self) -> bool {
        self.profiler.is_eager() && self.profiler.is_idle()
    }

    /// Deletes the profile in V8, unless a view of it is still alive: then it is given back.
    pub fn try_delete(self) -> Result<(), CpuProfile> {
        if Arc::strong_count(&self.address) > 1 {
            return Err(self);
        }
        drop(self);
        Ok(())
    }
}

impl Drop for CpuProfile {
    fn drop(&mut self) {
        // SAFETY: `self.address` is not used after this; drop runs once.
        let address = unsafe { ManuallyDrop::take(&mut self.address) };
        // A view is alive: then neither profile nor profiler may go. They are V8's until the isolate ends.
        let Some(last) = Arc::into_inner(address) else { return };
        // SAFETY: `self.profiler` is not used after this; drop runs once.
        let profiler = unsafe { ManuallyDrop::take(&mut self.profiler) };
        if profiler.is_open() {
            // SAFETY: on the isolate's thread, which the profiler's `Isolate` guarantees; nobody else has the address.
            unsafe { (last.table.CpuProfile_Delete)(last.ptr.as_ptr()) };
        }
    }
}

/// A stopped profile, readable on any thread while this lives. Cheap to clone.
#[derive(Clone)]
pub struct CpuProfileView {
    address: Arc<Address>,
}

/// A node of the profile's call tree. Valid while a view of its profile lives: only the methods of the view read it.
#[derive(Clone, Copy)]
pub struct CpuProfileNode(NonNull<RspCpuProfileNode>);

// SAFETY: an address into a structure that does not change; it is read only through a view, which is `Send`.
unsafe impl Send for CpuProfileNode {}

/// The getters of a node that return a plain value.
macro_rules! node_getters {
    ($($(#[$doc:meta])* $name:ident -> $type:ty = $function:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self, node: CpuProfileNode) -> $type {
            // SAFETY: nodes come from a view of the same profile, which `self` keeps alive.
            unsafe { (self.table().$function)(node.0.as_ptr()) }
        }
    )*};
}

impl CpuProfileView {
    fn table(&self) -> &'static Table {
        self.address.table
    }

    fn raw(&self) -> *const RspCpuProfile {
        self.address.ptr.as_ptr()
    }

    /// The root of the call tree.
    pub fn root(&self) -> CpuProfileNode {
        // SAFETY: `self` keeps the profile alive.
        let root = unsafe { (self.table().CpuProfile_GetTopDownRoot)(self.raw()) };
        // A stopped profile has a root. The dangling address of the impossible case is never read: it has no children.
        CpuProfileNode(NonNull::new(root.cast_mut()).unwrap_or(NonNull::dangling()))
    }

    pub fn samples_count(&self) -> usize {
        // SAFETY: `self` keeps the profile alive.
        let count = unsafe { (self.table().CpuProfile_GetSamplesCount)(self.raw()) };
        usize::try_from(count).unwrap_or(0)
    }

    /// Node and microseconds of a sample. `index` must be below `samples_count`.
    pub fn sample(&self, index: usize) -> (CpuProfileNode, i64) {
        debug_assert!(index < self.samples_count());
        let index = index as i32;
        // SAFETY: `self` keeps the profile alive; the caller holds the bound.
        let node = unsafe { (self.table().CpuProfile_GetSample)(self.raw(), index) };
        // SAFETY: as above.
        let timestamp = unsafe { (self.table().CpuProfile_GetSampleTimestamp)(self.raw(), index) };
        (
            CpuProfileNode(NonNull::new(node.cast_mut()).unwrap_or(self.root().0)),
            timestamp,
        )
    }

    /// Microseconds of V8's monotonic clock.
    pub fn start_time_us(&self) -> i64 {
        // SAFETY: `self` keeps the profile alive.
        unsafe { (self.table().CpuProfile_GetStartTime)(self.raw()) }
    }

    /// Microseconds of V8's monotonic clock.
    pub fn end_time_us(&self) -> i64 {
        // SAFETY: `self` keeps the profile alive.
        unsafe { (self.table().CpuProfile_GetEndTime)(self.raw()) }
    }

    node_getters! {
        node_id -> u32 = CpuProfileNode_GetNodeId;
        hit_count -> u32 = CpuProfileNode_GetHitCount;
        script_id -> i32 = CpuProfileNode_GetScriptId;
        /// 1-based, 0 when unknown.
        line_number -> i32 = CpuProfileNode_GetLineNumber;
        /// 1-based, 0 when unknown.
        column_number -> i32 = CpuProfileNode_GetColumnNumber;
        hit_line_count -> u32 = CpuProfileNode_GetHitLineCount;
    }

    pub fn children_count(&self, node: CpuProfileNode) -> usize {
        // SAFETY: nodes come from a view of the same profile, which `self` keeps alive.
        let count = unsafe { (self.table().CpuProfileNode_GetChildrenCount)(node.0.as_ptr()) };
        usize::try_from(count).unwrap_or(0)
    }

    /// `index` must be below `children_count`.
    pub fn child(&self, node: CpuProfileNode, index: usize) -> CpuProfileNode {
        debug_assert!(index < self.children_count(node));
        // SAFETY: as above; the caller holds the bound.
        let child = unsafe { (self.table().CpuProfileNode_GetChild)(node.0.as_ptr(), index as i32) };
        CpuProfileNode(NonNull::new(child.cast_mut()).unwrap_or(node.0))
    }

    pub fn function_name(&self, node: CpuProfileNode) -> &CStr {
        self.string(node, self.table().CpuProfileNode_GetFunctionNameStr)
    }

    pub fn script_name(&self, node: CpuProfileNode) -> &CStr {
        self.string(node, self.table().CpuProfileNode_GetScriptResourceNameStr)
    }

    pub fn bailout_reason(&self, node: CpuProfileNode) -> &CStr {
        self.string(node, self.table().CpuProfileNode_GetBailoutReason)
    }

    fn string(
        &self,
        node: CpuProfileNode,
        get: unsafe extern "C" fn(*const RspCpuProfileNode) -> *const c_char,
    ) -> &CStr {
        // SAFETY: nodes come from a view of the same profile, which `self` keeps alive.
        let text = unsafe { get(node.0.as_ptr()) };
        if text.is_null() {
            return c"";
        }
        // SAFETY: V8 returns NUL-terminated strings that live as long as the profile's profiler.
        unsafe { CStr::from_ptr(text) }
    }

    /// Calls `tick` with each line (1-based) and its hits. V8 may name a line more than once.
    pub fn line_ticks(&self, node: CpuProfileNode, mut tick: impl FnMut(u32, u32)) {
        let count = self.hit_line_count(node);
        if count == 0 {
            return;
        }
        let mut few = [RspLineTick::default(); 16];
        let mut many = Vec::new();
        let ticks = match few.get_mut(..count as usize) {
            Some(ticks) => ticks,
            None => {
                many.resize(count as usize, RspLineTick::default());
                many.as_mut_slice()
            }
        };
        // SAFETY: `ticks` has room for `count`; the node is alive as above.
        let filled = unsafe { (self.table().CpuProfileNode_GetLineTicks)(node.0.as_ptr(), ticks.as_mut_ptr(), count) };
        for entry in ticks.iter().take(filled as usize) {
            tick(u32::try_from(entry.line).unwrap_or(0), entry.hits);
        }
    }
}
