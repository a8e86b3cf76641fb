//! Filling a graph in the order of a file: all nodes, then all edges, then places, then the texts.

use super::edge_check::mark_weak_pairs;
use super::graph::{DETACHED_SHIFT, KIND_MASK};
use super::id_set::IdSet;
use super::limits::MOST_BYTES;
use super::locations::{Locations, LocationsBuilder};
use super::size_column::SizeColumn;
use super::{
    Allocations, Edge, EdgeKind, GraphFault, HeapGraph, HeapStrings, KindNames, NodeIndex, NodeKind, NodeRecord,
    SourceLocation,
};

/// A [`HeapGraph`] being filled.
///
/// ```
/// use rs_profiler_core::model::heap::*;
/// let mut builder = HeapGraphBuilder::default();
/// for (id, edge_count) in [(1, 1), (3, 0)] {
///     let record = NodeRecord {
///         kind: NodeKind::SYNTHETIC, name: 0, id, self_size: 0, edge_count, detachedness: Detachedness::Unknown,
///     };
///     builder.push_node(record)?;
/// }
/// builder.push_edge(EdgeKind::Element, 1, 1)?;
/// let mut strings = HeapStrings::default();
/// strings.end();
/// let graph = builder.finish(strings, false)?;
/// assert_eq!(graph.edges(graph.root()).next().map(|edge| edge.to), Some(NodeIndex(1)));
/// # Ok::<(), GraphFault>(())
/// ```
#[derive(Debug, Default)]
pub struct HeapGraphBuilder {
    kinds: Vec<u8>,
    names: Vec<u32>,
    ids: Vec<u32>,
    sizes: SizeColumn,
    first_edge: Vec<u32>,
    edge_sum: u32,
    size_sum: u64,
    edges: Vec<Edge>,
    wide_names: Vec<[u32; 2]>,
    locations: LocationsBuilder,
    allocations: Allocations,
    seen: IdSet,
    root: u32,
    extra_native_bytes: u64,
    has_detachedness: bool,
    has_passing_ids: bool,
    kind_names: KindNames,
}

impl HeapGraphBuilder {
    /// Makes room, so that columns need not move while they grow. Ask for what the length of the file allows, not for
    /// what its header promises.
    pub fn reserve_nodes(&mut self, nodes: usize) {
        self.kinds.reserve(nodes);
        self.names.reserve(nodes);
        self.ids.reserve(nodes);
        self.sizes.reserve(nodes);
        self.first_edge.reserve(nodes + 1);
    }

    /// The same for edges.
    pub fn reserve_edges(&mut self, edges: usize) {
        self.edges.reserve(edges);
    }

    /// Names a type that has no constant, and returns it; `None` when there are too many.
    pub fn unnamed_kind(&mut self, name: &str) -> Option<NodeKind> {
        self.kind_names.unnamed(name)
    }

    /// Says which node is the root. Default is the first.
    pub fn set_root(&mut self, root: u32) {
        self.root = root;
    }

    /// Sets the bytes off the heap that no node stands for. Default is 0.
    pub fn set_extra_native_bytes(&mut self, bytes: u64) {
        self.extra_native_bytes = bytes;
    }

    /// Says whether the file tells of detachedness. Default is false: then the names of nodes tell.
    pub fn set_has_detachedness(&mut self, has: bool) {
        self.has_detachedness = has;
    }

    /// Says whether ids were given by a child that is gone, so that a later snapshot of the process may give them to other
    /// objects. Default is false.
    pub fn set_has_passing_ids(&mut self, has: bool) {
        self.has_passing_ids = has;
    }

    /// Adds the next node.
    ///
    /// # Errors
    ///
    /// [`GraphFault::DuplicateId`], [`GraphFault::TooManyNodes`], [`GraphFault::TooManyEdges`].
    #[inline]
    pub fn push_node(&mut self, node: NodeRecord) -> Result<(), GraphFault> {
        if !self.seen.insert(node.id) {
            return Err(GraphFault::DuplicateId(node.id));
        }
        if self.names.len() >= u32::MAX as usize - 1 {
            return Err(GraphFault::TooManyNodes);
        }
        let edge_sum = self.edge_sum.checked_add(node.edge_count);
        let edge_sum = edge_sum.ok_or(GraphFault::TooManyEdges)?;
        self.kinds
            .push((node.kind.0 & KIND_MASK) | ((node.detachedness as u8) << DETACHED_SHIFT));
        self.names.push(node.name);
        self.ids.push(node.id);
        self.sizes.push(node.self_size);
        self.size_sum = self.size_sum.saturating_add(node.self_size);
        self.first_edge.push(self.edge_sum);
        self.edge_sum = edge_sum;
        Ok(())
    }

    /// Adds the next edge, which belongs to the first node that has not got all of its own.
    ///
    /// # Errors
    ///
    /// [`GraphFault::SurplusEdge`], [`GraphFault::UnknownTarget`].
    #[inline]
    pub fn push_edge(&mut self, kind: EdgeKind, name_or_index: u32, to: u32) -> Result<(), GraphFault> {
        if to as usize >= self.names.len() {
            return Err(self.unknown_target(to));
        }
        if self.edges.len() >= self.edge_sum as usize {
            return Err(GraphFault::SurplusEdge(u64::from(self.edge_sum)));
        }
        if name_or_index >= Edge::WIDE_NAME {
            self.wide_names.push([self.edges.len() as u32, name_or_index]);
        }
        self.edges.push(Edge::new(kind, name_or_index, to));
        Ok(())
    }

    /// Adds the place of a node.
    ///
    /// # Errors
    ///
    /// [`GraphFault::UnknownTarget`] when there is no such node.
    pub fn push_location(&mut self, node: NodeIndex, place: SourceLocation) -> Result<(), GraphFault> {
        if node.at() >= self.names.len() {
            return Err(self.unknown_target(node.0));
        }
        self.locations.push(node, place);
        Ok(())
    }

    /// Says which call, by its number in the file, allocated the node that was added last.
    #[cold]
    pub fn push_allocation(&mut self, call: u32) {
        self.allocations.push_node(self.node_count().saturating_sub(1), call);
    }

    pub(crate) fn allocations(&mut self) -> &mut Allocations {
        &mut self.allocations
    }

    #[cold]
    fn unknown_target(&self, to: u32) -> GraphFault {
        GraphFault::UnknownTarget {
            to,
            nodes: self.node_count(),
        }
    }

    /// Nodes so far.
    pub fn node_count(&self) -> u32 {
        self.names.len() as u32
    }

    /// Edges so far.
    pub fn edge_count(&self) -> u32 {
        self.edges.len() as u32
    }

    /// Edges that the nodes so far count as theirs.
    pub fn promised_edges(&self) -> u32 {
        self.edge_sum
    }

    /// Checks what can be checked when there will be no more nodes: ids too large to be checked one by one, and the sum of sizes,
    /// so that none of the sums made of them can overflow.
    ///
    /// # Errors
    ///
    /// [`GraphFault::DuplicateId`], [`GraphFault::AbsurdSize`], [`GraphFault::UnknownRoot`].
    pub fn end_nodes(&mut self) -> Result<(), GraphFault> {
        if let Some(id) = std::mem::take(&mut self.seen).finish() {
            return Err(GraphFault::DuplicateId(id));
        }
        if self.size_sum > MOST_BYTES {
            return Err(GraphFault::AbsurdSize);
        }
        let nodes = self.node_count();
        if nodes > 0 && self.root >= nodes {
            return Err(GraphFault::UnknownRoot { root: self.root, nodes });
        }
        Ok(())
    }

    /// The finished graph. With `partial`, edges and texts may be missing: nodes without edges have none, names that
    /// are not there read as `(lost)`. Linear in nodes and edges, over as many threads as there are cores.
    ///
    /// # Errors
    ///
    /// [`GraphFault::MissingEdges`], [`GraphFault::UnknownNodeName`], [`GraphFault::UnknownEdgeName`], and those of
    /// [`end_nodes`](Self::end_nodes).
    pub fn finish(mut self, mut strings: HeapStrings, partial: bool) -> Result<HeapGraph, GraphFault> {
        self.end_nodes()?;
        self.end_edges(partial)?;
        strings.shrink();
        if partial {
            // So that no text that is added later is taken for one of those that are lost.
            let count = strings.len();
            for name in self.names.iter_mut().filter(|name| **name as usize >= count) {
                *name = u32::MAX;
            }
        } else {
            self.check_node_names(&strings)?;
        }
        mark_weak_pairs(&mut self.edges, &strings, partial)?;
        let locations: Locations = self.locations.finish();
        Ok(HeapGraph {
            kinds: self.kinds.into(),
            names: self.names.into(),
            ids: self.ids.into(),
            sizes: self.sizes,
            first_edge: self.first_edge.into(),
            edges: self.edges.into(),
            wide_names: self.wide_names.into(),
            locations,
            allocations: self.allocations.finish(),
            strings,
            kind_names: self.kind_names,
            root: self.root,
            extra_native_bytes: self.extra_native_bytes,
            has_detachedness: self.has_detachedness,
            has_passing_ids: self.has_passing_ids,
        })
    }

    fn end_edges(&mut self, partial: bool) -> Result<(), GraphFault> {
        let found = self.edges.len() as u32;
        if found < self.edge_sum && !partial {
            return Err(GraphFault::MissingEdges {
                found: u64::from(found),
                promised: u64::from(self.edge_sum),
            });
        }
        self.first_edge.push(self.edge_sum);
        if found < self.edge_sum {
            for first in &mut self.first_edge {
                *first = (*first).min(found);
            }
        }
        Ok(())
    }

    fn check_node_names(&self, strings: &HeapStrings) -> Result<(), GraphFault> {
        let count = strings.len();
        match self.names.iter().zip(0..).find(|&(&name, _)| name as usize >= count) {
            None => Ok(()),
            Some((&name, node)) => Err(GraphFault::UnknownNodeName {
                node,
                name,
                strings: count as u64,
            }),
        }
    }
}
