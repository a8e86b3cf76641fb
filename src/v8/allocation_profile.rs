//! A sampling heap profile as V8 hands it out: readable until the N-API callback in which it was taken returns, so it is only
//! lent (`AllocationProfile::lend`).

use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr::NonNull;

use super::callbacks;
use super::isolate::Isolate;
use super::table::{
    RspAllocationNode, RspAllocationNodeInfo, RspAllocationProfile, RspAllocationSample, RspIsolate, RspStringSink,
};

/// An allocation profile. Ours to delete.
pub struct AllocationProfile {
    isolate: Isolate,
    ptr: NonNull<RspAllocationProfile>,
}

/// A node of its tree.
#[derive(Clone, Copy)]
pub struct AllocationNode<'a> {
    isolate: Isolate,
    ptr: NonNull<RspAllocationNode>,
    _profile: PhantomData<&'a AllocationProfile>,
}

impl AllocationProfile {
    /// `HeapProfiler::GetAllocationProfile`, lent: its names belong to the handle scope of the running callback. `None` when
    /// no sampling profiler runs.
    pub fn lend<R>(isolate: Isolate, read: impl FnOnce(&AllocationProfile) -> R) -> Option<R> {
        // SAFETY: on the isolate's thread, in the handle scope of an N-API callback.
        let ptr = unsafe { (isolate.table.HeapProfiler_GetAllocationProfile)(isolate.raw()) };
        NonNull::new(ptr).map(|ptr| read(&AllocationProfile { isolate, ptr }))
    }

    pub fn root(&self) -> Option<AllocationNode<'_>> {
        // SAFETY: the profile lives as long as `self`.
        let root = unsafe { (self.isolate.table.AllocationProfile_GetRootNode)(self.ptr.as_ptr()) };
        NonNull::new(root.cast_mut()).map(|ptr| AllocationNode {
            isolate: self.isolate,
            ptr,
            _profile: PhantomData,
        })
    }

    /// All samples, in the order of allocation.
    pub fn samples(&self) -> Vec<RspAllocationSample> {
        // SAFETY: the profile lives as long as `self`.
        let count = unsafe { (self.isolate.table.AllocationProfile_GetSamplesCount)(self.ptr.as_ptr()) };
        let mut samples = vec![RspAllocationSample::default(); count];
        for (index, sample) in samples.iter_mut().enumerate() {
            // SAFETY: the index is below the count; `sample` outlives the call.
            unsafe { (self.isolate.table.AllocationProfile_GetSample)(self.ptr.as_ptr(), index, sample) };
        }
        samples
    }
}

impl Drop for AllocationProfile {
    fn drop(&mut self) {
        // SAFETY: V8 gives the profile away; nodes borrow it and are gone.
        unsafe { (self.isolate.table.AllocationProfile_Delete)(self.ptr.as_ptr()) };
    }
}

impl<'a> AllocationNode<'a> {
    pub fn info(self) -> RspAllocationNodeInfo {
        let mut info = RspAllocationNodeInfo::default();
        // SAFETY: the node lives as long as its profile; `info` outlives the call.
        unsafe { (self.isolate.table.AllocationNode_GetInfo)(self.ptr.as_ptr(), &raw mut info) };
        info
    }

    pub fn name(self) -> String {
        self.string(self.isolate.table.AllocationNode_GetName)
    }

    pub fn script_name(self) -> String {
        self.string(self.isolate.table.AllocationNode_GetScriptName)
    }

    fn string(
        self,
        get: unsafe extern "C" fn(*mut RspIsolate, *const RspAllocationNode, RspStringSink, *mut c_void),
    ) -> String {
        let mut out: Vec<u8> = Vec::new();
        let ctx = (&raw mut out).cast();
        // SAFETY: the node lives as long as its profile, its strings as long as the running callback; `out` outlives the call.
        unsafe { get(self.isolate.raw(), self.ptr.as_ptr(), callbacks::append_string, ctx) };
        String::from_utf8_lossy(&out).into_owned()
    }

    pub fn children(self) -> impl Iterator<Item = AllocationNode<'a>> {
        (0..self.info().children).filter_map(move |index| {
            // SAFETY: the index is below the count; the node lives as long as its profile.
            let child = unsafe { (self.isolate.table.AllocationNode_GetChild)(self.ptr.as_ptr(), index) };
            NonNull::new(child.cast_mut()).map(|ptr| AllocationNode { ptr, ..self })
        })
    }

    /// The live samples of this node, as (size in bytes, count).
    pub fn allocations(self) -> impl Iterator<Item = (usize, u32)> + 'a {
        (0..self.info().allocations).map(move |index| {
            let (mut size, mut count) = (0, 0);
            let get = self.isolate.table.AllocationNode_GetAllocation;
            // SAFETY: the index is below the count; the node lives as long as its profile; both outlive the call.
            unsafe { get(self.ptr.as_ptr(), index, &raw mut size, &raw mut count) };
            (size, count)
        })
    }
}
