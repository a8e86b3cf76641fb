//! Questions about one object: what it is, what it keeps alive, what keeps it alive and on which way.

use std::cmp::Reverse;

use super::class_names::ClassIndex;
use super::classes::is_counted;
use super::distances::{self, distances_with_last};
use super::retainers::Retainers;
use super::tree::DominatorTree;
use super::{roots, HeapAnalysis};
use crate::model::heap::{EdgeKind, EdgeView, NodeIndex, NodeKind, SnapshotObjectId, SourceLocation};

/// What is known of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Where it lies in the file.
    pub node: NodeIndex,
    /// V8's id.
    pub id: SnapshotObjectId,
    /// Its name: the constructor's for objects, the text for strings.
    pub name: String,
    /// Its type.
    pub kind: NodeKind,
    /// Its class.
    pub class: ClassIndex,
    /// Edges from the roots; see [`HeapAnalysis::distance`].
    pub distance: i32,
    /// Bytes of its own.
    pub shallow_size: u64,
    /// Bytes that would be freed with it.
    pub retained_size: u64,
    /// Whether only JavaScript still holds it.
    pub detached: bool,
    /// Where the function, or the constructor, stands.
    pub location: Option<SourceLocation>,
}

/// An edge and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retainer {
    /// The node that holds.
    pub from: NodeIndex,
    /// The edge that it holds by.
    pub edge: EdgeView,
}

impl HeapAnalysis {
    /// What is known of `node`.
    pub fn object(&self, node: NodeIndex) -> ObjectInfo {
        ObjectInfo {
            node,
            id: self.graph.id(node),
            name: self.graph.name(node).into_owned(),
            kind: self.graph.kind(node),
            class: self.class(node),
            distance: self.distance(node),
            shallow_size: self.graph.self_size(node),
            retained_size: self.retained_size(node),
            detached: self.is_detached(node),
            location: self.graph.location(node),
        }
    }

    /// The node with an id. Linear in nodes.
    pub fn node_by_id(&self, id: SnapshotObjectId) -> Option<NodeIndex> {
        let place = self.graph.ids().iter().position(|&other| other == id.0)?;
        Some(NodeIndex(place as u32))
    }

    /// The objects of a class that have bytes of their own, by retained size. Linear in nodes; with an index, in the objects.
    pub fn instances(&self, class: ClassIndex) -> Vec<NodeIndex> {
        if let Some(instances) = self.later.instances.get() {
            return instances.of(class).iter().map(|&node| NodeIndex(node)).collect();
        }
        let nodes = (0..).zip(self.classes.of_node.iter());
        let mut found: Vec<NodeIndex> = nodes
            .filter(|(_, of)| **of == class.0)
            .map(|(node, _)| NodeIndex(node))
            .filter(|&node| is_counted(&self.graph, node))
            .collect();
        found.sort_by_key(|&node| self.by_size(node));
        found
    }

    /// What lists of objects are sorted by.
    pub(super) fn by_size(&self, node: NodeIndex) -> (Reverse<u64>, NodeIndex) {
        (Reverse(self.retained_size(node)), node)
    }

    /// What a node immediately dominates, by retained size. The first call takes time linear in nodes.
    pub fn dominated(&self, node: NodeIndex) -> Vec<NodeIndex> {
        let children = self.tree().children(node.0).iter();
        let mut children: Vec<NodeIndex> = children.map(|&child| NodeIndex(child)).collect();
        children.sort_by_key(|&child| self.by_size(child));
        children
    }

    /// What holds a node: all edges to it but weak ones and those of the root, nearest to the roots first, as DevTools
    /// lists them. The first call takes time linear in nodes and edges.
    pub fn retainers(&self, node: NodeIndex) -> Vec<Retainer> {
        let mut found: Vec<Retainer> = self
            .incoming(node)
            .filter(|retainer| retainer.edge.kind != EdgeKind::Weak && retainer.from != self.graph.root())
            .collect();
        found.sort_by_key(|retainer| self.distance(retainer.from));
        found
    }

    /// The shortest way from the roots to a node, outermost first: every step an edge, the last of them to `node`. Of
    /// equally short ways, one over properties, variables and elements rather than over V8's own edges. What the stack and
    /// the handles of native code hold is gone a moment later: a way without these is taken where there is one, be it
    /// longer. Empty when nothing leads to the node, and for what the roots hold themselves.
    pub fn retaining_path(&self, node: NodeIndex) -> Vec<Retainer> {
        let path = self.path_by(node, &self.distances);
        let passing = roots::passing_roots(&self.graph);
        if !path
            .iter()
            .any(|step| passing.iter().flatten().any(|&root| root == step.from))
        {
            return path;
        }
        self.path_by(node, self.lasting(&passing))
    }

    /// Distances by which what `passing` roots hold comes last.
    pub(super) fn lasting(&self, passing: &[Vec<NodeIndex>]) -> &[i32] {
        let found = || distances_with_last(&self.graph, &self.known, passing).into();
        self.later.lasting.get_or_init(found)
    }

    /// The shortest way by given distances. They fall along the way, so it ends.
    fn path_by(&self, node: NodeIndex, distances: &[i32]) -> Vec<Retainer> {
        let distance = |node: NodeIndex| distances.get(node.at()).copied().unwrap_or(distances::NONE);
        let nearest = |node: NodeIndex| {
            let closer = self.incoming(node).filter(|retainer| {
                let is_closer = (0..distance(node)).contains(&distance(retainer.from));
                retainer.edge.kind != EdgeKind::Weak && is_closer && retainer.from != self.graph.root()
            });
            // Of equals the first in the file, in whatever order they come.
            closer.min_by_key(|retainer| {
                let is_internal = is_internal(retainer.edge.kind);
                (distance(retainer.from), is_internal, retainer.edge.index)
            })
        };
        let mut path: Vec<Retainer> = std::iter::successors(nearest(node), |step| nearest(step.from)).collect();
        path.reverse();
        path
    }

    fn incoming(&self, node: NodeIndex) -> impl Iterator<Item = Retainer> + '_ {
        let retainers = self.incoming_edges();
        retainers.of(node).filter_map(|index| {
            let edge = self.graph.edge(index)?;
            let from = retainers.source(&self.graph, index);
            Some(Retainer { from, edge })
        })
    }

    fn incoming_edges(&self) -> &Retainers {
        self.later.retainers.get_or_init(|| Retainers::new(&self.graph))
    }

    pub(super) fn tree(&self) -> &DominatorTree {
        self.later
            .tree
            .get_or_init(|| DominatorTree::new(&self.dominators, self.graph.root().0))
    }
}

fn is_internal(kind: EdgeKind) -> bool {
    !matches!(kind, EdgeKind::Property | EdgeKind::Context | EdgeKind::Element)
}
