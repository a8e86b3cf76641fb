//! A node on its way into a graph.

use super::{Detachedness, NodeKind};

/// A node as a file gives it.
///
/// ```
/// use rs_profiler_core::model::heap::*;
/// let node = NodeRecord {
///     kind: NodeKind::OBJECT, name: 1, id: 3, self_size: 16, edge_count: 0, detachedness: Detachedness::Unknown,
/// };
/// assert!(HeapGraphBuilder::default().push_node(node).is_ok());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct NodeRecord {
    /// Its type.
    pub kind: NodeKind,
    /// The number of its name.
    pub name: u32,
    /// Its id.
    pub id: u32,
    /// Bytes of the object itself.
    pub self_size: u64,
    /// How many of the edges are its own.
    pub edge_count: u32,
    /// Whether it is attached.
    pub detachedness: Detachedness,
}
