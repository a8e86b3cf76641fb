//! What the parts of a file go to: a graph, or sums.

use super::header::Header;
use crate::model::heap::{EdgeKind, GraphFault, HeapGraphBuilder, NodeKind, NodeRecord, TextSink};

/// How much has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub(super) nodes: u32,
    pub(super) edges: u32,
    /// Edges that the nodes count as theirs.
    pub(super) promised_edges: u32,
    pub(super) texts: u64,
}

/// What takes nodes, edges and texts, in this order.
pub(super) trait Target {
    /// The graph, which wants all else that a file says too. `None` for one that wants sums.
    fn graph(&mut self) -> Option<&mut HeapGraphBuilder>;

    /// Hears what the file says of itself.
    fn header(&mut self, header: &Header);

    /// The type called so, which has no constant; `None` when there are too many.
    fn unnamed_kind(&mut self, name: &str) -> Option<NodeKind>;

    /// Takes the next node.
    fn push_node(&mut self, node: NodeRecord) -> Result<(), GraphFault>;

    /// Checks what can be checked when all nodes are there.
    fn end_nodes(&mut self) -> Result<(), GraphFault>;

    /// Takes the next edge.
    fn push_edge(&mut self, kind: EdgeKind, name_or_index: u32, to: u32) -> Result<(), GraphFault>;

    /// What takes the texts.
    fn texts(&mut self) -> &mut impl TextSink;

    /// How much has come.
    fn counts(&self) -> Counts;
}
