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

// SAFETY: `HeapSnapshot::Serialize` reads only the snapshot's own tables, which do not change after the walk, and needs
// no isolate (measured on Node 18 to 26). Everything else is called through `HeapSnapshot`, which stays on its thread.
unsafe impl Send for Address {}
// SAFETY: as above: shared access only reads.
unsafe impl Sync for Address {}

/// A heap snapshot. Dropped, it is deleted in V8, unless a [`SnapshotText`] still reads it: then it is V8's until the
/// isolate ends. Use [`HeapSnapshot::try_delete`] to know.
pub struct HeapSnapshot {
    isolate: Isolate,
    address: ManuallyDrop<Arc<Address>>,
}

impl HeapSnapshot {
    pub(super) fn new(isolate: Isolate, ptr: NonNull<RspHeapSnapshot>) -> HeapSnapshot {
        HeapSnapshot {
            isolate,
            address: ManuallyDrop::new(Arc::new(Address {
                table: isolate.table,
                ptr,
            })),
        }
    }

    fn raw(&self) -> *mut RspHeapSnapshot {
        self.address.ptr.as_ptr()
    }

    /// The text of this snapshot, for another thread.
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

/// The right to serialise one snapshot, on any thread.
pub struct SnapshotText {
    address: Arc<Address>,
}

impl SnapshotText {
    /// Writes the `.heapsnapshot` text in chunks of `chunk_size` bytes (the last one shorter). Stops early when `write`
    /// returns `false`.
    pub fn serialize(&self, chunk_size: i32, mut write: impl FnMut(&[u8]) -> bool) {
        let mut write: &mut dyn FnMut(&[u8]) -> bool = &mut write;
        let ctx = (&raw mut write).cast();
        let serialize = self.address.table.HeapSnapshot_Serialize;
        // SAFETY: `self` keeps the snapshot alive; `capture` lets no tracking call run meanwhile; `write` outlives the call.
        unsafe { serialize(self.address.ptr.as_ptr(), chunk_size, callbacks::write_chunk, ctx) };
    }
}
