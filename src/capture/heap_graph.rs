//! The graph of a heap snapshot, handed out as plain values.

use rs_profiler_core::analyze::Histogram;

use super::heap::SnapshotSession;
use crate::error::Result;
use crate::v8::{self, HeapGraphNode};

/// A node.
pub struct Node {
    /// Numbered as `v8::HeapGraphNode::Type`.
    pub node_type: i32,
    pub name: String,
    pub id: u32,
    /// Bytes.
    pub shallow_size: usize,
}

/// What an edge is called: its name or, for elements and hidden edges, its index.
pub enum EdgeName {
    Index(u32),
    Name(String),
}

/// An edge, from the node that was asked.
pub struct Edge {
    /// Numbered as `v8::HeapGraphEdge::Type`.
    pub edge_type: i32,
    pub name: EdgeName,
    pub to: Node,
}

impl From<HeapGraphNode<'_>> for Node {
    fn from(node: HeapGraphNode<'_>) -> Node {
        Node {
            node_type: node.node_type(),
            name: node.name(),
            id: node.id(),
            shallow_size: node.shallow_size(),
        }
    }
}

impl From<v8::EdgeName> for EdgeName {
    fn from(name: v8::EdgeName) -> EdgeName {
        match name {
            v8::EdgeName::Index(index) => EdgeName::Index(index),
            v8::EdgeName::Name(name) => EdgeName::Name(name),
        }
    }
}

impl SnapshotSession {
    pub fn nodes_count(&self) -> Result<i32> {
        self.with(|snapshot| Ok(snapshot.nodes_count()))
    }

    pub fn max_js_object_id(&self) -> Result<u32> {
        self.with(|snapshot| Ok(snapshot.max_js_object_id()))
    }

    pub fn root(&self) -> Result<Option<Node>> {
        self.with(|snapshot| Ok(snapshot.root().map(Node::from)))
    }

    /// The node at an index. `None` when it is out of range.
    pub fn node(&self, index: i32) -> Result<Option<Node>> {
        self.with(|snapshot| Ok(snapshot.node(index).map(Node::from)))
    }

    /// The node with an object id. `None` when there is none.
    pub fn node_by_id(&self, id: u32) -> Result<Option<Node>> {
        self.with(|snapshot| Ok(snapshot.node_by_id(id).map(Node::from)))
    }

    /// The edges of the node with this id, in V8's order.
    pub fn children(&self, id: u32) -> Result<Vec<Edge>> {
        self.with(|snapshot| {
            let Some(node) = snapshot.node_by_id(id) else {
                return Ok(Vec::new());
            };
            let edges = (0..node.children_count()).filter_map(|index| node.child(index));
            Ok(edges
                .map(|(edge_type, name, to)| Edge {
                    edge_type,
                    name: name.into(),
                    to: to.into(),
                })
                .collect())
        })
    }

    /// How many nodes there are, of each kind.
    pub fn histogram(&self) -> Result<Histogram> {
        self.with(|snapshot| {
            let mut histogram = Histogram::default();
            let mut name = Vec::new();
            for node in (0..snapshot.nodes_count()).filter_map(|index| snapshot.node(index)) {
                if node.node_type() == HeapGraphNode::OBJECT {
                    name.clear();
                    node.read_name(&mut name);
                    histogram.add_object(&name);
                } else {
                    histogram.add_other(node.node_type());
                }
            }
            Ok(histogram)
        })
    }
}
