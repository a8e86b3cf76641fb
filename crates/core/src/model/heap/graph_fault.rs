//! Why a graph cannot be made of what a file gives. Where in the file, the reader knows.

/// Why something does not fit into a graph.
///
/// ```
/// use rs_profiler_core::model::heap::GraphFault;
/// assert_eq!(GraphFault::DuplicateId(7).to_string(), "two nodes have the id 7");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GraphFault {
    /// An id came twice.
    #[error("two nodes have the id {0}")]
    DuplicateId(u32),
    /// More nodes than 32 bits can number.
    #[error("there are more than 4294967294 nodes")]
    TooManyNodes,
    /// Bytes beyond what the addresses of a process can be.
    #[error("the self sizes of the nodes add up to more than 9007199254740991 bytes")]
    AbsurdSize,
    /// More edges than 32 bits can number.
    #[error("the edge counts of the nodes add up to more than 4294967295")]
    TooManyEdges,
    /// More edges than the nodes announced.
    #[error("there are more edges than the {0} that the nodes count")]
    SurplusEdge(u64),
    /// Fewer edges than the nodes announced.
    #[error("there are {found} edges, but the nodes count {promised}")]
    MissingEdges {
        /// Edges in the file.
        found: u64,
        /// Sum of the nodes' edge counts.
        promised: u64,
    },
    /// An edge leads to a node that the file does not have.
    #[error("an edge leads to node {to}, but there are {nodes} nodes")]
    UnknownTarget {
        /// The index of the target.
        to: u32,
        /// How many nodes there are.
        nodes: u32,
    },
    /// A location is of a node that the file does not have.
    #[error("a location is of node {node}, but there are {nodes} nodes")]
    UnknownLocated {
        /// The index of the node.
        node: u32,
        /// How many nodes there are.
        nodes: u32,
    },
    /// A node has a name that the file does not have.
    #[error("node {node} has the name {name}, but there are {strings} strings")]
    UnknownNodeName {
        /// The index of the node.
        node: u32,
        /// The number of its name.
        name: u32,
        /// How many strings there are.
        strings: u64,
    },
    /// An edge has a name that the file does not have.
    #[error("edge {edge} has the name {name}, but there are {strings} strings")]
    UnknownEdgeName {
        /// The index of the edge.
        edge: u64,
        /// The number of its name.
        name: u32,
        /// How many strings there are.
        strings: u64,
    },
    /// The root is a node that the file does not have.
    #[error("the root is node {root}, but there are {nodes} nodes")]
    UnknownRoot {
        /// The index of the root.
        root: u32,
        /// How many nodes there are.
        nodes: u32,
    },
}
