//! What can be said of a snapshot without its graph: sums by type and by name, and the largest strings.

use super::{EdgeKind, SnapshotObjectId};

/// Sums over a snapshot. Sizes are V8's own: what an object owns is not moved to it as in the class table, but the sum over all
/// is the same.
///
/// ```
/// use rs_profiler_core::model::heap::HeapSummary;
/// assert_eq!(HeapSummary::default().total_size(), 0);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeapSummary {
    /// Nodes.
    pub nodes: u64,
    /// Edges.
    pub edges: u64,
    /// Bytes of all nodes.
    pub shallow_size: u64,
    /// Bytes off the heap that V8 counts but no node stands for.
    pub extra_native_bytes: u64,
    /// Nodes that the file marks as detached.
    pub detached: u64,
    /// By the type of node, the most bytes first.
    pub kinds: Vec<KindTotal>,
    /// By the type of edge, in V8's order.
    pub edge_kinds: Vec<(EdgeKind, u64)>,
    /// By name: objects by their constructor's, everything else by its type, as in the class table (`(string)`, `Function`), but
    /// plain objects are all of them `Object`. Objects without bytes do not count. The most bytes first; a thousand with
    /// the most bytes and a thousand of which there are the most.
    pub names: Vec<NameTotal>,
    /// Whether there were too many names to count each.
    pub approximate: bool,
    /// Strings on the heap of all types.
    pub strings: KindTotal,
    /// The hundred largest of them.
    pub largest_strings: Vec<LargeString>,
    /// Texts in the file: names, properties and the contents of strings, each once.
    pub texts: u64,
    /// Their bytes.
    pub text_bytes: u64,
}

/// Nodes of one type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindTotal {
    /// V8's name of it.
    pub name: String,
    /// How many there are.
    pub count: u64,
    /// Their bytes.
    pub shallow_size: u64,
}

/// Objects of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameTotal {
    /// The name.
    pub name: String,
    /// How many there are; when `missed` is not 0, at least.
    pub count: u64,
    /// Their bytes; when `missed` is not 0, at least.
    pub shallow_size: u64,
    /// So many bytes more they have at most.
    pub missed: u64,
}

/// A large string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LargeString {
    /// V8's id.
    pub id: SnapshotObjectId,
    /// Its own bytes.
    pub shallow_size: u64,
    /// How it begins: V8 writes no more than 1024 characters, of which 4096 bytes are kept at most. Concatenated strings have
    /// the text that V8 gives them.
    pub text: String,
}

impl HeapSummary {
    /// Bytes of everything: what DevTools shows as the total.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::HeapSummary;
    /// let summary = HeapSummary { shallow_size: 5, extra_native_bytes: 2, ..HeapSummary::default() };
    /// assert_eq!(summary.total_size(), 7);
    /// ```
    pub fn total_size(&self) -> u64 {
        self.shallow_size + self.extra_native_bytes
    }
}
