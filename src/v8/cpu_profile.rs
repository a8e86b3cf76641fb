//! A stopped CPU profile that V8 holds, and the view of it that any thread may read.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::Arc;

use super::cpu_profile_node::CpuProfileNode;
use super::cpu_profiler::CpuProfiler;
use super::table::{RspCpuProfile, RspCpuProfileNode, Table};

/// The address of a stopped profile, counted: while a view exists the profile must not be deleted.
struct Address {
    table: &'static Table,
    ptr: NonNull<RspCpuProfile>,
}

// SAFETY: a stopped profile does not change any more: its tree, samples and the names its nodes point to are only read,
// and reading them needs no isolate. Deleting is left to `CpuProfile`, which stays on its thread.
unsafe impl Send for Address {}
// SAFETY: what two threads do with it at a time is read a structure that does not change any more.
unsafe impl Sync for Address {}

/// A stopped profile. Dropped, it is deleted in V8, and its profiler is disposed when this was the last that needs it.
pub struct CpuProfile {
    profiler: ManuallyDrop<Rc<CpuProfiler>>,
    address: ManuallyDrop<Arc<Address>>,
}

impl CpuProfile {
    /// Stops a profile that this profiler has started. `None` when it is not running.
    pub fn stop(profiler: &Rc<CpuProfiler>, id: u32) -> Option<CpuProfile> {
        let table = profiler.table();
        profiler.stop(id).map(|ptr| CpuProfile {
            profiler: ManuallyDrop::new(Rc::clone(profiler)),
            address: ManuallyDrop::new(Arc::new(Address { table, ptr })),
        })
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

/// The samples of a profile. Their number was read once: it does not change.
#[derive(Clone, Copy)]
pub struct Samples<'v> {
    view: &'v CpuProfileView,
    count: usize,
}

impl CpuProfileView {
    fn table(&self) -> &'static Table {
        self.address.table
    }

    fn raw(&self) -> *const RspCpuProfile {
        self.address.ptr.as_ptr()
    }

    /// A node that V8 gave for this profile.
    fn node(&self, ptr: *const RspCpuProfileNode) -> Option<CpuProfileNode<'_>> {
        CpuProfileNode::new(self.table(), ptr)
    }

    /// The root of the call tree. V8 gives one to every profile, but does not promise it.
    pub fn root(&self) -> Option<CpuProfileNode<'_>> {
        // SAFETY: `self` keeps the profile alive.
        self.node(unsafe { (self.table().CpuProfile_GetTopDownRoot)(self.raw()) })
    }

    pub fn samples(&self) -> Samples<'_> {
        // SAFETY: `self` keeps the profile alive.
        let count = unsafe { (self.table().CpuProfile_GetSamplesCount)(self.raw()) };
        Samples {
            view: self,
            count: usize::try_from(count).unwrap_or(0),
        }
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
}

impl<'v> Samples<'v> {
    pub fn count(self) -> usize {
        self.count
    }

    /// Node and microseconds of a sample. `None` when there is no such sample.
    pub fn get(self, index: usize) -> Option<(CpuProfileNode<'v>, i64)> {
        if index >= self.count {
            return None;
        }
        let (table, profile, index) = (self.view.table(), self.view.raw(), index as i32);
        // SAFETY: the view keeps the profile alive, and the index is below the number of its samples (so it fits, too).
        let node = unsafe { (table.CpuProfile_GetSample)(profile, index) };
        // SAFETY: the view keeps the profile alive, and the index is below the number of its samples.
        let timestamp = unsafe { (table.CpuProfile_GetSampleTimestamp)(profile, index) };
        Some((self.view.node(node)?, timestamp))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::ptr::{null, NonNull};

    unsafe extern "C" fn no_root(_: *const RspCpuProfile) -> *const RspCpuProfileNode {
        null()
    }
    unsafe extern "C" fn a_root(_: *const RspCpuProfile) -> *const RspCpuProfileNode {
        NonNull::dangling().as_ptr()
    }
    unsafe extern "C" fn a_time(_: *const RspCpuProfile) -> i64 {
        7
    }
    unsafe extern "C" fn two_samples(_: *const RspCpuProfile) -> i32 {
        2
    }
    unsafe extern "C" fn sample(_: *const RspCpuProfile, index: i32) -> *const RspCpuProfileNode {
        assert!((0..2).contains(&index), "V8 was asked for sample {index} of 2");
        NonNull::dangling().as_ptr()
    }
    unsafe extern "C" fn sample_time(_: *const RspCpuProfile, index: i32) -> i64 {
        i64::from(index)
    }
    unsafe extern "C" fn three_children(_: *const RspCpuProfileNode) -> i32 {
        3
    }
    unsafe extern "C" fn child(_: *const RspCpuProfileNode, index: i32) -> *const RspCpuProfileNode {
        assert!((0..3).contains(&index), "V8 was asked for child {index} of 3");
        NonNull::dangling().as_ptr()
    }

    fn view(table: Table) -> CpuProfileView {
        let address = Address {
            table: Box::leak(Box::new(table)),
            ptr: NonNull::dangling(),
        };
        CpuProfileView {
            address: Arc::new(address),
        }
    }

    /// A view of a profile that has no root, as V8 might give.
    pub(crate) fn view_without_root() -> CpuProfileView {
        view(Table {
            CpuProfile_GetTopDownRoot: no_root,
            CpuProfile_GetStartTime: a_time,
            CpuProfile_GetEndTime: a_time,
            ..Table::of_stubs()
        })
    }

    #[test]
    fn a_missing_root_is_none() {
        assert!(view_without_root().root().is_none());
    }

    #[test]
    fn v8_is_asked_for_samples_and_children_that_exist_only() {
        let view = view(Table {
            CpuProfile_GetTopDownRoot: a_root,
            CpuProfile_GetSamplesCount: two_samples,
            CpuProfile_GetSample: sample,
            CpuProfile_GetSampleTimestamp: sample_time,
            CpuProfileNode_GetChildrenCount: three_children,
            CpuProfileNode_GetChild: child,
            ..Table::of_stubs()
        });
        let samples = view.samples();
        let found = [0, 1, 2, 1 << 32, usize::MAX].map(|index| samples.get(index).is_some());
        assert_eq!((samples.count(), found), (2, [true, true, false, false, false]));
        let children =
            [0, 2, 3, 1 << 32, usize::MAX].map(|index| view.root().and_then(|root| root.child(index)).is_some());
        assert_eq!(children, [true, true, false, false, false]);
    }
}
