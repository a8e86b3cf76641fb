//! A heap snapshot that V8 holds, and its text, which any thread may produce.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::Arc;

use super::callbacks;
use super::heap_graph::HeapGraphNode;
use super::isolate::Isolate;
use super::table::{RspHeapSnapshot, Table};

/// The address of a snapshot, counted: while a [`SnapshotText`] exists the snapshot must not be deleted.
struct Address {
    table: &'static Table,
    ptr: NonNull<RspHeapSnapshot>,
}

// SAFETY: the one thing that another thread does with the address is `HeapSnapshot::Serialize`, through [`SnapshotText`]: see
// there. Everything else is called through `HeapSnapshot`, which stays on its thread.
unsafe impl Send for Address {}
// SAFETY: `&Address` gives away nothing but a copy of the address, to which the same applies.
unsafe impl Sync for Address {}

/// A heap snapshot. Dropped, it is deleted in V8, unless a [`SnapshotText`] still reads it: then it is V8's until the
/// isolate ends. Use [`HeapSnapshot::try_delete`] to know.
pub struct HeapSnapshot {
    isolate: Isolate,
    address: ManuallyDrop<Arc<Address>>,
}

impl HeapSnapshot {
    /// `HeapProfiler::TakeHeapSnapshot`: walks the heap. `None` when V8 gave up. `progress` hears of objects done and in all, the
    /// same perhaps more than once; it must run no JavaScript.
    pub fn take(
        isolate: Isolate,
        expose_internals: bool,
        expose_numeric_values: bool,
        mut progress: impl FnMut(u32, u32),
    ) -> Option<HeapSnapshot> {
        let mut progress: &mut dyn FnMut(u32, u32) = &mut progress;
        let ctx = (&raw mut progress).cast();
        let take = isolate.table.HeapProfiler_TakeHeapSnapshot;
        // SAFETY: on the isolate's thread; `progress` outlives the call and runs no JavaScript.
        let ptr = unsafe {
            take(
                isolate.raw(),
                expose_internals.into(),
                expose_numeric_values.into(),
                callbacks::report_progress,
                ctx,
            )
        };
        let table = isolate.table;
        NonNull::new(ptr).map(|ptr| HeapSnapshot {
            isolate,
            address: ManuallyDrop::new(Arc::new(Address { table, ptr })),
        })
    }

    fn raw(&self) -> *mut RspHeapSnapshot {
        self.address.ptr.as_ptr()
    }

    /// The first bytes of the text, with the whole header: at least 16 KiB, or all when it is shorter. V8 is told to stop
    /// there, among the nodes, where it looks for that after each.
    pub fn beginning(&self) -> Vec<u8> {
        let mut first = Vec::new();
        self.text().serialize(16 << 10, |chunk| {
            first.extend_from_slice(chunk);
            false
        });
        first
    }

    /// The text of this snapshot, for another thread if the rules of [`SnapshotText`] can be kept there.
    pub fn text(&self) -> SnapshotText {
        SnapshotText {
            address: Arc::clone(&self.address),
        }
    }

    /// Deletes the snapshot in V8, unless a text of it is still alive: then it is given back.
    pub fn try_delete(self) -> Result<(), HeapSnapshot> {
        if Arc::strong_count(&self.address) > 1 {
            return Err(self);
        }
        drop(self);
        Ok(())
    }

    /// Leaves the snapshot to V8, which frees it with the isolate.
    pub fn abandon(self) {
        std::mem::forget(self);
    }

    pub fn nodes_count(&self) -> i32 {
        // SAFETY: the snapshot lives as long as `self`; on the isolate's thread.
        unsafe { (self.isolate.table.HeapSnapshot_GetNodesCount)(self.raw()) }
    }

    pub fn max_js_object_id(&self) -> u32 {
        // SAFETY: the snapshot lives as long as `self`; on the isolate's thread.
        unsafe { (self.isolate.table.HeapSnapshot_GetMaxSnapshotJSObjectId)(self.raw()) }
    }

    pub fn root(&self) -> Option<HeapGraphNode<'_>> {
        // SAFETY: the snapshot lives as long as `self`; on the isolate's thread.
        let node = unsafe { (self.isolate.table.HeapSnapshot_GetRoot)(self.raw()) };
        HeapGraphNode::new(self.isolate, node)
    }

    /// The node at an index. `None` when it is out of range.
    pub fn node(&self, index: i32) -> Option<HeapGraphNode<'_>> {
        if index < 0 || index >= self.nodes_count() {
            return None;
        }
        // SAFETY: the index was checked; the snapshot lives as long as `self`; on the isolate's thread.
        let node = unsafe { (self.isolate.table.HeapSnapshot_GetNode)(self.raw(), index) };
        HeapGraphNode::new(self.isolate, node)
    }

    /// The node with an object id. `None` when there is none.
    pub fn node_by_id(&self, id: u32) -> Option<HeapGraphNode<'_>> {
        // SAFETY: the snapshot lives as long as `self`; on the isolate's thread.
        let node = unsafe { (self.isolate.table.HeapSnapshot_GetNodeById)(self.raw(), id) };
        HeapGraphNode::new(self.isolate, node)
    }
}

impl Drop for HeapSnapshot {
    fn drop(&mut self) {
        // SAFETY: `self.address` is not used after this; drop runs once.
        let address = unsafe { ManuallyDrop::take(&mut self.address) };
        if let Some(last) = Arc::into_inner(address) {
            // SAFETY: on the isolate's thread, which `Isolate` guarantees; nobody else has the address.
            unsafe { (last.table.HeapSnapshot_Delete)(last.ptr.as_ptr()) };
        }
    }
}

/// The right to serialise one snapshot.
///
/// V8 serialises from the snapshot's own tables, which do not change after the walk and need no isolate, and from those of
/// object tracking, which belong to the isolate's thread. So another thread may do it only
/// - when no allocation stacks are recorded (`trace_function_count` of the header is 0): V8 would resolve positions in scripts,
///   with handles, and walk a tree that the isolate's thread adds to;
/// - while the isolate's thread neither starts, reads nor stops tracking of objects.
///
/// `capture` keeps both. It cannot keep an inspector session from starting either meanwhile (docs/limits.md).
pub struct SnapshotText {
    address: Arc<Address>,
}

impl SnapshotText {
    /// Writes the `.heapsnapshot` text in chunks of `chunk_size` bytes (the last one shorter). Stops early when `write`
    /// returns `false`.
    ///
    /// Not every `false` is safe. After it V8 does not empty its buffer any more and does not look at the buffer's end: if it
    /// then goes on for more than a chunk, it writes over the end or for ever. It looks for an abort after each node, edge,
    /// location and string, not within a long string, the stacks of allocations or the samples.
    pub fn serialize(&self, chunk_size: i32, mut write: impl FnMut(&[u8]) -> bool) {
        let mut write: &mut dyn FnMut(&[u8]) -> bool = &mut write;
        let ctx = (&raw mut write).cast();
        let serialize = self.address.table.HeapSnapshot_Serialize;
        // SAFETY: `self` keeps the snapshot alive; the caller is on the isolate's thread or keeps the rules of this type;
        // `write` outlives the call.
        unsafe { serialize(self.address.ptr.as_ptr(), chunk_size, callbacks::write_chunk, ctx) };
    }
}
