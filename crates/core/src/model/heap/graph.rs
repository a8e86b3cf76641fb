//! The heap graph. The constraint that shapes it: a file of 1.7 GB has 21 million nodes and 70 million edges, and the
//! graph has to stay well below the size of the file.
//!
//! | column | bytes | of |
//! | --- | --- | --- |
//! | type and detachedness | 1 | node |
//! | name, id, self size, first edge | 4 each | node |
//! | target, name with type | 4 each | edge |
//! | place in the sources | 8 | node that has one |
//!
//! So 17 bytes per node and 8 per edge. What does not fit (self sizes of 4 GiB, indexes above 2^29) waits in side
//! tables. Edges lie in the order of the file, those of a node together: `edges[first[n]..first[n + 1]]`.

use std::borrow::Cow;
use std::ops::Range;

use super::locations::Locations;
use super::size_column::SizeColumn;
use super::weak_pair::WeakPairName;
use super::{
    AllocationFrame, Allocations, Column, Edge, EdgeIndex, EdgeView, HeapStrings, KindNames, NodeIndex, NodeKind,
    SnapshotObjectId, SourceLocation, StringIndex,
};

/// Whether an object of the embedder is attached to what it belongs to.
///
/// ```
/// use rs_profiler_core::model::heap::Detachedness;
/// assert_eq!(Detachedness::default(), Detachedness::Unknown);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detachedness {
    /// Not known, as for everything that is not the embedder's.
    #[default]
    Unknown,
    /// Attached.
    Attached,
    /// Detached: nothing but references from JavaScript keeps it.
    Detached,
}

/// Low bits of a byte of `kinds`: the type. The bits above: detachedness.
pub(super) const KIND_MASK: u8 = NodeKind::LIMIT - 1;
pub(super) const DETACHED_SHIFT: u32 = 5;

/// Nodes, edges and texts of a snapshot. Made by [`HeapGraphBuilder`](super::HeapGraphBuilder).
///
/// Node indexes must be below [`node_count`](Self::node_count); others read as empty nodes.
///
/// ```
/// use rs_profiler_core::model::heap::{HeapGraphBuilder, HeapStrings, NodeIndex};
/// let graph = HeapGraphBuilder::default().finish(HeapStrings::default(), false)?;
/// assert_eq!((graph.node_count(), graph.self_size(NodeIndex(0))), (0, 0));
/// # Ok::<(), rs_profiler_core::model::heap::GraphFault>(())
/// ```
#[derive(Debug, Clone)]
pub struct HeapGraph {
    pub(super) kinds: Column<u8>,
    pub(super) names: Column<u32>,
    pub(super) ids: Column<u32>,
    pub(super) sizes: SizeColumn,
    /// One more than there are nodes.
    pub(super) first_edge: Column<u32>,
    pub(super) edges: Column<Edge>,
    /// (edge, name), by edge, for names that do not fit in an edge.
    pub(super) wide_names: Column<[u32; 2]>,
    pub(super) locations: Locations,
    pub(super) allocations: Allocations,
    pub(super) strings: HeapStrings,
    pub(super) kind_names: KindNames,
    pub(super) root: u32,
    pub(super) extra_native_bytes: u64,
    pub(super) has_detachedness: bool,
    pub(super) has_passing_ids: bool,
}

impl HeapGraph {
    /// How many nodes there are.
    pub fn node_count(&self) -> u32 {
        self.names.len() as u32
    }

    /// How many edges there are.
    pub fn edge_count(&self) -> u32 {
        self.edges.len() as u32
    }

    /// The node that everything alive is reached from.
    pub fn root(&self) -> NodeIndex {
        NodeIndex(self.root)
    }

    /// All node indexes, in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = NodeIndex> + use<> {
        (0..self.node_count()).map(NodeIndex)
    }

    /// The type of a node.
    pub fn kind(&self, node: NodeIndex) -> NodeKind {
        NodeKind(self.kinds.get(node.at()).map_or(0, |byte| byte & KIND_MASK))
    }

    /// V8's name of a type, also of one that this crate does not know.
    pub fn kind_name(&self, kind: NodeKind) -> &str {
        self.kind_names.name(kind)
    }

    /// The number of a node's name. After [`HeapAnalysis`](crate::analyze::heap::HeapAnalysis) took the graph, names of
    /// detached native nodes begin with `Detached `.
    pub fn name_index(&self, node: NodeIndex) -> StringIndex {
        StringIndex(self.names.get(node.at()).copied().unwrap_or(u32::MAX))
    }

    /// A node's name as text.
    pub fn name(&self, node: NodeIndex) -> Cow<'_, str> {
        self.strings.text(self.name_index(node))
    }

    /// A node's name as bytes (see [`HeapStrings`]).
    pub fn name_bytes(&self, node: NodeIndex) -> &[u8] {
        self.strings.bytes(self.name_index(node))
    }

    /// V8's id of a node.
    pub fn id(&self, node: NodeIndex) -> SnapshotObjectId {
        SnapshotObjectId(self.ids.get(node.at()).copied().unwrap_or(0))
    }

    /// Bytes of the object itself. After [`HeapAnalysis`](crate::analyze::heap::HeapAnalysis) took the graph: with what
    /// it owns.
    pub fn self_size(&self, node: NodeIndex) -> u64 {
        self.sizes.get(node.at())
    }

    /// Whether the object is attached, as the file says.
    pub fn detachedness(&self, node: NodeIndex) -> Detachedness {
        match self.kinds.get(node.at()).map_or(0, |byte| byte >> DETACHED_SHIFT) {
            1 => Detachedness::Attached,
            2 => Detachedness::Detached,
            _ => Detachedness::Unknown,
        }
    }

    /// Where the function, or the constructor of the object, stands.
    pub fn location(&self, node: NodeIndex) -> Option<SourceLocation> {
        self.locations.of(node)
    }

    /// The edges of a node, in the order of the file.
    pub fn edges(&self, node: NodeIndex) -> impl Iterator<Item = EdgeView> + '_ {
        let range = self.edge_range(node.at());
        let first = range.start as u32;
        let edges = self.edges.get(range).unwrap_or_default();
        edges.iter().zip(first..).map(|(&edge, index)| self.view(edge, index))
    }

    /// One edge, `None` when there is no edge with this number.
    pub fn edge(&self, index: EdgeIndex) -> Option<EdgeView> {
        let edge = self.edges.get(index.0 as usize)?;
        Some(self.view(*edge, index.0))
    }

    /// All texts.
    pub fn strings(&self) -> &HeapStrings {
        &self.strings
    }

    /// What an edge is called: its text, or its index in digits.
    pub fn edge_name(&self, edge: &EdgeView) -> Cow<'_, str> {
        match edge.name() {
            Some(name) => self.strings.text(name),
            None => edge.name_or_index.to_string().into(),
        }
    }

    /// The calls that led to the allocation of a node, the innermost first. Empty unless the snapshot was taken while allocations
    /// were tracked with their stacks, and the node was allocated since.
    pub fn allocation_stack(&self, node: NodeIndex) -> Vec<AllocationFrame> {
        let frames = self.allocations.stack(node).into_iter();
        frames
            .map(|function| AllocationFrame {
                function: self.strings.text(function.name).into_owned(),
                url: self.strings.text(function.script_name).into_owned(),
                line: function.line,
                column: function.column,
            })
            .collect()
    }

    /// Whether the ids were given by a forked child and went with it: later snapshots may give them to other objects.
    pub fn has_passing_ids(&self) -> bool {
        self.has_passing_ids
    }

    /// Bytes off the heap that V8 counts but no node stands for (Node 24 and newer).
    pub fn extra_native_bytes(&self) -> u64 {
        self.extra_native_bytes
    }

    /// Bytes that the graph takes.
    pub fn heap_bytes(&self) -> usize {
        self.kinds.heap_bytes()
            + self.names.heap_bytes()
            + self.ids.heap_bytes()
            + self.first_edge.heap_bytes()
            + self.edges.heap_bytes()
            + self.wide_names.heap_bytes()
            + self.sizes.heap_bytes()
            + self.locations.heap_bytes()
            + self.allocations.heap_bytes()
            + self.strings.heap_bytes()
    }

    fn view(&self, edge: Edge, index: u32) -> EdgeView {
        EdgeView {
            index: EdgeIndex(index),
            kind: edge.kind(),
            name_or_index: self.full_name(edge, index),
            to: NodeIndex(edge.to),
        }
    }

    fn full_name(&self, edge: Edge, index: u32) -> u32 {
        if edge.packed_name() != Edge::WIDE_NAME {
            return edge.packed_name();
        }
        match self.wide_names.binary_search_by_key(&index, |&[edge, _]| edge) {
            Ok(at) => self.wide_names[at][1],
            Err(_) => Edge::WIDE_NAME,
        }
    }
}

/// What analysis reads in its inner loops.
impl HeapGraph {
    #[inline]
    pub(crate) fn edge_range(&self, node: usize) -> Range<usize> {
        #[cfg(test)]
        super::work::count_list();
        match self.first_edge.get(node..node + 2) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    #[inline]
    pub(crate) fn edges_of(&self, node: usize) -> &[Edge] {
        self.edges.get(self.edge_range(node)).unwrap_or_default()
    }

    pub(crate) fn all_edges(&self) -> &[Edge] {
        &self.edges
    }

    pub(crate) fn first_edges(&self) -> &[u32] {
        &self.first_edge
    }

    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    pub(crate) fn locations(&self) -> &Locations {
        &self.locations
    }

    pub(crate) fn has_detachedness(&self) -> bool {
        self.has_detachedness
    }

    /// The edge as DevTools names it when it is half of a WeakMap entry.
    pub(crate) fn weak_pair(&self, edge: Edge) -> Option<WeakPairName<'_>> {
        if !edge.is_weak_pair() {
            return None;
        }
        WeakPairName::parse(self.strings.bytes(StringIndex(edge.packed_name())))
    }

    /// Adds a text.
    pub(crate) fn add_text(&mut self, text: &[u8]) -> StringIndex {
        self.strings.push(text)
    }

    /// Gives `node` another name.
    pub(crate) fn rename(&mut self, node: NodeIndex, name: StringIndex) {
        if let Some(place) = self.names.to_mut().get_mut(node.at()) {
            *place = name.0;
        }
    }

    pub(crate) fn sizes_mut(&mut self) -> &mut SizeColumn {
        &mut self.sizes
    }
}
