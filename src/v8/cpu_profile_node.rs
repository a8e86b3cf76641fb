//! The nodes of a stopped CPU profile. They belong to the profile and cannot outlive the borrow of a view of it.

use std::ffi::{c_char, CStr};
use std::marker::PhantomData;
use std::ptr::NonNull;

use super::table::{RspCpuProfileNode, RspLineTick, Table};

/// A node of the call tree, as long as a view of its profile is borrowed.
#[derive(Clone, Copy)]
pub struct CpuProfileNode<'v> {
    table: &'static Table,
    ptr: NonNull<RspCpuProfileNode>,
    _view: PhantomData<&'v ()>,
}

/// The getters of a node that return a plain value.
macro_rules! node_getters {
    ($($(#[$doc:meta])* $name:ident -> $type:ty = $function:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(self) -> $type {
            // SAFETY: the node lives as long as its profile, which the view that `'v` borrows keeps alive.
            unsafe { (self.table.$function)(self.raw()) }
        }
    )*};
}

impl<'v> CpuProfileNode<'v> {
    /// `ptr` must be null or a node that V8 gave for the profile of the view that `'v` borrows.
    pub(super) fn new(table: &'static Table, ptr: *const RspCpuProfileNode) -> Option<CpuProfileNode<'v>> {
        NonNull::new(ptr.cast_mut()).map(|ptr| CpuProfileNode {
            table,
            ptr,
            _view: PhantomData,
        })
    }

    fn raw(self) -> *const RspCpuProfileNode {
        self.ptr.as_ptr()
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

    pub fn children_count(self) -> usize {
        // SAFETY: the node lives as long as its profile, which the view that `'v` borrows keeps alive.
        let count = unsafe { (self.table.CpuProfileNode_GetChildrenCount)(self.raw()) };
        usize::try_from(count).unwrap_or(0)
    }

    /// `None` when there is no such child.
    pub fn child(self, index: usize) -> Option<CpuProfileNode<'v>> {
        if index >= self.children_count() {
            return None;
        }
        // SAFETY: the node lives as the view that `'v` borrows; the index is below the number of children (so it fits, too).
        let child = unsafe { (self.table.CpuProfileNode_GetChild)(self.raw(), index as i32) };
        CpuProfileNode::new(self.table, child)
    }

    pub fn function_name(self) -> &'v CStr {
        self.string(self.table.CpuProfileNode_GetFunctionNameStr)
    }

    pub fn script_name(self) -> &'v CStr {
        self.string(self.table.CpuProfileNode_GetScriptResourceNameStr)
    }

    pub fn bailout_reason(self) -> &'v CStr {
        self.string(self.table.CpuProfileNode_GetBailoutReason)
    }

    fn string(self, get: unsafe extern "C" fn(*const RspCpuProfileNode) -> *const c_char) -> &'v CStr {
        // SAFETY: the node lives as long as its profile, which the view that `'v` borrows keeps alive.
        let text = unsafe { get(self.raw()) };
        if text.is_null() {
            return c"";
        }
        // SAFETY: V8 returns NUL-terminated strings that live as long as the profiler of the profile, which outlives it.
        unsafe { CStr::from_ptr(text) }
    }

    /// Calls `tick` with each line (1-based) and its hits. V8 may name a line more than once.
    pub fn line_ticks(self, mut tick: impl FnMut(u32, u32)) {
        let count = self.hit_line_count();
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
        let get = self.table.CpuProfileNode_GetLineTicks;
        // SAFETY: `ticks` has room for `count`; the node lives as the view that `'v` borrows.
        let filled = unsafe { get(self.raw(), ticks.as_mut_ptr(), count) };
        for entry in ticks.iter().take(filled as usize) {
            tick(u32::try_from(entry.line).unwrap_or(0), entry.hits);
        }
    }
}
