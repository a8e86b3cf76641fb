//! The mirror of `shim.h`: the table of C functions that a V8 shim hands over.
//!
//! Why it exists: the layout is agreed by hand on both sides. Members stand in the order of the header, which a test
//! compares (`shim-table.test.js`); a change needs a new [`TABLE_VERSION`] there and here. Nothing here may call V8.

use std::ffi::{c_char, c_void};

/// `RSP_TABLE_VERSION` of `shim.h`.
pub const TABLE_VERSION: u32 = 4;

// Numbers of V8, as `RSP_*` in `shim.h`; `shim.cc` asserts that they are V8's.
/// `v8::HeapGraphNode::kObject`.
pub const NODE_TYPE_OBJECT: i32 = 3;
/// `v8::CpuProfilingStatus::kStarted`.
pub const CPU_PROFILER_STARTED: i32 = 0;
/// `v8::CpuProfilingStatus::kErrorTooManyProfilers`.
pub const CPU_PROFILER_TOO_MANY: i32 = 2;

/// Declares opaque C types: only pointers to them exist.
macro_rules! opaque {
    ($($name:ident),* $(,)?) => {$(
        #[repr(C)]
        pub struct $name {
            _opaque: [u8; 0],
        }
    )*};
}

opaque!(
    RspIsolate,
    RspPlatform,
    RspHeapSnapshot,
    RspHeapGraphNode,
    RspHeapGraphEdge,
    RspCpuProfiler,
    RspCpuProfile,
    RspCpuProfileNode,
    RspAllocationProfile,
    RspAllocationNode,
);

/// A `napi_value`.
pub type RspNapiValue = *mut c_void;

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct RspLineTick {
    pub line: i32,
    pub hits: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct RspHeapStatsUpdate {
    pub index: u32,
    pub count: u32,
    pub size: u32,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct RspAllocationNodeInfo {
    pub script_id: i32,
    pub line: i32,
    pub column: i32,
    pub node_id: u32,
    pub children: usize,
    pub allocations: usize,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct RspAllocationSample {
    pub node_id: u32,
    pub count: u32,
    pub size: usize,
    pub sample_id: u64,
}

pub type RspInterrupt = unsafe extern "C" fn(*mut RspIsolate, *mut c_void);
pub type RspNearHeapLimit = unsafe extern "C" fn(*mut c_void, usize, usize) -> usize;
pub type RspStringSink = unsafe extern "C" fn(*mut c_void, *const c_char, usize);
pub type RspWrite = unsafe extern "C" fn(*mut c_void, *const c_char, usize) -> i32;
pub type RspProgress = unsafe extern "C" fn(*mut c_void, u32, u32) -> i32;
pub type RspHeapStats = unsafe extern "C" fn(*mut c_void, *const RspHeapStatsUpdate, usize) -> i32;

/// What every version of the table begins with. Only this may be read before version and size are known to fit.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TableHeader {
    pub table_version: u32,
    pub table_size: u32,
    pub node_module_version: u32,
}

#[allow(non_snake_case)] // the members bear the names of V8's functions, so that one grep finds all sides
#[repr(C)]
pub struct Table {
    pub header: TableHeader,
    pub v8_version: *const c_char,

    pub Isolate_TryGetCurrent: unsafe extern "C" fn() -> *mut RspIsolate,
    pub Node_AtExit: unsafe extern "C" fn(*mut RspIsolate, unsafe extern "C" fn(*mut c_void), *mut c_void),
    pub Isolate_RequestInterrupt: unsafe extern "C" fn(*mut RspIsolate, RspInterrupt, *mut c_void),
    pub Isolate_AddNearHeapLimitCallback: unsafe extern "C" fn(*mut RspIsolate, RspNearHeapLimit, *mut c_void),
    pub Isolate_LowMemoryNotification: unsafe extern "C" fn(*mut RspIsolate),
    pub StackTrace_CurrentStackTrace:
        unsafe extern "C" fn(*mut RspIsolate, RspStringSink, *mut c_void, *mut c_void) -> i32,

    pub Node_GetPlatform: unsafe extern "C" fn(*mut RspIsolate) -> *mut RspPlatform,
    pub Platform_NumberOfWorkerThreads: unsafe extern "C" fn(*mut RspPlatform) -> i32,
    pub Platform_CallOnWorkerThread: unsafe extern "C" fn(
        *mut RspPlatform,
        unsafe extern "C" fn(*mut c_void),
        unsafe extern "C" fn(*mut c_void),
        *mut c_void,
    ),

    pub HeapProfiler_TakeHeapSnapshot:
        unsafe extern "C" fn(*mut RspIsolate, i32, i32, RspProgress, *mut c_void) -> *mut RspHeapSnapshot,
    pub HeapProfiler_StartTrackingHeapObjects: unsafe extern "C" fn(*mut RspIsolate, i32),
    pub HeapProfiler_StopTrackingHeapObjects: unsafe extern "C" fn(*mut RspIsolate),
    pub HeapProfiler_GetHeapStats: unsafe extern "C" fn(*mut RspIsolate, RspHeapStats, *mut c_void) -> u32,
    pub HeapProfiler_GetObjectId: unsafe extern "C" fn(*mut RspIsolate, RspNapiValue) -> u32,
    pub HeapProfiler_FindObjectById: unsafe extern "C" fn(*mut RspIsolate, u32, *mut i32) -> RspNapiValue,
    pub HeapProfiler_StartSamplingHeapProfiler: unsafe extern "C" fn(*mut RspIsolate, u64, i32) -> i32,
    pub HeapProfiler_StopSamplingHeapProfiler: unsafe extern "C" fn(*mut RspIsolate),
    pub HeapProfiler_GetAllocationProfile: unsafe extern "C" fn(*mut RspIsolate) -> *mut RspAllocationProfile,

    pub AllocationProfile_Delete: unsafe extern "C" fn(*mut RspAllocationProfile),
    pub AllocationProfile_GetRootNode: unsafe extern "C" fn(*mut RspAllocationProfile) -> *const RspAllocationNode,
    pub AllocationProfile_GetSamplesCount: unsafe extern "C" fn(*mut RspAllocationProfile) -> usize,
    pub AllocationProfile_GetSample: unsafe extern "C" fn(*mut RspAllocationProfile, usize, *mut RspAllocationSample),
    pub AllocationNode_GetInfo: unsafe extern "C" fn(*const RspAllocationNode, *mut RspAllocationNodeInfo),
    pub AllocationNode_GetName:
        unsafe extern "C" fn(*mut RspIsolate, *const RspAllocationNode, RspStringSink, *mut c_void),
    pub AllocationNode_GetScriptName:
        unsafe extern "C" fn(*mut RspIsolate, *const RspAllocationNode, RspStringSink, *mut c_void),
    pub AllocationNode_GetChild: unsafe extern "C" fn(*const RspAllocationNode, usize) -> *const RspAllocationNode,
    pub AllocationNode_GetAllocation: unsafe extern "C" fn(*const RspAllocationNode, usize, *mut usize, *mut u32),

    pub HeapSnapshot_Delete: unsafe extern "C" fn(*mut RspHeapSnapshot),
    pub HeapSnapshot_GetNodesCount: unsafe extern "C" fn(*const RspHeapSnapshot) -> i32,
    pub HeapSnapshot_GetMaxSnapshotJSObjectId: unsafe extern "C" fn(*const RspHeapSnapshot) -> u32,
    pub HeapSnapshot_GetRoot: unsafe extern "C" fn(*const RspHeapSnapshot) -> *const RspHeapGraphNode,
    pub HeapSnapshot_GetNode: unsafe extern "C" fn(*const RspHeapSnapshot, i32) -> *const RspHeapGraphNode,
    pub HeapSnapshot_GetNodeById: unsafe extern "C" fn(*const RspHeapSnapshot, u32) -> *const RspHeapGraphNode,
    pub HeapSnapshot_Serialize: unsafe extern "C" fn(*const RspHeapSnapshot, i32, RspWrite, *mut c_void),

    pub HeapGraphNode_GetType: unsafe extern "C" fn(*const RspHeapGraphNode) -> i32,
    pub HeapGraphNode_GetName:
        unsafe extern "C" fn(*mut RspIsolate, *const RspHeapGraphNode, RspStringSink, *mut c_void),
    pub HeapGraphNode_GetId: unsafe extern "C" fn(*const RspHeapGraphNode) -> u32,
    pub HeapGraphNode_GetShallowSize: unsafe extern "C" fn(*const RspHeapGraphNode) -> usize,
    pub HeapGraphNode_GetChildrenCount: unsafe extern "C" fn(*const RspHeapGraphNode) -> i32,
    pub HeapGraphNode_GetChild: unsafe extern "C" fn(*const RspHeapGraphNode, i32) -> *const RspHeapGraphEdge,
    pub HeapGraphEdge_GetType: unsafe extern "C" fn(*const RspHeapGraphEdge) -> i32,
    pub HeapGraphEdge_GetName:
        unsafe extern "C" fn(*mut RspIsolate, *const RspHeapGraphEdge, *mut u32, RspStringSink, *mut c_void) -> i32,
    pub HeapGraphEdge_GetToNode: unsafe extern "C" fn(*const RspHeapGraphEdge) -> *const RspHeapGraphNode,

    pub CpuProfiler_New: unsafe extern "C" fn(*mut RspIsolate, i32) -> *mut RspCpuProfiler,
    pub CpuProfiler_Dispose: unsafe extern "C" fn(*mut RspCpuProfiler),
    pub CpuProfiler_SetSamplingInterval: unsafe extern "C" fn(*mut RspCpuProfiler, i32),
    pub CpuProfiler_Start: unsafe extern "C" fn(*mut RspIsolate, *mut RspCpuProfiler, i32, u32, *mut u32) -> i32,
    pub CpuProfiler_Stop: unsafe extern "C" fn(*mut RspIsolate, *mut RspCpuProfiler, u32) -> *mut RspCpuProfile,
    pub CpuProfiler_CollectSample: unsafe extern "C" fn(*mut RspIsolate),

    pub CpuProfile_Delete: unsafe extern "C" fn(*mut RspCpuProfile),
    pub CpuProfile_GetTopDownRoot: unsafe extern "C" fn(*const RspCpuProfile) -> *const RspCpuProfileNode,
    pub CpuProfile_GetSamplesCount: unsafe extern "C" fn(*const RspCpuProfile) -> i32,
    pub CpuProfile_GetSample: unsafe extern "C" fn(*const RspCpuProfile, i32) -> *const RspCpuProfileNode,
    pub CpuProfile_GetSampleTimestamp: unsafe extern "C" fn(*const RspCpuProfile, i32) -> i64,
    pub CpuProfile_GetStartTime: unsafe extern "C" fn(*const RspCpuProfile) -> i64,
    pub CpuProfile_GetEndTime: unsafe extern "C" fn(*const RspCpuProfile) -> i64,
    pub CpuProfileNode_GetFunctionNameStr: unsafe extern "C" fn(*const RspCpuProfileNode) -> *const c_char,
    pub CpuProfileNode_GetScriptResourceNameStr: unsafe extern "C" fn(*const RspCpuProfileNode) -> *const c_char,
    pub CpuProfileNode_GetScriptId: unsafe extern "C" fn(*const RspCpuProfileNode) -> i32,
    pub CpuProfileNode_GetLineNumber: unsafe extern "C" fn(*const RspCpuProfileNode) -> i32,
    pub CpuProfileNode_GetColumnNumber: unsafe extern "C" fn(*const RspCpuProfileNode) -> i32,
    pub CpuProfileNode_GetBailoutReason: unsafe extern "C" fn(*const RspCpuProfileNode) -> *const c_char,
    pub CpuProfileNode_GetHitCount: unsafe extern "C" fn(*const RspCpuProfileNode) -> u32,
    pub CpuProfileNode_GetNodeId: unsafe extern "C" fn(*const RspCpuProfileNode) -> u32,
    pub CpuProfileNode_GetHitLineCount: unsafe extern "C" fn(*const RspCpuProfileNode) -> u32,
    pub CpuProfileNode_GetLineTicks: unsafe extern "C" fn(*const RspCpuProfileNode, *mut RspLineTick, u32) -> u32,
    pub CpuProfileNode_GetChildrenCount: unsafe extern "C" fn(*const RspCpuProfileNode) -> i32,
    pub CpuProfileNode_GetChild: unsafe extern "C" fn(*const RspCpuProfileNode, i32) -> *const RspCpuProfileNode,
}

/// The table's one exported symbol.
pub type TableFn = unsafe extern "C" fn() -> *const Table;

// SAFETY: the table is a constant of the loaded library, which is never unloaded; its members are never written.
unsafe impl Sync for Table {}

#[cfg(test)]
impl Table {
    /// A table for tests, which replace the functions that they call.
    pub(super) fn of_stubs() -> Table {
        unsafe extern "C" fn stub() -> u64 {
            std::process::abort()
        }
        let mut table = std::mem::MaybeUninit::<Table>::zeroed();
        let words = table.as_mut_ptr().cast::<unsafe extern "C" fn() -> u64>();
        let size = size_of::<usize>();
        for index in std::mem::offset_of!(Table, v8_version) / size..size_of::<Table>() / size {
            // SAFETY: the index is below the number of words of the table.
            let word = unsafe { words.add(index) };
            // SAFETY: the word is part of `table`, which is as aligned as a pointer.
            unsafe { word.write(stub) };
        }
        // SAFETY: the header may be zeros, and all behind it is a pointer, now one that is not null.
        unsafe { table.assume_init() }
    }
}
