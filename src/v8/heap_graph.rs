//! The nodes and edges of a heap snapshot. They belong to the snapshot and cannot outlive it.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::callbacks;
use super::isolate::Isolate;
use super::table::{RspHeapGraphEdge, RspHeapGraphNode, NODE_TYPE_OBJECT};

/// A node of a snapshot that lives at least for `'a`.
#[derive(Clone, Copy)]
pub struct HeapGraphNode<'a> {
    isolate: Isolate,
    ptr: NonNull<RspHeapGraphNode>,
    _snapshot: PhantomData<&'a ()>,
}

/// What an edge is called: its name or, for elements and hidden edges, its index.
pub enum EdgeName {
    Index(u32),
    Name(String),
}

impl<'a> HeapGraphNode<'a> {
    /// The [`node_type`](Self::node_type) of plain objects.
    pub const OBJECT: i32 = NODE_TYPE_OBJECT;

    pub(super) fn new(isolate: Isolate, ptr: *const RspHeapGraphNode) -> Option<HeapGraphNode<'a>> {
        NonNull::new(ptr.cast_mut()).map(|ptr| HeapGraphNode {
            isolate,
            ptr,
            _snapshot: PhantomData,
        })
    }

    fn raw(self) -> *const RspHeapGraphNode {
        self.ptr.as_ptr()
    }

    /// `HeapGraphNode::Type` as a number.
    pub fn node_type(self) -> i32 {
        // SAFETY: the node lives as long as its snapshot, for which `'a` stands.
        unsafe { (self.isolate.table.HeapGraphNode_GetType)(self.raw()) }
    }

    pub fn name(self) -> String {
        let mut out: Vec<u8> = Vec::new();
        self.read_name(&mut out);
        String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// Appends the name to a buffer, which can be used again for the next node.
    pub fn read_name(self, out: &mut Vec<u8>) {
        let ctx = std::ptr::from_mut(out).cast();
        // SAFETY: the node lives as long as its snapshot, for which `'a` stands; `out` outlives the call.
        unsafe {
            (self.isolate.table.HeapGraphNode_GetName)(self.isolate.raw(), self.raw(), callbacks::append_string, ctx)
        };
    }

    pub fn id(self) -> u32 {
        // SAFETY: the node lives as long as its snapshot, for which `'a` stands.
        unsafe { (self.isolate.table.HeapGraphNode_GetId)(self.raw()) }
    }

    pub fn shallow_size(self) -> usize {
        // SAFETY: the node lives as long as its snapshot, for which `'a` stands.
        unsafe { (self.isolate.table.HeapGraphNode_GetShallowSize)(self.raw()) }
    }

    pub fn children_count(self) -> i32 {
        // SAFETY: the node lives as long as its snapshot, for which `'a` stands.
        unsafe { (self.isolate.table.HeapGraphNode_GetChildrenCount)(self.raw()) }
    }

    /// The edge at an index: its type (`HeapGraphEdge::Type` as a number), name, and node. `None` when out of range.
    pub fn child(self, index: i32) -> Option<(i32, EdgeName, HeapGraphNode<'a>)> {
        if index < 0 || index >= self.children_count() {
            return None;
        }
        // SAFETY: the index was checked; edges live as long as their snapshot.
        let edge = unsafe { (self.isolate.table.HeapGraphNode_GetChild)(self.raw(), index) };
        // SAFETY: V8 returns an edge for every index in range.
        let edge_type = unsafe { (self.isolate.table.HeapGraphEdge_GetType)(edge) };
        // SAFETY: the same edge, and it knows its node.
        let to = unsafe { (self.isolate.table.HeapGraphEdge_GetToNode)(edge) };
        HeapGraphNode::new(self.isolate, to).map(|node| (edge_type, self.edge_name(edge), node))
    }

    fn edge_name(self, edge: *const RspHeapGraphEdge) -> EdgeName {
        let mut index = 0;
        let mut name: Vec<u8> = Vec::new();
        let ctx = (&raw mut name).cast();
        let isolate = self.isolate.raw();
        let get_name = self.isolate.table.HeapGraphEdge_GetName;
        // SAFETY: the edge lives as long as its snapshot; `index` and `name` outlive the call.
        let is_index = unsafe { get_name(isolate, edge, &raw mut index, callbacks::append_string, ctx) };
        match is_index {
            0 => EdgeName::Name(String::from_utf8_lossy(&name).into_owned()),
            _ => EdgeName::Index(index),
        }
    }
}
